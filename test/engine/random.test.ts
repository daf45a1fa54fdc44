import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Advanced } from '../../src/engine/advance.ts';
import type { Answered, Input } from '../../src/engine/input.ts';
import type { Session } from '../../src/engine/session.ts';
import { DAY, NOW, botOf, messagesOf, step } from './bot.ts';
import { TOWN_TEXTS, town } from './town.ts';

const STEPS = ['a', 'b', 'c', 'd', 'e'] as const;
const FLOWS = ['start', 'one', 'two'] as const;
const ANSWERS = ['t', 'i', 'n', 'y', 'd', 'p', 'm', 'o'] as const;

const stepName = fc.constantFrom(...STEPS);
const flowName = fc.constantFrom(...FLOWS);
const text = fc.constantFrom(
  'Hello',
  '  {{t}} and {{i}}',
  'مرحبا',
  'x'.repeat(600),
  '{{n}} {{y}} {{d}} {{p}} {{m}} {{o}}',
  '$t(a) $&',
);
const condition = fc.constantFrom(
  'i > 4',
  'n < 2.5',
  'y',
  '!y',
  't == "x"',
  'language == "ar"',
  'language_known',
  'channel == "x"',
  'd > "2026-01-01"',
  'i / 0 == 1',
  'p.latitude > 1.0',
);

const jump = fc.oneof(
  { weight: 4, arbitrary: stepName.map((to) => ({ to })) },
  { weight: 1, arbitrary: fc.record({ call: flowName, then: stepName }) },
  { weight: 1, arbitrary: flowName.map((call) => ({ call })) },
  { weight: 1, arbitrary: fc.tuple(flowName, stepName).map(([flow, name]) => ({ go: `${flow}/${name}` })) },
);
const next = fc.oneof(
  jump,
  fc
    .tuple(fc.array(fc.tuple(condition, jump), { maxLength: 3 }), jump)
    .map(([ways, last]) => [...ways.map(([when, way]) => ({ when, ...way })), last]),
);
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const body = fc.oneof(
  fc.record({ say: text, next: optional(next) }),
  fc
    .record({
      ask: text,
      labels: fc.uniqueArray(fc.constantFrom('Yes', 'No', 'Help', 'menu', 'Wohnung', 'سكن', '2'), {
        minLength: 1,
      }),
      hint: optional(text),
      way: optional(next),
      next: optional(next),
    })
    .map(({ labels, way, ...rest }) => ({
      ...rest,
      options: Object.fromEntries(
        labels.map((label, index) => [
          `o${String(index)}`,
          { label, ...(index === 0 && way ? { next: way } : {}) },
        ]),
      ),
    })),
  fc.record({ ask: text, answer: fc.constantFrom(...ANSWERS), hint: optional(text), next: optional(next) }),
  fc.record({ ask: text, options: fc.constant('languages'), next: optional(next) }),
  fc.record({ branch: next }),
  fc.record({
    set: fc.constantFrom({ t: 'x' }, { i: 5 }, { n: 2.5, y: true }, { d: '2026-05-05' }),
    next: optional(next),
  }),
  jump.filter((one) => !('to' in one)),
  fc.record({ end: fc.oneof(text, fc.constant(true)) }),
  fc.record({
    find: fc.constantFrom({ topic: 'x' }, { words: 't', near: 'p', within: '30 km', show: 2 }),
    next: optional(next),
    none: optional(next),
    failed: optional(next),
  }),
  fc.record({ look_up: fc.constant('jobs'), with: fc.constantFrom({}, { near: 'p' }), next: optional(next) }),
  fc.record({
    refer: fc.constant('mbe'),
    consent: text,
    with: fc.constantFrom([], ['t', 'i']),
    next: optional(next),
    declined: optional(next),
    failed: optional(next),
  }),
  fc.record({ handoff: text, next: optional(next), failed: optional(next) }),
  fc.record({
    remind: fc.oneof(
      stepName.map((to) => ({ after: '2 days', to })),
      stepName.map((to) => ({ after: '1 hour', unanswered: true, to })),
      stepName.map((to) => ({ on: 'd', before: '1 day', to })),
    ),
    next: optional(next),
  }),
  fc.record({ feedback: text, next: optional(next) }),
);

const TYPES = {
  t: 'text',
  i: 'integer',
  n: 'number',
  y: 'yes_no',
  d: 'date',
  p: 'place',
  m: 'media',
  o: 'choice',
};
const head = {
  entry: ['room', 'wohnung'],
  answers: Object.fromEntries(
    Object.entries(TYPES).map(([name, type], index) => [
      name,
      {
        type,
        purpose: 'test',
        keep: index % 2 === 0 ? 'conversation' : '3 days',
        ...(name === 'i' ? { min: 1, max: 9 } : {}),
      },
    ]),
  ),
};
/** JSON is YAML; what stands above is removed by JSON.stringify where it is undefined. */
const yaml = (steps: unknown, more: object = {}): string =>
  Object.entries({ ...head, ...more, steps })
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join('');

