import { createServer, type RequestListener } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createGraphClient, type GraphClient } from '../../src/channels/graph/client.ts';
import { templateProblems } from '../../src/channels/whatsapp-cloud/template-problems.ts';
import {
  businessAccountOf,
  readTemplates,
  type KnownTemplate,
} from '../../src/channels/whatsapp-cloud/templates.ts';

let stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops) await stop();
  stops = [];
});

/** A client of a server that gives these bodies, one after the other; `heard`: the paths it was asked for. */
async function asking(...bodies: unknown[]): Promise<{ client: GraphClient; heard: string[] }> {
  const heard: string[] = [];
  const answer: RequestListener = (request, response) => {
    heard.push(request.url ?? '');
    const body: unknown = bodies.shift();
    if (body === undefined) request.socket.destroy();
    else {
      const status = typeof body === 'object' && body && 'error' in body ? 400 : 200;
      response.writeHead(status).end(JSON.stringify(body));
    }
  };
  const server = createServer(answer);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const graphUrl = `http://127.0.0.1:${String(port)}`;
  const client = createGraphClient({ graphUrl, version: 'v25.0', token: 'T' });
  stops.push(async () => {
    await client.close();
    await new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
    });
  });
  return { client, heard };
}

describe('the business account of a number', () => {
  const health = (...entities: unknown[]): unknown => ({ health_status: { entities }, id: '1' });

  test('is read from its health status', async () => {
    const { client, heard } = await asking(
      health({ entity_type: 'PHONE_NUMBER', id: '1' }, 'x', { entity_type: 'WABA', id: '22' }),
    );
    expect(await businessAccountOf(client, '1')).toEqual({ ok: true, value: '22' });
    expect(heard).toEqual(['/v25.0/1?fields=health_status']);
  });

  test.each<[string, unknown, RegExp]>([
    ['no WABA', health({ entity_type: 'APP', id: '3' }), /does not tell which/],
    ['an id that is none', health({ entity_type: 'WABA', id: '../me' }), /does not tell which/],
    ['an error', { error: { code: 200, message: 'geheim' } }, /HTTP 400, code 200\).*whatsapp_business_man/],
    ['no answer', undefined, /cannot be reached/],
    ['another answer', { id: '1' }, /HTTP 200/],
  ])('%s is told, with what to do', async (_, body, reason) => {
    const { client } = await asking(...(body === undefined ? [] : [body]));
    const read = await businessAccountOf(client, '1');
    expect(read).toEqual({ ok: false, reason: expect.stringMatching(reason) });
    expect(JSON.stringify(read)).not.toContain('geheim');
  });
});

const raw = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  name: 'follow_up',
  language: 'de',
  status: 'APPROVED',
  category: 'UTILITY',
  components: [{ type: 'BODY', text: 'Hallo {{1}}, am {{2}}. Nicht vergessen: {{1}}.' }],
  ...more,
});
const known = (more: Partial<KnownTemplate> = {}): KnownTemplate => ({
  name: 'follow_up',
  language: 'de',
  status: 'APPROVED',
  parameters: 2,
  unfilled: [],
  ...more,
});

describe('reading templates', () => {
  test('page after page, by cursor and never by the address that is offered', async () => {
    const paging = (after: string): unknown => ({
      cursors: { before: 'a', after },
      next: 'http://169.254.169.254/next',
    });
    const { client, heard } = await asking(
      { data: [raw()], paging: paging('b&c') },
      { data: [raw({ language: 'ar' })], paging: paging('d') },
      { data: [raw({ language: 'fa' })], paging: { cursors: { before: 'd', after: 'e' } } },
    );
    expect(await readTemplates(client, '22')).toEqual({
      ok: true,
      value: [known(), known({ language: 'ar' }), known({ language: 'fa' })],
    });
    const fields = 'fields=name,language,status,category,parameter_format,components&limit=100';
    expect(heard).toEqual([
      `/v25.0/22/message_templates?${fields}`,
      `/v25.0/22/message_templates?${fields}&after=b%26c`,
      `/v25.0/22/message_templates?${fields}&after=d`,
    ]);
  });

  test('a cursor that stands still ends it', async () => {
    const page = { data: [raw()], paging: { cursors: { after: 'b' }, next: 'x' } };
    const { client, heard } = await asking(page, page);
    expect(await readTemplates(client, '22')).toEqual({ ok: true, value: [known(), known()] });
    expect(heard).toHaveLength(2);
  });

  test('a page that fails fails it all: half of them would look like missing ones', async () => {
    const { client } = await asking(
      { data: [raw()], paging: { cursors: { after: 'b' }, next: 'x' } },
      { error: { code: 190 } },
    );
    expect(await readTemplates(client, '22')).toEqual({
      ok: false,
      reason: expect.stringContaining('code 190'),
    });
  });

  const components = (...list: unknown[]): Record<string, unknown> => ({ components: list });
  test.each<[string, Record<string, unknown>, Partial<KnownTemplate>]>([
    ['none wanted', components({ type: 'BODY', text: 'Hallo' }), { parameters: 0 }],
    ['no body', {}, { parameters: 2 }],
    ['broken components', components(1, null, { type: 7 }), { parameters: 0 }],
    ['components that are none', { components: 'x' }, { parameters: 0 }],
    [
      'names',
      { parameter_format: 'NAMED', ...components({ type: 'BODY', text: '{{name}} {{ day }}' }) },
      { unfilled: ['names'] },
    ],
    [
      'a plain header',
      components({ type: 'HEADER', format: 'TEXT', text: 'Hallo' }, { type: 'BODY', text: '{{1}}{{2}}' }),
      {},
    ],
    [
      'a header with a value',
      components({ type: 'header', format: 'text', text: '{{1}}' }),
      { parameters: 0, unfilled: ['header'] },
    ],
    ['a picture', components({ type: 'HEADER', format: 'IMAGE' }), { parameters: 0, unfilled: ['header'] }],
    [
      'plain buttons',
      components({
        type: 'BUTTONS',
        buttons: [{ type: 'QUICK_REPLY' }, { type: 'URL', url: 'https://a.org' }],
      }),
      { parameters: 0 },
    ],
    [
      'a button with a value',
      components({ type: 'BUTTONS', buttons: [{ type: 'URL', url: 'https://a.org/{{1}}' }] }),
      { parameters: 0, unfilled: ['buttons'] },
    ],
    [
      'a button to copy a code',
      components({ type: 'BUTTONS', buttons: [{ type: 'COPY_CODE' }] }),
      { parameters: 0, unfilled: ['buttons'] },
    ],
  ])('%s', async (_, more, expected) => {
    const { client } = await asking({ data: [raw(more), { name: 1 }, null] });
    expect(await readTemplates(client, '22')).toEqual({ ok: true, value: [known(expected)] });
  });
});

