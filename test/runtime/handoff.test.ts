import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { Channel, Fetched } from '../../src/channels/channel.ts';
import { createWhatsappCloud } from '../../src/channels/whatsapp-cloud/channel.ts';
import { readWhatsapp } from '../../src/channels/whatsapp-cloud/inbound.ts';
import type { Question } from '../../src/engine/effect.ts';
import { createLog } from '../../src/log.ts';
import { createRuntime, type Runtime } from '../../src/runtime/runtime.ts';
import { createSecrets } from '../../src/runtime/secrets.ts';
import { createEmbeddedStore } from '../../src/store/embedded.ts';
import type { Store } from '../../src/store/store.ts';
import { botOf } from '../engine/bot.ts';
import { temporaryFolder } from '../support/lotse.ts';
import { fromWhatsapp, text } from '../support/meta.ts';

const VOICE = Buffer.concat([Buffer.from('OggS'), Buffer.alloc(60, 7)]);
const NUMBER = '1122334455667';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: Server;
let store: Store;
let channel: Channel;
let runtime: Runtime;
let fetched: string[];
let sent: string[];
let handed: { question: Question; media: Fetched }[];

beforeEach(async () => {
  [fetched, sent, handed] = [[], [], []];
  folder = await temporaryFolder();
  server = createServer((request, response) => {
    const { method = '', url = '' } = request;
    if (method === 'GET') fetched.push(url);
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (url === '/file') response.writeHead(200, { 'content-type': 'audio/ogg' }).end(VOICE);
      else {
        if (method === 'POST') sent.push(body);
        const host = `http://${request.headers.host ?? ''}`;
        const found = { url: `${host}/file`, mime_type: 'audio/ogg; codecs=opus', file_size: VOICE.length };
        const answer = method === 'GET' ? found : { messages: [{ id: 'wamid.sent' }] };
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const at = server.address();
  if (at === null || typeof at === 'string') throw new Error('the stand-in has no port');
  const log = createLog('silent');
  channel = createWhatsappCloud({
    graphUrl: `http://127.0.0.1:${String(at.port)}`,
    version: 'v25.0',
    accounts: new Map([[NUMBER, 'token']]),
    appSecret: 's',
    verifyToken: 'v',
    mediaFolder: folder.path,
    log,
  });
  store = await createEmbeddedStore({ folder: folder.path, leaseMs: 30_000 });
  const bot = botOf({
    start: `answers: {note: {type: media, purpose: test, keep: conversation}}
steps:
  a: {ask: Tell us., answer: note, next: h}
  h: {handoff: Somebody will listen., with: [note], next: e}
  e: {end: Bye.}`,
  });
  runtime = createRuntime({
    bot: () => bot,
    backends: {
      ask: async (question, _key, asker) => {
        const values = question.kind === 'handoff' ? question.values : {};
        handed.push({ question, media: await asker.fetch(values['note']) });
        return { kind: 'done' };
      },
    },
    channels: new Map([[channel.name, channel]]),
    secrets: createSecrets('a secret of more than thirty-two characters'),
    now: Date.now,
    log,
    store,
  });
});

afterEach(async () => {
  await runtime.stop();
  await channel.close?.();
  await store.close();
  await new Promise((resolve) => server.close(resolve));
  await folder.remove();
});

const hear = async (id: string, message: Record<string, unknown>): Promise<void> => {
  await runtime.receive(channel)(readWhatsapp(fromWhatsapp('4915112345671', id, message)).events);
  await runtime.idle();
};

test('a voice note is fetched only when a person takes over, and is handed to them', async () => {
  await hear('wamid.1', text('hello'));
  expect(fetched).toEqual([]);
  await hear('wamid.2', {
    type: 'audio',
    audio: { id: '4455', mime_type: 'audio/ogg; codecs=opus', voice: true },
  });
  expect(handed).toMatchObject([
    { question: { kind: 'handoff', values: { note: 'type=voice&id=4455' } }, media: { type: 'fetched' } },
  ]);
  const [one] = handed;
  expect(one?.media.type === 'fetched' && one.media.bytes.equals(VOICE)).toBe(true);
  expect(fetched).toEqual(['/v25.0/4455', '/file']);
  expect(sent.at(-1)).toContain('Somebody will listen.');
});