const flow = fc.record({ a: body, b: body, c: body, d: body, e: body });
const bots = fc.tuple(flow, flow, flow).map(([start, one, two]) =>
  botOf(
    {
      start: yaml(start, { everywhere: { menu: 'a', help: 'b', person: 'c' } }),
      one: yaml(one, { crisis: ['die'] }),
      two: yaml(two, { moved: { old: 'a' } }),
    },
    { ar: TOWN_TEXTS['ar']!, de: TOWN_TEXTS['de']! },
  ),
);

const written = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '1',
      '٢',
      '3️⃣',
      '9',
      'yes',
      'no',
      'Hallo',
      'مرحبا',
      '31.12.2026',
      '2,5',
      'die',
      'Yes',
      'سكن',
      'room',
      '',
      ' ',
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'menu',
      'back',
      'repeat',
      'help',
      'language',
      'person',
      'stop',
      'start',
      'delete my data',
      'Deutsch',
      'لغة',
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  {
    weight: 1,
    arbitrary: fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  },
);
const choice = fc.oneof(
  fc
    .tuple(flowName, stepName, fc.constantFrom('o0', 'o1', 'o2', 'ar', 'constructor', ''))
    .map((parts) => parts.join('/')),
  fc.constantFrom(
    '_/forget/yes',
    '_/forget/no',
    '_/language/de',
    '_/x',
    'two/old/o0',
    '__proto__/a/b',
    '/',
    '',
  ),
  fc.string({ unit: 'binary' }),
);
const inputs: fc.Arbitrary<Input> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('text' as const), text: written }) },
  {
    weight: 3,
    arbitrary: fc.record(
      { kind: fc.constant('choice' as const), choice, text: written },
      { requiredKeys: ['kind', 'choice'] },
    ),
  },
  fc.record({
    kind: fc.constant('location' as const),
    latitude: fc.double({ min: -90, max: 90, noNaN: true }).map((at) => at + 0),
    longitude: fc.constantFrom(-180, 0, 180),
  }),
  fc.record({
    kind: fc.constant('media' as const),
    media: fc.record(
      { type: fc.constantFrom('image', 'voice', 'sticker'), caption: written, id: fc.string() },
      { requiredKeys: ['type'] },
    ),
  }),
  fc.record({ kind: fc.constant('contacts' as const), count: fc.nat() }),
  fc.record({ kind: fc.constant('entry' as const), ref: fc.constantFrom('', 'one', 'gone', '__proto__') }),
  fc.record({ kind: fc.constant('unsupported' as const), what: fc.string() }),
);

const answers: fc.Arbitrary<Answered> = fc.oneof(
  fc.constant({ kind: 'done' as const }),
  fc.constant({ kind: 'unavailable' as const }),
  fc.record({
    kind: fc.constant('found' as const),
    results: fc.array(fc.record({ text, language: fc.constantFrom('en', 'ar', 'xx') }), { maxLength: 5 }),
  }),
);

/** Questions of one turn that are answered; the runtime ends a turn that asks more. */
const QUESTIONS_MAX = 10;

test('any flow takes any sequence of inputs without a throw, a flood or a broken session', () => {
  fc.assert(
    fc.property(
      bots,
      fc.array(
        fc.tuple(
          fc.oneof({ weight: 9, arbitrary: inputs }, fc.constant({ kind: 'wake' as const }), answers),
          answers,
          fc.constantFrom(0, 1000, DAY + 1),
        ),
        { maxLength: 25 },
      ),
      (bot, sequence) => {
        let session: Session | null = null;
        let now = NOW;
        // `step` checks the session, the messages, their number, and that the same arguments give the same result.
        for (const [input, answer, passed] of sequence) {
          now += passed;
          let result: Advanced = step(bot, session, input, now);
          for (let asked = 0; asked < QUESTIONS_MAX && result.effects.at(-1)?.type === 'ask'; asked += 1)
            result = step(bot, result.session, answer, now);
          session = result.session;
        }
      },
    ),
    { numRuns: 100 },
  );
});

test('a session of one bot is taken by any other', () => {
  fc.assert(
    fc.property(
      bots,
      bots,
      fc.array(inputs, { minLength: 1, maxLength: 8 }),
      fc.array(inputs, { minLength: 1, maxLength: 8 }),
      (one, other, before, after) => {
        let session: Session | null = null;
        for (const input of before) session = step(one, session, input).session;
        for (const input of after) session = step(other, session, input).session;
      },
    ),
    { numRuns: 60 },
  );
});

test('every input is answered, except one that ends a flow in silence', () => {
  const bot = town();
  fc.assert(
    fc.property(fc.array(inputs, { minLength: 1, maxLength: 25 }), (sequence) => {
      let session: Session | null = null;
      for (const input of sequence) {
        const result = step(bot, session, input);
        expect(messagesOf(result.effects).length).toBeGreaterThan(0);
        session = result.session;
      }
    }),
    { numRuns: 100 },
  );
});
