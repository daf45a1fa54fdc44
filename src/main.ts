#!/usr/bin/env node
import { Command, Option } from 'commander';
import { chat, type ChatOptions } from './cli/chat.ts';
import { check } from './cli/check.ts';
import { EXIT } from './cli/project.ts';
import { serve } from './cli/serve.ts';

const program = new Command('lotse')
  .description('Answers refugees on WhatsApp and Facebook Messenger, in their own language.')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? EXIT.good : EXIT.wrongUse))
  .showHelpAfterError();

program
  .command('serve')
  .description('answer on every channel that has its settings, and show the web chat at /')
  .action(serve);

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
  .action((options: ChatOptions) => chat(options));

program
  .command('check')
  .description('find what is wrong with the flows in FLOWS and the translations in LOCALES')
  .option('--json', 'for programs', false)
  .action((options: { json: boolean }) => check(options));

await program.parseAsync();
