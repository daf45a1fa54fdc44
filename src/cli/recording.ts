import { readFile, rename, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { didYouMean } from '../authoring/finding.ts';
import { codeOf, reasonOf } from '../authoring/failure.ts';
import { appendTest } from '../authoring/transcript/append.ts';
import { recordTest } from '../authoring/transcript/record.ts';
import type { Input } from '../engine/input.ts';
import type { Bot } from '../engine/model.ts';
import type { LIMITS } from '../registry.ts';
import { renderings } from './renderings.ts';
import { EXIT, complain, say } from './terminal.ts';

/** A conversation that will be a test. */
export interface Recording {
  note(input: Input, atMs: number): void;
  /** Writes the test at the end of its file, where anything was said. */
  save(): Promise<void>;
}

/** What is wrong with the file is said before the conversation, not after it; ends with exit code 2. */
export async function openRecording(
  file: string,
  bot: Bot,
  { language, as }: { readonly language: string | null; readonly as: keyof typeof LIMITS },
): Promise<Recording> {
  const flow = /^(.+)\.test\.ya?ml$/.exec(basename(file))?.[1];
  if (flow === undefined || !bot.flows.has(flow))
    refuse(
      `'${file}' cannot hold tests: the file is named after its flow, e.g. ${bot.start.id}.test.yaml${didYouMean(flow ?? file, bot.flows.keys())}`,
    );
  const before = await readOptional(file);
  const trial = appendTest(file, flow, before, '- test: x\n  say: x\n  expect: {ended: false}\n');
  if (!trial.ok) refuse(trial.message);
  const rendering = renderings.find(({ name }) => name === as);
  if (!rendering) throw new Error(`no rendering for '${as}'`);

  const inputs: { input: Input; atMs: number }[] = [];
  return {
    note(input, atMs) {
      inputs.push({ input, atMs });
    },
    async save() {
      if (inputs.length === 0) return;
      const name = `recorded ${new Date(inputs[0]?.atMs ?? 0).toISOString().slice(0, 19).replace('T', ' ')}`;
      const talked = { ...rendering, channel: 'console' };
      const { yaml, passes } = recordTest(
        bot,
        { name, flow, language, inputs, rendering: talked },
        renderings,
      );
      const after = appendTest(file, flow, await readOptional(file), yaml);
      if (!after.ok) {
        complain(`${after.message}. This is the test:\n\n${yaml}`);
        return;
      }
      // The old file stays whole until the new one is.
      await writeFile(`${file}.new`, after.text);
      await rename(`${file}.new`, file);
      say(`Written to ${file}: «${name}». Give it a name that says what it shows.`);
      if (!passes) complain('It does not pass yet: run lotse test to see where.');
    },
  };
}

async function readOptional(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = codeOf(error);
    if (code === null) throw error;
    if (code !== 'ENOENT') refuse(`${file} cannot be read: ${reasonOf(error)}`);
    return '';
  }
}

function refuse(why: string): never {
  complain(why);
  process.exit(EXIT.wrongUse);
}
