import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readAccounts, type ReadAccounts } from '../src/accounts.ts';
import { accountProblems, botsOf } from '../src/bots.ts';
import { readConfig, type Config } from '../src/config.ts';
import { botOf } from './engine/bot.ts';
import { temporaryFolder } from './support/lotse.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

const META = { META_APP_SECRET: 's', META_VERIFY_TOKEN: 'v' };
function config(environment: NodeJS.ProcessEnv = {}): Config {
  const read = readConfig({ ...META, ...environment });
  if (!read.ok) throw new Error(read.problems.join());
  return read.config;
}
async function read(yaml: string, environment: NodeJS.ProcessEnv = {}, settings = {}): Promise<ReadAccounts> {
  const file = join(folder.path, `${String(Math.random())}.yaml`);
  await writeFile(file, yaml);
  return readAccounts({ ...config({ ACCOUNTS: file }), ...settings }, (name) => environment[name]);
}
const problems = (result: ReadAccounts): string => (result.ok ? '' : result.problems.join('\n'));

test('without a file the plain settings make one account each', () => {
  const plain = { WHATSAPP_TOKEN: 't', WHATSAPP_PHONE_NUMBER_ID: '1', START_FLOW: 'begin' };
  expect(readAccounts(config(plain))).toEqual({
    ok: true,
    accounts: [
      {
        channel: 'whatsapp',
        id: '1',
        token: 't',
        start: 'begin',
        languages: null,
        owner: null,
        link: null,
      },
    ],
  });
  expect(readAccounts(config())).toEqual({ ok: true, accounts: [] });
});

test('a file names numbers and pages, each with its start, languages and organisation; secrets come from the environment', async () => {
  const yaml = `whatsapp:
  - {phone_number_id: "100200300", token: $AUGSBURG, number: "+4982112345", start: housing, languages: [de, ar], owner: {organization: Tür an Tür, contact: 0821 1}}
  - {phone_number_id: "100200301", token: plain}
messenger:
  - {page_id: "9001", token: "\${PAGE}", username: lotse.augsburg}
`;
  const result = await read(yaml, { AUGSBURG: 'a secret', PAGE: 'another' });
  expect(result).toEqual({
    ok: true,
    accounts: [
      {
        channel: 'whatsapp',
        id: '100200300',
        token: 'a secret',
        start: 'housing',
        languages: ['de', 'ar'],
        owner: { organization: 'Tür an Tür', contact: '0821 1' },
        link: '+4982112345',
      },
      expect.objectContaining({ id: '100200301', token: 'plain', start: 'start', languages: null }),
      expect.objectContaining({ channel: 'messenger', token: 'another', link: 'lotse.augsburg' }),
    ],
  });
});

describe('a file that cannot be used says what is wrong, where:', () => {
  test.each([
    [
      'whatsapp: [{phone_number_id: 100200300400500600700, token: t}]',
      'whatsapp.0.phone_number_id must stand between quotes',
    ],
    ['whatsapp: [{phone_number_id: "1"}]', 'whatsapp.0.token'],
    ['whatsapp: [{phone_number_id: "1", token: $NOT_SET}]', 'the variable NOT_SET is not set'],
    [
      'whatsapp: [{phone_number_id: "1", token: t}, {phone_number_id: "1", token: u}]',
      'whatsapp 1 stands twice',
    ],
    ['whatsapp: [{phone_number_id: "1", token: t, number: 0821}]', 'whatsapp.0.number must look like'],
    ['whatsapp: [{phone_number_id: "1", token: t, colour: red}]', 'Unrecognized key'],
    ['whatsapp: [', 'at line 1'],
    ['', 'it names no account'],
    ['- a', 'expected object'],
  ])('%s', async (yaml, message) => {
    expect(problems(await read(yaml))).toContain(message);
  });

  test('a file that is not there', () => {
    expect(problems(readAccounts(config({ ACCOUNTS: join(folder.path, 'none.yaml') })))).toContain('ENOENT');
  });

  test('settings that belong beside it', async () => {
    const result = await read(
      'whatsapp: [{phone_number_id: "1", token: t}]',
      {},
      {
        META_APP_SECRET: undefined,
      },
    );
    expect(problems(result)).toContain('META_APP_SECRET and META_VERIFY_TOKEN are needed');
  });

  test('plain settings beside it', async () => {
    const result = await read(
      'whatsapp: [{phone_number_id: "1", token: t}]',
      {},
      { MESSENGER_PAGE_ID: '9', MESSENGER_PAGE_TOKEN: 't' },
    );
    expect(problems(result)).toContain('leave out the MESSENGER_ settings');
  });

  test('no message holds a secret', async () => {
    const result = await read('whatsapp: [{phone_number_id: x, token: very-secret}]');
    expect(problems(result)).not.toContain('very-secret');
  });
});

describe('the bot of an account', () => {
  const bot = botOf({ start: 'steps: {a: {say: A}}', housing: 'steps: {b: {say: B}}' });
  const account = {
    channel: 'whatsapp' as const,
    id: '1',
    token: 't',
    owner: { organization: 'Own e.V.', contact: '0821 2' },
    link: null,
    start: 'housing',
    languages: ['en'],
  };

  test('begins and speaks as the account wants, and is made once', () => {
    const of = botsOf(() => bot, [account]);
    expect(of('whatsapp', '1').start.id).toBe('housing');
    expect(of('whatsapp', '1').languages.map(({ tag }) => tag)).toEqual(['en']);
    expect(of('whatsapp', '1').owner?.organization).toBe('Own e.V.');
    expect(of('whatsapp', '1')).toBe(of('whatsapp', '1'));
    expect(of('whatsapp', '2')).toBe(bot);
    expect(of('webchat', '1')).toBe(bot);
  });

  test('is made anew of changed flows', () => {
    let current = bot;
    const of = botsOf(() => current, [account]);
    const before = of('whatsapp', '1');
    current = botOf({ start: 'steps: {a: {say: A}}', housing: 'steps: {b: {say: New}}' });
    expect(of('whatsapp', '1')).not.toBe(before);
    expect(of('whatsapp', '1').start.texts.get('steps.b.say')).toBe('New');
  });

  test('that wants what there is not is told, and works with what there is', () => {
    const wrong = { ...account, start: 'nowhere', languages: ['xx'] };
    expect(accountProblems(bot, [wrong])).toEqual([
      expect.stringContaining("no usable flow 'nowhere'"),
      expect.stringContaining("'xx'"),
    ]);
    const own = botsOf(() => bot, [wrong])('whatsapp', '1');
    expect([own.start.id, own.languages.length]).toEqual(['start', bot.languages.length]);
  });
});
