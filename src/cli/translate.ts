import { Option, type Command } from 'commander';
import type { StatusOptions, SyncOptions } from './translate-files.ts';
import type { ExportOptions, ImportOptions } from './translate-spreadsheet.ts';

/** `lotse translate …`: what translators' files need, and how far they are. */
export function translateCommand(command: Command): void {
  command.description(
    'keep translations up to date, see how far they are, and exchange them as spreadsheets',
  );
  command
    .command('sync')
    .description(
      'bring the PO files in LOCALES to the texts of the flows as they stand; loses no translation',
    )
    .option('--language <tag...>', 'only these languages; a new one gets its files, e.g. fr')
    .option('--check', 'write nothing; exit code 1 if a file is not in sync', false)
    .option('--json', 'for programs', false)
    .action(async (options: SyncOptions) => (await import('./translate-files.ts')).sync(options));
  command
    .command('status')
    .description('how far every flow is translated into every language')
    .option('--language <tag...>', 'only these languages')
    .option('--json', 'for programs', false)
    .action(async (options: StatusOptions) => (await import('./translate-files.ts')).status(options));
  command
    .command('export')
    .description('write texts and translations as a spreadsheet')
    .argument('<file>', 'a name that ends with .xlsx (a sheet a language) or .csv')
    .option('--language <tag...>', 'only these languages')
    .addOption(
      new Option('--only <state>', 'only texts in this state').choices(['missing', 'fuzzy', 'machine']),
    )
    .action(async (file: string, options: ExportOptions) =>
      (await import('./translate-spreadsheet.ts')).exportTranslations(file, options),
    );
  command
    .command('import')
    .description('bring what people changed in an exported spreadsheet into the PO files')
    .argument('<file>', 'the .xlsx or .csv file')
    .option('--reviewed-by <name>', 'mark the rows of the file as reviewed by this person')
    .option('--today <date>', 'the date of the review, e.g. 2026-11-23; today if left out')
    .option('--json', 'for programs', false)
    .action(async (file: string, options: ImportOptions) =>
      (await import('./translate-spreadsheet.ts')).importTranslations(file, options),
    );
}
