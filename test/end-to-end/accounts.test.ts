import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startGraphStandIn, type GraphStandIn } from '../support/graph-stand-in.js';
import { eventually, startLotse, temporaryFolder, type Lotse } from '../support/lotse.ts';
import { metaSettings, post, shown, text } from '../support/meta.ts';

const NUMBERS = ['1000000000001', '1000000000002'] as const;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let graph: GraphStandIn;
let lotse: Lotse;

beforeAll(async () => {
  [folder, graph] = await Promise.all([temporaryFolder(), startGraphStandIn()]);
  const file = join(folder.path, 'accounts.yaml');
  await writeFile(
    file,
    `whatsapp:
  - {phone_number_id: "${NUMBERS[0]}", token: $FIRST}
  - {phone_number_id: "${NUMBERS[1]}", token: second, start: housing, languages: [ar]}
messenger:
  - {page_id: "2000000000001", token: page}
`,
  );
  const meta = Object.entries(metaSettings(graph.url)).filter(
    ([name]) => !/^(WHATSAPP|MESSENGER)_/.test(name),
  );
  lotse = await startLotse({
    ...Object.fromEntries(meta),
    STORE: `embedded:${join(folder.path, 'data')}`,
    ACCOUNTS: file,
    FIRST: 'first',
  });
});

afterAll(async () => {
  await lotse.stop();
  await graph.stop();
  await folder.remove();
});

const body = (number: string, id: string, words: string): unknown => ({
  object: 'whatsapp_business_account',
  entry: [
    {
      id: '1',
      changes: [
        {
          field: 'messages',
          value: {
            metadata: { phone_number_id: number },
            contacts: [{ wa_id: '4915112345671' }],
            messages: [
              { from: '4915112345671', id, timestamp: String(Math.floor(Date.now() / 1000)), ...text(words) },
            ],
          },
        },
      ],
    },
  ],
});

test('one person writes to two numbers: each answers from itself, in its own conversation', async () => {
  for (const [index, number] of NUMBERS.entries())
    expect(await post(lotse.url, '/webhooks/whatsapp', body(number, `wamid.${String(index)}`, 'hello'))).toBe(
      200,
    );
  const sent = await eventually(
    () => graph.sent(),
    (all) => all.length === 2,
  );
  const byNumber = new Map(sent.map((one) => [one.path.split('/')[2], one]));
  const [first, second] = NUMBERS.map((number) => byNumber.get(number)!);
  expect([first!.authorization, second!.authorization]).toEqual(['Bearer first', 'Bearer second']);
  expect(shown(first!).words).toMatch(/Deutsch|language/);
  // The other one speaks Arabic only, and begins with housing.
  expect(shown(second!).options.every(({ id }) => id.startsWith('housing/'))).toBe(true);
  expect(shown(second!).words).toMatch(/\p{Script=Arabic}/u);
});

test('what is for a number of somebody else is accepted, and nobody is answered', async () => {
  await graph.reset();
  expect(await post(lotse.url, '/webhooks/whatsapp', body('999', 'wamid.foreign', 'hello'))).toBe(200);
  expect(await post(lotse.url, '/webhooks/whatsapp', body(NUMBERS[0], 'wamid.own', 'deutsch'))).toBe(200);
  const sent = await eventually(
    () => graph.sent(),
    (all) => all.length > 0,
  );
  expect(sent.map(({ path }) => path.split('/')[2])).toEqual([NUMBERS[0]]);
});
