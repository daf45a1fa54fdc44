import { describe, expect, test } from '@jest/globals';
import type { Answered } from '../../src/engine/input.ts';
import { kinds } from '../../src/engine/kinds.ts';
import { NOW, botOf, step, talkIn } from './bot.ts';

const MENU = 'q: {ask: Q, options: {one: {label: One, next: x}, two: {label: Two}}, next: y}';

/** By kind: a start flow, what a person does in it, and where that leads. `said`: of the last turn. */
const FIXTURES: Readonly<
  Record<
    string,
    readonly {
      fact: string;
      flow: string;
      others?: Record<string, string>;
      write?: string[];
      answer?: Answered;
      said: string;
      at: string;
    }[]
  >
> = {
  say: [
    {
      fact: 'tells, and goes on',
      flow: 'steps: {a: {say: A, next: b}, b: {say: B}}',
      said: 'A\n\nB',
      at: '',
    },
    {
      fact: 'chooses the way by conditions',
      flow: 'steps: {a: {say: A, next: [{when: channel == "test", to: c}, {to: b}]}, b: {say: B}, c: {say: C}}',
      said: 'A\n\nC',
      at: '',
    },
    { fact: 'without next ends the flow', flow: 'steps: {a: {say: A}, b: {say: B}}', said: 'A', at: '' },
  ],
  ask: [
    { fact: 'waits', flow: `steps: {${MENU}, x: {say: X}, y: {say: Y}}`, said: 'Q', at: 'start/q' },
    {
      fact: 'follows the way of the option',
      flow: `steps: {${MENU}, x: {say: X}, y: {say: Y}}`,
      write: ['one'],
      said: 'X',
      at: '',
    },
    {
      fact: 'follows its own way for an option without one',
      flow: `steps: {${MENU}, x: {say: X}, y: {say: Y}}`,
      write: ['two'],
      said: 'Y',
      at: '',
    },
    {
      fact: 'without any way ends the flow',
      flow: 'steps: {q: {ask: Q, options: {one: {label: One}}}}',
      write: ['1'],
      said: '',
      at: '',
    },
    {
      fact: 'can call a flow as the way of an option',
      flow: 'steps: {q: {ask: Q, options: {a: {label: A, next: {call: other, then: q}}}}}',
      others: { other: 'steps: {a: {say: O}}' },
      write: ['a'],
      said: 'O\n\nQ',
      at: 'start/q',
    },
    {
      fact: 'keeps a typed answer',
      flow: `answers: {n: {type: integer, purpose: test, keep: conversation}}
steps: {q: {ask: Q, answer: n, next: x}, x: {say: 'n is {{n}}'}}`,
      write: ['7'],
      said: 'n is 7',
      at: '',
    },
  ],
  'ask languages': [
    {
      fact: 'sets the language',
      flow: 'steps: {l: {ask: Which?, options: languages, next: x}, x: {branch: [{when: language == "en", to: y}, {to: l}]}, y: {say: Y}}',
      write: ['English'],
      said: 'Y',
      at: '',
    },
    {
      fact: 'does not take what is no language',
      flow: 'steps: {l: {ask: Which?, options: languages, next: x}, x: {say: X}}',
      write: ['Klingon'],
      said: 'Sorry, I did not understand that.\n\nWhich?',
      at: 'start/l',
    },
  ],
  branch: [
    {
      fact: 'takes the first way that holds',
      flow: 'steps: {a: {branch: [{when: language == "xx", to: x}, {when: language_known, to: y}, {to: z}]}, x: {say: X}, y: {say: Y}, z: {say: Z}}',
      said: 'Y',
      at: '',
    },
  ],
  set: [
    {
      fact: 'writes answers',
      flow: `answers:
  urgent: {type: yes_no, purpose: test, keep: conversation}
  n: {type: integer, purpose: test, keep: conversation}
  f: {type: number, purpose: test, keep: conversation}
  d: {type: date, purpose: test, keep: conversation}
steps: {a: {set: {urgent: true, n: 5, f: 2, d: 2026-02-01}, next: b}, b: {branch: [{when: urgent && n > 4 && f < 2.5, to: x}, {to: y}]}, x: {say: 'X {{d}}'}, y: {say: Y}}`,
      said: 'X February 1, 2026',
      at: '',
    },
  ],
  call: [
    {
      fact: 'comes back to then',
      flow: 'steps: {a: {call: other, then: b}, b: {say: B}}',
      others: { other: 'steps: {a: {say: O}}' },
      said: 'O\n\nB',
      at: '',
    },
    {
      fact: 'without then hands over: the called flow returns to the caller of the caller',
      flow: 'steps: {a: {call: middle, then: b}, b: {say: B}}',
      others: { middle: 'steps: {a: {call: other}}', other: 'steps: {a: {say: O}}' },
      said: 'O\n\nB',
      at: '',
    },
    {
      fact: 'keeps the answers of each flow apart',
      flow: `answers: {n: {type: integer, purpose: test, keep: conversation}}
steps: {a: {set: {n: 1}, next: b}, b: {call: other, then: c}, c: {say: '{{n}}'}}`,
      others: {
        other: 'answers: {n: {type: integer, purpose: test, keep: conversation}}\nsteps: {a: {set: {n: 2}}}',
      },
      said: '1',
      at: '',
    },
    {
      fact: 'can begin in the middle of a flow',
      flow: 'steps: {a: {call: other/b, then: c}, c: {say: C}}',
      others: { other: 'steps: {a: {say: O}, b: {say: P}}' },
      said: 'P\n\nC',
      at: '',
    },
  ],
  go: [
    {
      fact: 'leaves for another flow and forgets who called',
      flow: 'steps: {a: {call: other, then: b}, b: {say: B}}',
      others: { other: 'steps: {a: {go: third}}', third: 'steps: {a: {say: T}}' },
      said: 'T',
      at: '',
    },
    {
      fact: 'can lead to a step',
      flow: 'steps: {a: {go: other/b}}',
      others: { other: 'steps: {a: {say: O}, b: {ask: P, options: {a: {label: A}}}}' },
      said: 'P',
      at: 'other/b',
    },
  ],
  find: [
    {
      fact: 'tells what was found, and goes on',
      flow: 'steps: {a: {find: {topic: shelter}, next: b, none: c, failed: d}, b: {say: B}, c: {say: C}, d: {say: D}}',
      answer: {
        kind: 'found',
        results: [
          { text: 'One', language: 'en' },
          { text: 'Two', language: 'en' },
        ],
      },
      said: 'One\n\nTwo\n\nB',
      at: '',
    },
    {
      fact: 'takes another way when there is nothing',
      flow: 'steps: {a: {find: {topic: shelter}, next: b, none: c, failed: d}, b: {say: B}, c: {say: C}, d: {say: D}}',
      answer: { kind: 'found', results: [] },
      said: 'C',
      at: '',
    },
    {
      fact: 'takes another way when nobody can search',
      flow: 'steps: {a: {find: {topic: shelter}, next: b, none: c, failed: d}, b: {say: B}, c: {say: C}, d: {say: D}}',
      said: 'D',
      at: '',
    },
    {
      fact: 'says that there is nothing where the author did not',
      flow: 'steps: {a: {find: {topic: shelter}, next: b}, b: {say: B}}',
      answer: { kind: 'found', results: [] },
      said: 'I found nothing that fits.\n\nB',
      at: '',
    },
  ],
  look_up: [
    {
      fact: 'tells what the source knows',
      flow: 'steps: {a: {look_up: jobs, next: b}, b: {say: B}}',
      answer: { kind: 'found', results: [{ text: 'Baker in Augsburg', language: 'en' }] },
      said: 'Baker in Augsburg\n\nB',
      at: '',
    },
    {
      fact: 'says when the source does not answer',
      flow: 'steps: {a: {look_up: jobs, next: b}, b: {say: B}}',
      said: 'I cannot search right now. Please try again later.\n\nB',
      at: '',
    },
  ],
  refer: [
    {
      fact: 'asks for consent first',
      flow: 'steps: {a: {refer: mbe, consent: May I?, next: b}, b: {say: B}}',
      answer: { kind: 'done' },
      said: 'May I?',
      at: 'start/a',
    },
    {
      fact: 'hands over after a yes',
      flow: 'steps: {a: {refer: mbe, consent: May I?, next: b, declined: c}, b: {say: B}, c: {say: C}}',
      write: ['yes'],
      answer: { kind: 'done' },
      said: 'B',
      at: '',
    },
    {
      fact: 'hands over nothing after a no',
      flow: 'steps: {a: {refer: mbe, consent: May I?, next: b, declined: c}, b: {say: B}, c: {say: C}}',
      write: ['2'],
      answer: { kind: 'done' },
      said: 'C',
      at: '',
    },
    {
      fact: 'says when it could not be handed over',
      flow: 'steps: {a: {refer: mbe, consent: May I?, next: b}, b: {say: B}}',
      write: ['yes'],
      said: 'I could not pass this on. Please contact the organisation yourself.\n\nB',
      at: '',
    },
  ],
  handoff: [
    {
      fact: 'tells the person once somebody has been told',
      flow: 'steps: {a: {handoff: A person will write to you., next: b}, b: {say: B}}',
      answer: { kind: 'done' },
      said: 'A person will write to you.\n\nB',
      at: '',
    },
    {
      fact: 'takes another way when nobody is there',
      flow: 'steps: {a: {handoff: A person will write to you., next: b, failed: c}, b: {say: B}, c: {say: C}}',
      said: 'C',
      at: '',
    },
  ],
  remind: [
    {
      fact: 'goes on at once',
      flow: 'steps: {a: {remind: {after: 3 days, to: c}, next: b}, b: {say: B}, c: {say: C}}',
      said: 'B',
      at: '',
    },
  ],
  feedback: [
    {
      fact: 'asks with three answers',
      flow: 'steps: {a: {feedback: Did it help?, next: b}, b: {say: B}}',
      said: 'Did it help?',
      at: 'start/a',
    },
    {
      fact: 'thanks, and goes on',
      flow: 'steps: {a: {feedback: Did it help?, next: b}, b: {say: B}}',
      write: ['partly'],
      said: 'Thank you for telling me.\n\nB',
      at: '',
    },
  ],
  end: [
    { fact: 'says a last word', flow: 'steps: {a: {end: Bye}}', said: 'Bye', at: '' },
    { fact: 'can be silent', flow: 'steps: {a: {say: A, next: b}, b: {end: true}}', said: 'A', at: '' },
    {
      fact: 'returns to who called',
      flow: 'steps: {a: {call: other, then: b}, b: {say: B}}',
      others: { other: 'steps: {a: {end: O}}' },
      said: 'O\n\nB',
      at: '',
    },
  ],
};

