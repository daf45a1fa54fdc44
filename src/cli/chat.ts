import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Turn } from '../channels/channel.ts';
import type { Input } from '../engine/input.ts';
import { createLog } from '../log.ts';
import { LIMITS, openConsole, openStore } from '../registry.ts';
import { noBackends } from '../runtime/backends.ts';
import { createRuntime } from '../runtime/runtime.ts';
import { createSecrets } from '../runtime/secrets.ts';
import { loadBot, settings } from './project.ts';
import { openRecording } from './recording.ts';
import { EXIT, complain } from './terminal.ts';

export interface ChatOptions {
  readonly flow?: string;
  readonly language?: string;
  readonly as: keyof typeof LIMITS;
  /** The test file that the conversation is added to. */
  readonly record?: string;
}

/** `lotse chat`: a conversation in the terminal, on the same road as every other, forgotten afterwards. */
export async function chat({ flow, language, as, record }: ChatOptions): Promise<void> {
  const config = settings();
  const bot = await loadBot(config);
  const named = bot.languages.find(({ tag }) => tag === language);
  if (language !== undefined && !named)
    refuse(
      'language',
      language,
      bot.languages.map(({ tag }) => tag),
    );
  if (flow !== undefined && !bot.flows.has(flow)) refuse('flow', flow, [...bot.flows.keys()]);
  const recording =
    record === undefined ? null : await openRecording(record, bot, { language: named?.tag ?? null, as });

  const folder = await mkdtemp(join(tmpdir(), 'lotse-chat-'));
  // However it ends, also when the reader of the output goes away: what was said is forgotten.
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  const log = createLog('silent');
  const store = await openStore({ STORE: `embedded:${folder}`, STORE_REPLICAS: 0, STORE_FSYNC: 'off' }, log);
  const channel = openConsole(LIMITS[as], (text) => process.stdout.write(text));
  const runtime = createRuntime({
    bot: () => bot,
    backends: noBackends,
    channels: new Map([[channel.name, channel]]),
    secrets: createSecrets(randomUUID()),
    now: Date.now,
    log,
    store,
  });
  const receive = runtime.receive(channel);
  const hear = async (input: Input, recorded = input): Promise<void> => {
    recording?.note(recorded, Date.now());
    const origin = {
      id: randomUUID(),
      account: 'local',
      from: 'you',
      user: 'you',
      address: {},
      at: Date.now(),
    };
    const turn: Turn = { ...origin, ...input };
    await receive([turn]);
    await runtime.idle();
  };

  try {
    // A test is told the language beforehand.
    if (named) await hear({ kind: 'text', text: named.name }, { kind: 'entry', ref: '' });
    if (flow !== undefined) await hear({ kind: 'entry', ref: flow });
    else if (!named) await hear({ kind: 'entry', ref: '' });
    const lines = createInterface({ input: process.stdin });
    if (recording)
      process.once('SIGINT', () => {
        lines.close();
      });
    for await (const line of lines) if (line.trim() !== '') await hear({ kind: 'text', text: line });
  } finally {
    await recording?.save();
    await runtime.stop();
    await store.close();
  }
}

function refuse(what: string, given: string, known: readonly string[]): never {
  complain(`There is no ${what} '${given}'; there are: ${known.join(', ')}`);
  process.exit(EXIT.wrongUse);
}
