import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { compareTemplates, templateUses } from '../../src/cli/templates.ts';

let url = '';
let tokens: (string | undefined)[] = [];
/** Number 1 belongs to business account 10, which has one template; number 2 to one that tells nothing. */
const server = createServer((request, response) => {
  tokens.push(request.headers.authorization);
  const path = (request.url ?? '').replace(/\?.*/u, '');
  const entity = (id: string): unknown => ({ health_status: { entities: [{ entity_type: 'WABA', id }] } });
  const bodies: Readonly<Record<string, unknown>> = {
    '/v25.0/1': entity('10'),
    '/v25.0/2': entity('20'),
    '/v25.0/10/message_templates': {
      data: [
        {
          name: 'follow_up',
          language: 'de',
          status: 'APPROVED',
          components: [{ type: 'BODY', text: 'Hallo {{1}}' }],
        },
      ],
    },
  };
  const body = bodies[path];
  response.writeHead(body === undefined ? 403 : 200);
  response.end(JSON.stringify(body ?? { error: { code: 200 } }));
});

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  url = `http://127.0.0.1:${String(typeof address === 'object' && address ? address.port : 0)}`;
});
afterAll(async () => {
  await new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
});

const account = (
  id: string,
  languages: readonly string[] | null,
): { id: string; token: string; languages: readonly string[] | null } => ({ id, token: `T${id}`, languages });

test('steps that name a template are found, wherever they are', () => {
  const step = (
    template: { name: string; parameters: number } | null,
  ): { later: { template: typeof template } } => ({
    later: { template },
  });
  const flows = new Map([
    [
      'a',
      {
        steps: new Map([
          ['one', step({ name: 'follow_up', parameters: 0 })],
          ['two', step(null)],
        ]),
      },
    ],
    ['b', { steps: new Map([['three', step({ name: 'follow_up', parameters: 2 })]]) }],
  ]);
  expect(templateUses(flows)).toEqual([
    { flow: 'a', step: 'one', name: 'follow_up', parameters: 0 },
    { flow: 'b', step: 'three', name: 'follow_up', parameters: 2 },
  ]);
  const none = new Map([['x', { later: null }]]);
  expect(templateUses(new Map([['c', { steps: none }]]))).toEqual([]);
});

test('every number is compared by its own token, languages and business account', async () => {
  const languages = ['de', 'ar'].map((tag) => ({ tag, name: tag, names: [] }));
  const uses = [{ flow: 'a', step: 'one', name: 'follow_up', parameters: 1 }];
  tokens = [];
  const results = await compareTemplates(
    { languages },
    uses,
    [account('1', null), account('1', ['de']), account('2', null), account('3', null)],
    { GRAPH_URL: url, GRAPH_VERSION: 'v25.0' },
  );
  expect(results).toEqual([
    {
      account: '1',
      business: '10',
      problems: [
        expect.objectContaining({ code: 'language-missing', languages: ['ar'], flow: 'a', step: 'one' }),
      ],
      failure: null,
    },
    { account: '1', business: '10', problems: [], failure: null },
    { account: '2', business: '20', problems: [], failure: expect.stringContaining('HTTP 403, code 200') },
    { account: '3', business: null, problems: [], failure: expect.stringContaining('HTTP 403, code 200') },
  ]);
  expect(tokens).toEqual(['T1', 'T1', 'T1', 'T1', 'T2', 'T2', 'T3'].map((token) => `Bearer ${token}`));
});