test.each(kinds.map(({ key }) => key))('the kind «%s» has a fixture here', (key) => {
  expect(FIXTURES[key]?.length).toBeGreaterThan(0);
});

describe.each(Object.entries(FIXTURES))('%s', (key, cases) => {
  test.each(cases)('$fact', ({ flow, others = {}, write = [], answer, said, at }) => {
    const bot = botOf({ start: flow, ...others });
    expect(
      [...bot.flows.values()].flatMap(({ steps }) => [...steps.values()].map(({ kind }) => kind)),
    ).toContain(key);
    const talk = talkIn('en', bot, answer);
    for (const text of write) talk.write(text);
    expect(
      talk
        .messages()
        .map(({ text }) => text)
        .join('\n--\n'),
    ).toBe(said);
    expect(talk.at()).toBe(at);
  });
});

describe('a condition', () => {
  const outcome = (when: string, answers: Record<string, string | number | boolean> = {}): string => {
    const flow = `answers:
  n: {type: integer, purpose: t, keep: conversation}
  f: {type: number, purpose: t, keep: conversation}
  b: {type: yes_no, purpose: t, keep: conversation}
  s: {type: text, purpose: t, keep: conversation}
  p: {type: place, purpose: t, keep: conversation}
  d: {type: date, purpose: t, keep: conversation}
steps:
  ${Object.keys(answers).length > 0 ? `a: {set: ${JSON.stringify(answers)}, next: c}` : ''}
  c: {branch: [{when: ${JSON.stringify(when)}, to: yes}, {to: no}]}
  yes: {say: 'yes'}
  no: {say: 'no'}`;
    const bot = botOf({ start: flow });
    return step(bot, null, { kind: 'text', text: 'go' }, NOW, 'messenger').effects.flatMap((effect) =>
      effect.type === 'send' ? [effect.message.text] : [],
    )[0]!;
  };

  test.each([
    ['n > 4', { n: 5 }],
    ['n > 4 && n < 6', { n: 5 }],
    ['n in [1, 5]', { n: 5 }],
    ['f > 1.0', { f: 1.5 }],
    ['f >= 2.0', { f: 2 }],
    ['b', { b: true }],
    ['!b', { b: false }],
    ['b || n > 4', { b: true }],
    ['n > 4 || b', { b: true }],
    ['s == "x"', { s: 'x' }],
    ['s.contains("fire")', { s: 'a fire!' }],
    ['s.startsWith("a")', { s: 'a fire!' }],
    ['s != "matches(x)"', { s: 'x' }],
    ['s.matches("^a+$")', { s: 'aaa' }],
    ['!s.matches("b") && s . matches ( "(a+)+$" )', { s: 'a'.repeat(1000) }],
    ['d > "2026-01-01"', { d: '2026-02-01' }],
    ['!language_known', {}],
    ['language == "en"', {}],
    ['channel == "messenger"', {}],
    ['p == "Augsburg"', { p: 'Augsburg' }],
    ['size(s) > 2', { s: 'abc' }],
  ])('holds: %s with %j', (when, answers) => {
    expect(outcome(when, answers)).toBe('yes');
  });

  test.each([
    ['n > 4', {}],
    ['!(n > 4)', {}],
    ['!b', {}],
    ['b', {}],
    ['s == ""', {}],
    ['s != "x"', {}],
    ['s.matches("(a+)+$")', { s: `${'a'.repeat(999)}!` }],
    ['n / 0 == 1', { n: 5 }],
    ['int(s) > 1', { s: 'x' }],
    ['[1, 2][n] == 1', { n: 5 }],
    ['p.latitude > 1.0', { p: 'Augsburg' }],
    ['n > 4', { n: 4 }],
    ['timestamp(s) > timestamp("2026-01-01T00:00:00Z")', { s: 'x' }],
    ['n + 9223372036854775807 > 1', { n: 5 }],
  ])('does not hold, and never breaks a turn: %s with %j', (when, answers) => {
    expect(outcome(when, answers)).toBe('no');
  });
});
