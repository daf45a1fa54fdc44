import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { env, execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { createSecrets } from '../../src/runtime/secrets.ts';
import { createVault } from '../../src/runtime/vault.ts';
import { createEmbeddedStore } from '../../src/store/embedded.ts';
import { startGraphStandIn, type GraphStandIn } from '../support/graph-stand-in.js';
import { eventually, startLotse, temporaryFolder } from '../support/lotse.ts';
import { metaSettings, shown } from '../support/meta.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const SECRET = 'a secret of more than thirty-two characters';
const PHONE = '4915112345678';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let graph: GraphStandIn;
let id: string;

/** A message that was set aside, and one that nobody can read. */
beforeEach(async () => {
  folder = await temporaryFolder();
  graph = await startGraphStandIn();
  const secrets = createSecrets(SECRET);
  const conversation = secrets.conversation('whatsapp', metaSettings('')['WHATSAPP_PHONE_NUMBER_ID']!, PHONE);
  const message = createVault(secrets).inbounds.seal(conversation, {
    channel: 'whatsapp',
    account: metaSettings('')['WHATSAPP_PHONE_NUMBER_ID']!,
    address: { phone: `+${PHONE}` },
    id: 'wamid.1',
    at: Date.now(),
    input: { kind: 'text', text: 'english' },
  });
  const store = await createEmbeddedStore({ folder: folder.path, leaseMs: 30_000 });
  const eventId = Buffer.alloc(8, 1);
  const accepted = await store.accept({ conversation, id: eventId, payload: message });
  if (accepted.type !== 'leased') throw new Error('nobody else has the conversation');
  const aside = [
    { kind: 'message', id: eventId, payload: message } as const,
    { kind: 'session', id: eventId, payload: Buffer.from('rubbish') } as const,
  ];
  await store.commit(accepted.work.lease, {
    session: Buffer.from('rubbish'),
    keepMs: 1,
    consumed: 1,
    outbox: [],
    alarmAtMs: null,
    aside,
  });
  await store.close();
  id = `${conversation}.${eventId.toString('base64url')}`;
});
afterEach(async () => {
  await graph.stop();
  await folder.remove();
});

const settings = (): Record<string, string> => ({
  ...metaSettings(graph.url),
  STORE: `embedded:${folder.path}`,
  LOTSE_SECRET: SECRET,
});

function lotse(...parts: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(execPath, [MAIN, 'dead', ...parts], {
    env: { PATH: env['PATH'], ...settings() },
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
}

test('an operator sees what was set aside, without what was written unless asked for', () => {
  const { code, out } = lotse('list');
  expect(code).toBe(0);
  expect(out).toContain(`message  whatsapp  ${id}`);
  expect(out).toContain('session  unreadable');
  const shown = lotse('show', id);
  expect(shown.out).toContain('"kind": "message"');
  expect(shown.out).not.toMatch(/english|4915112345678/u);
  expect(lotse('show', id, '--reveal').out).toMatch(/english[^]*|4915112345678/u);
  expect(JSON.parse(lotse('list', '--json').out)).toHaveLength(2);
});

test('what is tried again while Lotse serves is answered by it', async () => {
  const server = await startLotse(settings());
  try {
    expect(lotse('retry', id)).toMatchObject({ code: 0, out: `${id}: is tried again\n` });
    const texts = await eventually(
      async () => (await graph.sent()).map((one) => shown(one).words),
      (all) => all.length > 0,
    );
    expect(texts[0]).toContain('What do you need?');
    expect(lotse('list').out).not.toContain(id);
  } finally {
    await server.stop();
  }
});

test('what is dropped is gone, and what is not there is said to be so', () => {
  expect(lotse('drop', id).code).toBe(0);
  const again = lotse('drop', id);
  expect([again.code, again.err]).toEqual([1, expect.stringContaining('no such letter')]);
  expect(lotse('retry', `${id.slice(0, 22)}.session`).err).toContain('cannot be tried again');
  expect(lotse('show', 'nonsense').code).toBe(1);
});

test('a store that cannot be opened is told in one sentence, not as a mistake of Lotse', () => {
  for (const command of [['dead', 'list'], ['serve']]) {
    const { status, stderr } = spawnSync(execPath, [MAIN, ...command], {
      env: { PATH: env['PATH'], ...settings(), STORE: `embedded:${MAIN}/data` },
      encoding: 'utf8',
    });
    expect(stderr).toMatch(/^The data folder '.*' cannot be written \(ENOTDIR\): give .*\n$/);
    expect(status).toBe(2);
  }
});
