import type { Command } from 'commander';
import type { DeadOptions, ShowOptions } from './dead-letters.ts';

/** `lotse dead …`: what could not be dealt with, for an operator to look at. */
export function deadCommand(command: Command): void {
  command.description('messages and replies that were set aside, because they failed again and again');
  command
    .command('list')
    .description('all of them, the newest first')
    .option('--json', 'for programs', false)
    .action(async (options: DeadOptions) => (await import('./dead-letters.ts')).list(options));
  command
    .command('show')
    .description('one of them; what a person wrote only with --reveal')
    .argument('<id>', 'as `list` names it')
    .option('--reveal', 'also what the person wrote or was told, and how to reach them', false)
    .option('--json', 'for programs', false)
    .action(async (id: string, options: ShowOptions) =>
      (await import('./dead-letters.ts')).show(id, options),
    );
  command
    .command('retry')
    .description('put them back, once what was broken is mended; Lotse takes them up at once')
    .argument('<id...>', 'as `list` names them')
    .action(async (ids: string[]) => (await import('./dead-letters.ts')).exhume(ids, 'retry'));
  command
    .command('drop')
    .description('delete them for good')
    .argument('<id...>', 'as `list` names them')
    .action(async (ids: string[]) => (await import('./dead-letters.ts')).exhume(ids, 'drop'));
}
