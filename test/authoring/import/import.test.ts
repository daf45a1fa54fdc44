import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { importExport, type Imported, type Platform } from '../../../src/authoring/import/import.ts';
import { markdownOf } from '../../../src/authoring/import/report.ts';
import { loadProject } from '../../../src/authoring/project.ts';
import { loadFlow } from '../../../src/authoring/load.ts';
import type { Bot } from '../../../src/engine/model.ts';
import { talkIn } from '../../engine/bot.ts';
import { flow, node, rapidpro, send, split, uuid, wait, type FlowNode, type Test } from './exports.ts';
import { school } from './school.ts';
import { shelter } from './shelter.ts';

type Good = Extract<Imported, { ok: true }>;

function imported(body: unknown, platform: Platform = 'rapidpro'): Good {
  const result = importExport(platform, JSON.stringify(body), 'en');
  if (!result.ok) throw new Error(result.message);
  return result;
}

const anything = z.record(z.string(), z.unknown());
const flowSchema = z.object({ steps: z.record(z.string(), anything), answers: anything.optional() });

/** The steps of one flow, as the YAML says. */
function stepsOf(nodes: readonly FlowNode[], more: Readonly<Record<string, unknown>> = {}) {
  const result = imported(rapidpro([flow('Main', nodes, more)]));
  const yaml = result.files.get('flows/main.yaml')!.toString();
  expect(loadFlow('main.yaml', 'main', yaml).findings).toEqual([]);
  return { ...flowSchema.parse(parse(yaml)), report: result.report };
}

/** What was said of things in the report: `what: why`. */
const told = ({ report }: Pick<Good, 'report'>): string[] =>
  [...report.lost, ...report.changed].map(
    ({ what, why, content }) => `${what}: ${why} [${content.join(' | ')}]`,
  );

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotse-import-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A bot of an import's files. */
async function botOf({ files }: Good): Promise<Bot> {
  const at = await mkdtemp(join(folder, 'bot-'));
  for (const [path, content] of files) {
    await mkdir(dirname(join(at, path)), { recursive: true });
    await writeFile(join(at, path), content);
  }
  const { bot, findings } = await loadProject(join(at, 'flows'), join(at, 'locales'), 'start');
  expect(findings).toEqual([]);
  return bot!;
}

describe('an imported flow chats', () => {
  let bot: Bot;
  beforeAll(async () => {
    bot = await botOf(imported(shelter));
  });

  test('in the language it was written in, with a number, a branch and a called flow', () => {
    const talk = talkIn('en', bot);
    expect(talk.labels()).toEqual(['Yes', 'No', 'Not sure']);
    expect(talk.write('purple')).toContain('Please tap one of the answers.');
    expect(talk.write('yes')).toBe('How many people are you?');
    expect(talk.write('40')).toContain('The number must be between 1 and 20.');
    expect(talk.write('4')).toBe(
      'We have a family room for 4 people.\n\nHouse: Blue house\n\nNo smoking, please.\n\nGood night, and write to info@example.org!',
    );
  });

  test('in a language it was translated into', () => {
    const talk = talkIn('fr', bot);
    expect(talk.messages()[0]?.text).toBe('Avez-vous besoin d’un lit cette nuit ?');
    expect(talk.labels()).toEqual(['Oui', 'Non', 'Pas sûr']);
    expect(talk.write('mauve')).toContain('Touchez une des réponses.');
    expect(talk.write('oui')).toBe('Combien êtes-vous ?');
    expect(talk.write('1')).toBe('Un lit pour vous, ….\n\nNe fumez pas.\n\nBonne nuit !');
  });

  test('from its keywords', () => {
    const talk = talkIn('en', bot);
    expect(talk.write('menu')).toContain('Do you need a place to sleep tonight?');
    expect(talk.write('bed')).toContain('Do you need a place to sleep tonight?');
  });

  test('of Glific, after the question for the language, with a list in Hindi', async () => {
    const talk = talkIn('en', await botOf(imported(school, 'glific')));
    expect(talk.labels()).toEqual(['English', 'हिन्दी']);
    expect(talk.write('2')).toContain('आपको क्या चाहिए?');
    expect(talk.labels()).toEqual(['पाठ्यक्रम', 'डॉक्टर']);
    expect(talk.messages().at(-1)?.menu?.options[0]?.detail).toBe('पढ़ना सीखें');
    expect(talk.write('डॉक्टर')).toBe('डॉक्टर कमरा 4 में है।');
  });
});