describe('what Meta would refuse', () => {
  const use = { flow: 'housing', step: 'later', name: 'follow_up', parameters: 2 };
  const problems = (templates: readonly KnownTemplate[], languages = ['de', 'ar']): unknown =>
    templateProblems([use], templates, languages).map(({ code, languages: concerned }) => [code, concerned]);

  test('nothing, where it is approved in all languages with as many values', () => {
    expect(
      problems([known(), known({ language: 'ar' }), known({ language: 'ru', status: 'REJECTED' })]),
    ).toEqual([]);
    expect(problems([])).toEqual([['missing', []]]);
  });

  test.each<[string, readonly KnownTemplate[], unknown[]]>([
    ['another name', [known({ name: 'other' })], [['missing', []]]],
    ['one language', [known()], [['language-missing', ['ar']]]],
    ['another form of it', [known(), known({ language: 'ar_EG' })], [['language-missing', ['ar']]]],
    [
      'not approved',
      [known({ status: 'PAUSED' }), known({ language: 'ar', status: 'PENDING' })],
      [['not-approved', ['de', 'ar']]],
    ],
    [
      'too few values',
      [known({ parameters: 3 }), known({ language: 'ar' })],
      [['parameters-differ', ['de']]],
    ],
    ['too many values', [known(), known({ language: 'ar', parameters: 0 })], [['parameters-differ', ['ar']]]],
    [
      'what is not filled in',
      [known({ unfilled: ['header', 'names'] }), known({ language: 'ar', unfilled: ['header'] })],
      [['cannot-be-filled', ['de', 'ar']]],
    ],
    [
      'all at once',
      [known({ status: 'REJECTED', parameters: 1 })],
      [
        ['language-missing', ['ar']],
        ['not-approved', ['de']],
        ['parameters-differ', ['de']],
      ],
    ],
  ])('%s', (_, templates, expected) => {
    expect(problems(templates)).toEqual(expected);
  });

  test('languages are asked for by the codes that are sent', () => {
    expect(
      problems([known({ language: 'pt_BR' }), known({ language: 'prs_AF' })], ['pt-BR', 'fa-AF']),
    ).toEqual([]);
  });

  test('every message says what, where and how to mend it', () => {
    const said = [
      ...templateProblems([use], [], ['de']),
      ...templateProblems(
        [use],
        [known({ status: 'PAUSED', parameters: 1, unfilled: ['buttons'] })],
        ['de', 'ar'],
      ),
    ].map(({ message }) => message);
    expect(said).toEqual([
      "flow housing, step later: template 'follow_up' does not exist; add it in Meta's WhatsApp Manager, or correct the name",
      "flow housing, step later: template 'follow_up' is not there in ar (it is in de); add it in Meta's WhatsApp Manager",
      "flow housing, step later: template 'follow_up' is not approved by Meta (de: PAUSED)",
      "flow housing, step later: template 'follow_up' gets 2 values, but its text wants another number (de: 1); name as many answers under with:",
      "flow housing, step later: template 'follow_up' has a button with a value, which Lotse does not fill in (de); use {{1}}, {{2}} … in its body only",
    ]);
  });
});
