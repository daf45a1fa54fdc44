import { createServer, type Server } from 'node:http';
import { env } from 'node:process';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { messengerSetup, type MessengerSetupOptions } from '../../src/cli/messenger.ts';

let server: Server;
let shown: Record<string, unknown>;
let calls: string[];
let status: number;
let before: NodeJS.ProcessEnv;

/** A stand-in for graph.facebook.com that shows what it was told to. */
beforeEach(async () => {
  [shown, calls, status, before] = [{}, [], 200, { ...env }];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      calls.push(`${request.method ?? ''} ${request.headers.authorization ?? ''}`);
      const posted = request.method === 'POST';
      if (posted) Object.assign(shown, JSON.parse(Buffer.concat(chunks).toString()));
      const good = posted ? { result: 'success' } : { data: [shown] };
      const bad = { error: { message: 'Invalid OAuth access token', code: 190 } };
      response.writeHead(status).end(JSON.stringify(status === 200 ? good : bad));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  Object.assign(env, {
    GRAPH_URL: `http://127.0.0.1:${String(port)}`,
    MESSENGER_PAGE_TOKEN: 'page-token',
    MESSENGER_PAGE_ID: '77',
    META_APP_SECRET: 's',
    META_VERIFY_TOKEN: 'v',
  });
});

afterEach(async () => {
  jest.restoreAllMocks();
  for (const name of Object.keys(env)) if (!(name in before)) Reflect.deleteProperty(env, name);
  process.exitCode = undefined;
  await new Promise((resolve) => server.close(resolve));
});

async function run(
  options: Partial<MessengerSetupOptions> = {},
): Promise<{ out: string; err: string; exit: unknown }> {
  const [out, err] = [process.stdout, process.stderr].map((stream) => {
    const written: string[] = [];
    jest.spyOn(stream, 'write').mockImplementation((chunk) => written.push(String(chunk)) > 0);
    return written;
  });
  await messengerSetup({ check: false, json: false, ...options });
  jest.restoreAllMocks();
  const exit = process.exitCode;
  process.exitCode = undefined;
  return { out: out!.join(''), err: err!.join(''), exit };
}

test('check finds what is missing, setting mends it in one call, and then check is content', async () => {
  const first = await run({ check: true });
  expect([first.exit, first.out]).toEqual([1, expect.stringContaining('  persistent_menu: missing\n')]);
  expect(shown).toEqual({});
  expect(await run()).toEqual({
    out: '77: button, greeting, menu and first questions are set\n',
    err: '',
    exit: 0,
  });
  expect(await run({ check: true, account: '77' })).toEqual({
    out: '77: everything is as it should be\n',
    err: '',
    exit: 0,
  });
  expect(calls).toEqual(['GET', 'POST', 'GET'].map((method) => `${method} Bearer page-token`));
});

test('for programs', async () => {
  const { out, exit } = await run({ check: true, json: true });
  expect(exit).toBe(1);
  expect(JSON.parse(out)).toEqual([
    { page: '77', state: 'differs', differences: expect.arrayContaining(['greeting: missing']), left: [] },
  ]);
});

test('a refusal of Meta is told, without the token', async () => {
  status = 400;
  for (const check of [true, false]) {
    const { out, err, exit } = await run({ check });
    expect([out, exit]).toEqual(['', 1]);
    expect(err).toContain('77: Meta refused: Invalid OAuth access token (code 190)');
    expect(err).not.toContain('page-token');
  }
});

test('without a page of ours nothing is asked', async () => {
  const other = await run({ account: '78' });
  expect([other.exit, other.err]).toEqual([2, '--account 78 is no page of ours; there are: 77\n']);
  Reflect.deleteProperty(env, 'MESSENGER_PAGE_TOKEN');
  Reflect.deleteProperty(env, 'MESSENGER_PAGE_ID');
  const none = await run();
  expect([none.exit, none.err]).toEqual([2, expect.stringContaining('set MESSENGER_PAGE_TOKEN')]);
  expect(calls).toEqual([]);
});