describe('questions', () => {
  const [ask, answer, yes, no, more] = [uuid(), uuid(), uuid(), uuid(), uuid()];
  const question = (
    tests: readonly Test[],
    other: { name: string; to: string | null; id?: string },
    replies: readonly unknown[] = [],
    extra = {},
  ) =>
    stepsOf([
      node(ask, [send('Which?', { quick_replies: replies })], answer),
      wait(answer, 'Pick', tests, other, extra),
      node(yes, [send('Good.')]),
      node(no, [send('Bad.')]),
      node(more, [send('Else.')]),
    ]);

  test('with quick replies have options with ids made of the categories', () => {
    const { steps, answers } = question(
      [
        { category: 'Yes', args: ['yes'], to: yes },
        { category: 'Nein / نه', args: ['nein'], to: no },
      ],
      { name: 'Other', to: answer },
      ['Yes', 'Nein'],
    );
    expect(steps['pick']).toEqual({
      ask: 'Which?',
      options: { yes: { label: 'Yes', next: 'good' }, nein: { label: 'Nein', next: 'bad' } },
      answer: 'pick',
    });
    expect(answers?.['pick']).toMatchObject({ type: 'choice', keep: 'conversation' });
  });

  test('with tests but without quick replies have the categories as options, and the words are told', () => {
    const result = question([{ category: 'Yes', args: ['yes y ok'], to: yes }], {
      name: 'Other',
      to: answer,
    });
    expect(result.steps['pick']).toMatchObject({ options: { yes: { label: 'Yes', next: 'good' } } });
    expect(told(result).join()).toContain('[yes y ok]');
  });

  test('whose other answers lead elsewhere have an option for them', () => {
    const result = question([{ category: 'Yes', args: ['yes'], to: yes }], { name: 'Other', to: more });
    expect(result.steps['pick']).toMatchObject({
      options: { yes: { next: 'good' }, other: { label: 'Other', next: 'else' } },
    });
    expect(told(result).join()).toContain('any other answer led there; now an option does');
  });

  test.each([
    ['number', 'has_number', []],
    ['date', 'has_date', []],
    ['phone', 'has_phone', ['DE']],
    ['email', 'has_email', []],
    ['place', 'has_district', []],
    ['media', 'has_image', []],
    ['text', 'has_text', []],
  ])('for a %s are typed', (type, name, args) => {
    const { steps, answers } = question([{ category: 'Good', type: name, args, to: yes }], {
      name: 'Other',
      to: answer,
    });
    expect(steps['pick']).toEqual({ ask: 'Which?', answer: 'pick', next: 'good' });
    expect(answers?.['pick']).toMatchObject({ type });
  });

  test('that take everything are typed as text', () => {
    const { steps, answers } = question([], { name: 'All Responses', to: more });
    expect(steps['pick']).toEqual({ ask: 'Which?', answer: 'pick', next: 'else' });
    expect(answers?.['pick']).toMatchObject({ type: 'text' });
  });

  test('with several ranges of numbers branch on the number', () => {
    const { steps } = question(
      [
        { category: 'Few', type: 'has_number_lt', args: ['3'], to: yes },
        { category: 'Some', type: 'has_number_between', args: ['3', '5.5'], to: no },
      ],
      { name: 'Other', to: more },
    );
    expect(steps['pick']).toMatchObject({
      next: [
        { when: 'pick < 3.0', to: 'good' },
        { when: 'pick >= 3.0 && pick <= 5.5', to: 'bad' },
        { to: 'else' },
      ],
    });
  });

  test('that take words or a number offer to type after a tap', () => {
    const { steps } = question(
      [
        { category: 'None', args: ['none'], to: no },
        { category: 'Number', type: 'has_number', to: yes },
      ],
      { name: 'Other', to: answer },
      ['None'],
    );
    expect(steps['pick']).toMatchObject({
      options: { none: { next: 'bad' }, number: { label: 'Number', next: 'pick_typed' } },
    });
    expect(steps['pick_typed']).toMatchObject({ ask: 'Which?', next: 'good' });
  });

  test('with numbers 1 to n become menus in that order', () => {
    const { steps } = question(
      [
        { category: 'Second', type: 'has_number_eq', args: ['2'], to: no },
        { category: 'First', type: 'has_number_eq', args: ['1'], to: yes },
      ],
      { name: 'Other', to: ask },
    );
    expect(Object.keys(anything.parse(steps['pick']!['options']))).toEqual(['first', 'second']);
  });

  test.each([
    [300, '5 minutes', ''],
    [90, '2 minutes', 'instead of 90 s'],
    [86_400, '1 day', ''],
    [60_001, '17 hours', 'instead of 60001 s'],
  ])('that time out after %i s go on there after %s', (seconds, after, why) => {
    const late = uuid();
    const result = question(
      [{ category: 'Good', args: ['good'], to: yes }],
      { name: 'No Response', to: no, id: late },
      [],
      { wait: { type: 'msg', timeout: { seconds, category_uuid: late } } },
    );
    expect(result.steps['pick_wait']).toEqual({
      remind: { after, unanswered: true, to: 'bad' },
      next: 'pick',
    });
    expect(told(result).join()).toContain(`within ${after}`);
    expect(told(result).join()).toContain(why);
  });

  test('that time out towards nothing wait, and say so', () => {
    const result = question([], { name: 'All', to: yes }, [], {
      wait: { type: 'msg', timeout: { seconds: 90, category_uuid: 'x' } },
    });
    expect(told(result).join()).toContain('after 90 s without an answer the flow ended');
  });

  test('that wait without having asked are marked', () => {
    const result = stepsOf([wait(uuid(), 'x', [], { name: 'All', to: null })]);
    expect(result.steps['x']).toMatchObject({ ask: '…' });
    expect(told(result).join()).toContain('it waits without having asked anything');
  });
});

