#!/usr/bin/env node
import { Argument, Command, Option } from 'commander';
import type { Platform } from './authoring/import/import.ts';
import type { ChatOptions } from './cli/chat.ts';
import type { CheckOptions } from './cli/check.ts';
import type { GraphFormat, GraphOptions } from './cli/graph.ts';
import type { MessengerSetupOptions } from './cli/messenger.ts';
import type { QrOptions } from './cli/qr.ts';
import type { ImportOptions } from './cli/import.ts';
import type { RenderPlatform } from './cli/render.ts';
import type { SchemaOptions } from './cli/schema.ts';
import { deadCommand } from './cli/dead.ts';
import { translateCommand } from './cli/translate.ts';
import type { TemplatesOptions } from './cli/templates.ts';
import type { TestOptions } from './cli/test.ts';
import type { PaperSize } from './posters/paper.ts';
import { EXIT, complain } from './cli/terminal.ts';
import { StoreUnavailable } from './store/store.ts';

// `lotse … | head` closes the pipe when it has seen enough: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.good);
  throw error;
});

// Every command is loaded when it is asked for: they need different libraries, and people wait for them.
const graphFormats: readonly GraphFormat[] = ['mermaid', 'svg', 'dot'];
const platforms: readonly Platform[] = ['rapidpro', 'glific'];
const papers: readonly PaperSize[] = ['a4', 'a5', 'a6'];
const channels: readonly RenderPlatform[] = ['whatsapp', 'messenger'];

const program = new Command('lotse')
  .description('Answers refugees on WhatsApp and Facebook Messenger, in their own language.')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? EXIT.good : EXIT.wrongUse))
  .showHelpAfterError();

program
  .command('serve')
  .description('answer on every channel that has its settings, and show the web chat at /')
  .action(async () => (await import('./cli/serve.ts')).serve());

program
  .command('backup')
  .description('copy the embedded store, also while Lotse runs')
  .argument('<folder>', 'an empty or new folder for the copy')
  .action(async (folder: string) => (await import('./cli/backup.ts')).backup(folder));

program
  .command('chat')
  .description('talk to the bot in this terminal')
  .option('--flow <id>', 'begin with this flow')
  .option('--language <tag>', 'begin in this language, e.g. ar')
  .addOption(
    new Option('--as <platform>', 'show menus as this platform would')
      .choices(['whatsapp', 'messenger', 'text'])
      .default('text'),
  )
  .option('--record <file>', 'add the conversation to this test file, e.g. flows/housing.test.yaml')
  .action(async (options: ChatOptions) => (await import('./cli/chat.ts')).chat(options));

program
  .command('check')
  .description('find what is wrong with flows and their translations')
  .argument('[path...]', 'flow files or folders of them; FLOWS if left out')
  .addOption(new Option('--json', 'for programs').default(false).conflicts('sarif'))
  .option('--sarif', 'for code hosts: SARIF 2.1.0', false)
  .option('--today <date>', 'check as if it were this day, e.g. 2026-11-23')
  .option('--strict', 'fail on warnings, too', false)
  .action(async (paths: string[], options: CheckOptions) =>
    (await import('./cli/check.ts')).check(paths, options),
  );

program
  .command('test')
  .description("play the authors' tests (*.test.yaml) in every language, on every platform")
  .argument('[path...]', 'test files, flows or folders of them; FLOWS if left out')
  .option('--language <tag>', 'only in this language')
  .addOption(
    new Option('--as <platform>', 'only as this platform').choices(['whatsapp', 'messenger', 'text']),
  )
  .option('--only <text>', 'only tests whose name contains this')
  .option('--coverage', 'count the steps and ways that were walked, and list the others', false)
  .option('--json', 'for programs', false)
  .action(async (paths: string[], options: TestOptions) =>
    (await import('./cli/test.ts')).test(paths, options),
  );

program
  .command('graph')
  .description('draw the state machine of a flow')
  .argument('<flow>', 'the id of the flow, e.g. housing')
  .option('--language <tag>', "the language of its labels, e.g. ar; the flow's own if not given")
  .addOption(
    new Option('--format <format>', 'what to write; told by the name of FILE, else mermaid').choices(
      graphFormats,
    ),
  )
  .option('--out <file>', 'where to write it; the terminal if not given')
  .action(async (flow: string, options: GraphOptions) =>
    (await import('./cli/graph.ts')).graph(flow, options),
  );

program
  .command('schema')
  .description(
    'write flow.schema.json, for editors, and docs/flow-reference.md and docs/channels.md, for people',
  )
  .option('--out <folder>', 'the folder to write them to', '.')
  .option('--check', 'write nothing; exit code 1 if one of them is stale', false)
  .action(async (options: SchemaOptions) => (await import('./cli/schema.ts')).schema(options));

translateCommand(program.command('translate'));
deadCommand(program.command('dead'));

program
  .command('qr')
  .description('links that open the bot, as codes in the terminal or on a poster')
  .argument('[flow]', 'the id of the flow; the start flow if left out')
  .option('--out <file>', 'write a poster: .pdf or .svg')
  .option('--language <tags>', 'its languages in order, e.g. ar,de; all if left out')
  .option('--number <number>', 'WhatsApp number, e.g. +4982112345; from ACCOUNTS if left out')
  .option('--page <name>', "the page's name in m.me links; from the settings if left out")
  .addOption(new Option('--size <size>', 'of the paper').choices(papers).default('a4'))
  .action(async (flow: string | undefined, options: QrOptions) =>
    (await import('./cli/qr.ts')).qr(flow, options),
  );

program
  .command('templates')
  .description('compare the templates that flows name with those that Meta approved')
  .option('--json', 'for programs', false)
  .action(async (options: TemplatesOptions) => (await import('./cli/templates.ts')).templates(options));

program
  .command('messenger')
  .description('what Messenger shows by itself')
  .command('setup')
  .description('set the first button, greeting, menu and first questions, in every language')
  .option('--check', 'only read, and say what differs', false)
  .option('--account <id>', 'only this page, by id or name')
  .option('--json', 'for programs', false)
  .action(async (options: MessengerSetupOptions) =>
    (await import('./cli/messenger.ts')).messengerSetup(options),
  );

program
  .command('explain')
  .description('what Lotse makes of webhook bodies: one a line on standard input, one line of JSON back')
  .addArgument(new Argument('<platform>', 'who sent them').choices(channels))
  .action(async (platform: RenderPlatform) => (await import('./cli/explain.ts')).explain(platform));

program
  .command('render')
  .description('print the requests that would send messages: one message a line on standard input, JSON')
  .addArgument(new Argument('<platform>', 'for whom').choices(channels))
  .action(async (platform: RenderPlatform) => (await import('./cli/render.ts')).render(platform));

program
  .command('import')
  .description('turn an export of another system into flows, translations and a report of what is missing')
  .addArgument(new Argument('<platform>', 'where the file comes from').choices(platforms))
  .argument('<file>', 'the export: JSON')
  .requiredOption('--out <dir>', 'an empty or new folder for flows/, locales/ and import-report.md')
  .option('--language <tag>', 'language of the texts where the export does not tell it', 'en')
  .option('--force', 'write into a folder that is not empty', false)
  .option('--json', 'for programs', false)
  .action(async (platform: Platform, file: string, options: ImportOptions) =>
    (await import('./cli/import.ts')).importFlows(platform, file, options),
  );

try {
  await program.parseAsync();
} catch (error) {
  // Its words say what to do.
  if (!(error instanceof StoreUnavailable)) throw error;
  complain(error.message);
  process.exit(EXIT.wrongUse);
}