describe('what is no question', () => {
  const [one, two, three] = [uuid(), uuid(), uuid()];

  test('a group becomes an answer of the flow, and a split by it a branch', () => {
    const { steps, answers } = stepsOf([
      node(
        one,
        [{ uuid: uuid(), type: 'add_contact_groups', groups: [{ uuid: 'g-1', name: 'Guests' }] }],
        two,
      ),
      split(
        two,
        '@contact.groups',
        [{ category: 'Guests', type: 'has_group', args: ['g-1', 'Guests'], to: three }],
        { name: 'Other', to: null },
      ),
      node(three, [send('Hello guest')]),
    ]);
    expect(steps['group']).toEqual({ set: { group_guests: true }, next: 'by_groups' });
    expect(steps['by_groups']).toEqual({
      branch: [{ when: 'group_guests', to: 'hello_guest' }, { to: 'end' }],
    });
    expect(answers?.['group_guests']).toMatchObject({ type: 'yes_no' });
  });

  test('a split by something Lotse cannot know goes the way of the rest, and keeps the others', () => {
    const result = stepsOf([
      split(
        one,
        '@(today() - contact.created_on)',
        [{ category: 'Old', type: 'has_number_gt', args: ['9'], to: two }],
        { name: 'Other', to: three },
      ),
      node(two, [send('Old friend')]),
      node(three, [send('New here')]),
    ]);
    expect(Object.values(result.steps)[0]).toEqual({
      branch: [{ when: 'false', to: 'old_friend' }, { to: 'new_here' }],
    });
    expect(told(result).join()).toContain('nobody goes this way until you write one');
  });

  test('chance goes the first way', () => {
    const { steps } = stepsOf([
      split(one, '', [{ category: 'A', to: two }], { name: 'B', to: three }, { router: { type: 'random' } }),
      node(two, [send('Aaa')]),
      node(three, [send('Bbb')]),
    ]);
    expect(Object.values(steps)[0]).toEqual({ branch: [{ when: 'false', to: 'bbb' }, { to: 'aaa' }] });
  });

  test('a ticket becomes a handoff that knows its failure', () => {
    const { steps } = stepsOf([
      split(
        one,
        '@locals._new_ticket',
        [{ category: 'Success', type: 'has_text', to: two }],
        { name: 'Failure', to: three },
        {
          actions: [{ uuid: uuid(), type: 'open_ticket', topic: { name: 'General' }, note: 'Help' }],
        },
      ),
      node(two, [send('Soon')]),
      node(three, [send('Closed')]),
    ]);
    expect(steps['person']).toMatchObject({ handoff: expect.any(String), failed: 'closed' });
  });

  test('actions without a counterpart are told with all they hold', () => {
    const result = stepsOf([
      node(one, [
        send('Hi'),
        { uuid: 'a-1', type: 'transfer_airtime', amounts: { USD: 3 }, result_name: 'Airtime' },
        { uuid: 'a-2', type: 'fly_to_the_moon', fuel: 'all' },
      ]),
    ]);
    expect(result.report.lost).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          uuids: ['a-1'],
          what: 'action transfer_airtime',
          content: ['amounts.USD: 3', 'result_name: Airtime'],
          node: one,
          at: 'main/hi',
        }),
        expect.objectContaining({
          uuids: ['a-2'],
          why: 'Lotse does not know this action',
          content: ['fuel: all'],
        }),
      ]),
    );
  });

  test.each([
    ['Hello @results.name!', 'Hello {{name}}!'],
    ['Hello @(results.name), @results.name.value', 'Hello {{name}}, {{name}}'],
    ['@contact.first_name: @fields.alias', '…: {{name}}'],
    ['@(upper(results.name & ")"))', '…'],
    ['<%= @results.name %> {{odd}} {@results.name}', '… … { {{name}}}'],
    ['me@example.org, @@twitter, 3 @ 4, @unknown.thing', 'me@example.org, @twitter, 3 @ 4, @unknown.thing'],
    ['@(', '…'],
  ])('the text %s says %s', (text, said) => {
    const { steps } = stepsOf([
      wait(one, 'Name', [], { name: 'All', to: two }),
      node(two, [
        {
          uuid: uuid(),
          type: 'set_contact_field',
          field: { key: 'alias', name: 'Alias' },
          value: '@results.name',
        },
        send(text),
      ]),
    ]);
    expect(
      Object.values(steps)
        .flatMap((step) => Object.entries(step))
        .find(([key]) => key === 'say')?.[1],
    ).toBe(said);
  });

  test('translations with a code that is no language, and of nothing, are told word for word', () => {
    const hello = send('Hello');
    const result = stepsOf([node(one, [hello])], {
      localization: {
        klingonese: { [hello.uuid]: { text: ['nuqneH'] } },
        deu: { [hello.uuid]: { text: ['Hallo'] }, 'no-such': { text: ['Verloren'] } },
      },
    });
    expect(told(result).join()).toContain('nuqneH');
    expect(told(result).join()).toContain('Verloren');
    expect(told(result).join()).not.toContain('Hallo');
    expect(result.report.languages).toEqual(['en', 'de']);
  });
});

describe('what is no export is refused in words', () => {
  const old = { version: 11, flows: [{ action_sets: [], rule_sets: [], metadata: { name: 'Old' } }] };
  test.each([
    ['hello', 'it is no JSON'],
    ['[]', 'it holds no object'],
    ['{}', 'it holds no flows'],
    [JSON.stringify(old), 'export it again'],
    [
      JSON.stringify(rapidpro([flow('Old', [], { spec_version: '12.0' })])),
      "written in RapidPro's old format (12.0)",
    ],
    [JSON.stringify(rapidpro([flow('New', [], { spec_version: '15.0.0' })])), 'newer than what Lotse reads'],
    [JSON.stringify(rapidpro([flow('What', [], { spec_version: null })])), 'does not say its spec_version'],
    [`{"flows": ${'['.repeat(500)}${']'.repeat(500)}}`, 'nested deeper'],
  ])('%#', (text, message) => {
    const result = importExport('rapidpro', text, 'en');
    expect(result.ok ? '' : result.message).toContain(message);
  });
});

test('keywords that mean something everywhere, or open another flow, are told', () => {
  const [one, two] = [flow('One', []), flow('Two', [])];
  const keyword = (of: { uuid: string; name: string }, keywords: readonly string[]) => ({
    trigger_type: 'K',
    keywords,
    flow: of,
  });
  const result = imported(
    rapidpro([one, two], {
      triggers: [keyword(one, ['bed', 'Help', 'a, b']), keyword(two, ['BED', 'room', '!'])],
    }),
  );
  expect(result.files.get('flows/one.yaml')).toContain('entry: [ bed, a b ]');
  expect(result.files.get('flows/two.yaml')).toContain('entry: [ room ]');
  expect(told(result).join('\n')).toContain("keyword 'Help': it means something everywhere in Lotse [Help]");
  expect(told(result).join('\n')).toContain("keyword 'BED': it opens a flow already [BED]");
});

test('nodes in a circle, ways to nowhere and nodes that stand twice become flows that load', () => {
  const [one, two] = [uuid(), uuid()];
  const silent = stepsOf([node(one, [], two), node(two, [], one)]);
  expect(silent.steps).toEqual({ begin: { end: true } });
  const twice = stepsOf([node(one, [send('First')], one), node(one, [send('Second')], 'nowhere')]);
  expect(twice.steps).toEqual({ first: { say: 'First', next: 'first' }, second: { say: 'Second' } });
  expect(told(twice).join()).toContain(
    'the node it leads to is not in the flow; the flow ends there [nowhere]',
  );
});

test('the report names every flow and count in Markdown', () => {
  const { report } = imported(shelter);
  expect(report.counts).toMatchObject({
    nodes: 12,
    lost: report.lost.length,
    changed: report.changed.length,
  });
  const markdown = markdownOf(report, []);
  expect(markdown).toContain('2 flows with 12 nodes became');
  expect(markdown).toContain('The flows have no errors.');
  expect(markdown).toContain('| house-rules | House Rules');
});
