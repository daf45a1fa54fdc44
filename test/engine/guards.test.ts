import { describe, expect, test } from '@jest/globals';
import { advance } from '../../src/engine/advance.ts';
import { newSession, type Session } from '../../src/engine/session.ts';
import { HOUR, NOW, botOf, messagesOf, step, talkIn, talkTo } from './bot.ts';

const FAULT = 'Sorry, something went wrong on our side. Write *menu* to start over. In danger: call 112.';
const chain = (length: number, make: (index: number) => string): string =>
  `steps:\n${Array.from({ length }, (_, index) => `  s${String(index)}: ${make(index)}\n`).join('')}`;

describe('a flow that does not stop ends with an apology', () => {
  test.each([
    ['after 100 transitions', { start: 'steps: {a: {branch: [{to: b}]}, b: {branch: [{to: a}]}}' }],
    [
      'after 20 messages',
      { start: chain(30, (i) => `{say: '${'x'.repeat(600)}'${i < 29 ? `, next: s${String(i + 1)}` : ''}}`) },
    ],
    ['after 20 messages in a circle', { start: 'steps: {a: {say: A, next: a}}' }],
    ['after 16 calls', { start: 'steps: {a: {call: start, then: b}, b: {say: B}}' }],
    ['going to itself', { start: 'steps: {a: {go: start}}' }],
    ['calling itself without return', { start: 'steps: {a: {call: start}}' }],
    [
      'between two flows',
      { start: 'steps: {a: {go: b}}', b: 'steps: {a: {call: start, then: b}, b: {say: B}}' },
    ],
    ['jumping to a flow that is not there', { start: 'steps: {a: {go: nowhere}}' }],
    [
      'jumping to a step that is not there',
      { start: 'steps: {a: {call: start/nowhere, then: b}, b: {say: B}}' },
    ],
  ])('%s', (_when, flows) => {
    const talk = talkIn('en', botOf(flows));
    expect(talk.messages()).toEqual([{ text: FAULT, language: 'en' }]);
    expect(talk.counts()).toEqual(['guard']);
    expect(talk.session).toMatchObject({ frames: [], asked: null });
  });

  test('and the person is not stuck there', () => {
    const talk = talkIn(
      'en',
      botOf({ start: 'steps: {q: {ask: Q, options: {a: {label: A, next: x}}}, x: {branch: [{to: x}]}}' }),
    );
    expect(talk.write('a')).toBe(FAULT);
    expect(talk.write('menu')).toBe('Q');
  });

  test('20 messages, 100 transitions and 16 flows inside one another are no mistake', () => {
    const long = 'x'.repeat(600);
    const messages = talkIn(
      'en',
      botOf({ start: chain(20, (i) => `{say: '${long}'${i < 19 ? `, next: s${String(i + 1)}` : ''}}`) }),
    );
    expect(messages.messages()).toHaveLength(20);
    const transitions = talkIn(
      'en',
      botOf({ start: chain(99, (i) => (i < 98 ? `{branch: [{to: s${String(i + 1)}}]}` : '{say: done}')) }),
    );
    expect(transitions.messages()[0]?.text).toBe('done');
    const flows = Object.fromEntries(
      Array.from({ length: 15 }, (_, i) => [
        `f${String(i)}`,
        i < 14
          ? `steps: {a: {call: f${String(i + 1)}, then: b}, b: {end: true}}`
          : 'steps: {q: {ask: Deep, options: {a: {label: A}}}}',
      ]),
    );
    const deep = talkIn('en', botOf({ start: 'steps: {a: {call: f0, then: b}, b: {say: back}}', ...flows }));
    expect(deep.session?.frames).toHaveLength(16);
    expect(deep.write('1')).toBe('back');
  });

  test('help over 16 flows is still given', () => {
    const flows = Object.fromEntries(
      Array.from({ length: 15 }, (_, i) => [
        `f${String(i)}`,
        i < 14
          ? `steps: {a: {call: f${String(i + 1)}, then: b}, b: {end: true}}`
          : 'steps: {q: {ask: Deep, options: {a: {label: A}}}}',
      ]),
    );
    const start = 'everywhere: {help: h}\nsteps: {a: {call: f0, then: b}, b: {say: back}, h: {say: Helping}}';
    const deep = talkIn('en', botOf({ start, ...flows }));
    expect(deep.write('help')).toContain('Helping');
  });
});

describe('a flow that was changed while somebody is in it', () => {
  const before =
    'steps: {q: {ask: Q, options: {a: {label: A, next: r}}}, r: {ask: R, options: {b: {label: B, next: q}}}}';

  test('a step that is gone: an apology, and the flow begins again', () => {
    const talk = talkIn('en', botOf({ start: before }));
    talk.write('a');
    talk.bot = botOf({ start: before.replace('r: {ask', 's: {ask').replace('next: r', 'next: s') });
    expect(talk.write('b')).toBe('Sorry, this part of the conversation has changed. We start it again.\n\nQ');
    expect(talk.effects).toContainEqual({
      type: 'count',
      name: 'step_gone',
      labels: { flow: 'start', step: 'r' },
    });
  });

  test('a step that is gone is not mentioned to whoever asks for something else anyway', () => {
    const other = botOf({
      start: 'steps: {z: {ask: Z, options: {a: {label: A}}}}',
      health: 'entry: [doctor]\nsteps: {h: {ask: H, options: {a: {label: A}}}}',
    });
    for (const [text, said] of [
      ['menu', 'Z'],
      ['doctor', 'H'],
      ['I need a doctor', 'H'],
      ['stop', 'I will not write'],
    ] as const) {
      const talk = talkIn('en', botOf({ start: before }));
      talk.write('a');
      talk.bot = other;
      expect(talk.write(text)).toMatch(new RegExp(`^${said}`));
      expect(talk.counts()).not.toContain('step_gone');
    }
  });

  test('a step that is no question any more counts as gone', () => {
    const talk = talkIn('en', botOf({ start: before }));
    talk.write('a');
    talk.bot = botOf({
      start: 'steps: {q: {ask: Q, options: {a: {label: A, next: r}}}, r: {say: R, next: q}}',
    });
    expect(talk.send({ kind: 'location', latitude: 0, longitude: 0 })).toContain('We start it again.');
    expect(talk.at()).toBe('start/q');
  });

  test('a step that moved: the answer is taken there', () => {
    const talk = talkIn('en', botOf({ start: before }));
    talk.write('a');
    talk.bot = botOf({
      start: `moved: {r: s}\n${before.replace('r: {ask', 's: {ask').replace('next: r', 'next: s')}`,
    });
    expect(talk.write('b')).toBe('Q');
    expect(talk.counts()).not.toContain('step_gone');
  });

  test('a flow that is gone: an apology, and the beginning', () => {
    const start = 'steps: {a: {go: other}}';
    const talk = talkIn('en', botOf({ start, other: 'steps: {q: {ask: Q, options: {a: {label: A}}}}' }));
    talk.bot = botOf({ start: 'steps: {q: {ask: New, options: {a: {label: A}}}}' });
    expect(talk.write('a')).toBe(
      'Sorry, this part of the conversation has changed. We start it again.\n\nNew',
    );
  });

  test('a caller that is gone: an apology where it would have gone on', () => {
    const other = 'steps: {q: {ask: Q, options: {a: {label: A}}}}';
    const talk = talkIn(
      'en',
      botOf({
        start: 'steps: {a: {call: middle, then: b}, b: {say: B}}',
        middle: 'steps: {a: {call: other, then: b}, b: {say: M}}',
        other,
      }),
    );
    talk.bot = botOf({ start: 'steps: {q: {ask: New, options: {a: {label: A}}}}', other });
    expect(talk.write('a')).toBe(
      'Sorry, this part of the conversation has changed. We start it again.\n\nNew',
    );
    expect(talk.session?.frames).toHaveLength(1);
  });

  test('back to a question that is gone begins its flow again', () => {
    const talk = talkIn('en', botOf({ start: before }));
    talk.write('a');
    talk.bot = botOf({
      start: 'steps: {p: {ask: P, options: {a: {label: A}}}, r: {ask: R, options: {b: {label: B, next: p}}}}',
    });
    expect(talk.write('back')).toContain('We start it again.\n\nP');
  });
});

describe('the session', () => {
  const bot = botOf({
    start: `answers: {it: {type: text, purpose: t, keep: 3 days}}
steps: {q: {ask: Q, answer: it, next: r}, r: {ask: R, options: {b: {label: B, next: q}}}}`,
  });

  test('is never changed in place, and is null only after «delete my data»', () => {
    // `step` freezes the session it hands over.
    let session: Session | null = null;
    for (const text of [
      'x',
      'hello',
      'b',
      'y',
      'blub',
      'back',
      'language',
      'stop',
      'start',
      'delete my data',
      'no',
    ]) {
      session = step(bot, session, { kind: 'text', text }).session;
      expect(session).not.toBeNull();
    }
  });

  test('remembers when the last message came', () => {
    const { session } = advance(bot, newSession(NOW), { kind: 'text', text: 'x' }, NOW + HOUR, 'test');
    expect(session?.at).toBe(NOW + HOUR);
  });

  test('remembers at most ten questions for «back»', () => {
    const talk = talkTo(bot);
    for (let round = 0; round < 30; round += 1) talk.write(round % 2 === 0 ? 'story' : 'b');
    expect(talk.session?.trail).toHaveLength(10);
  });
});

describe('messages in a row', () => {
  const said = (...texts: string[]): string[] =>
    messagesOf(
      talkIn(
        'en',
        botOf({
          start: chain(
            texts.length,
            (i) =>
              `{say: ${JSON.stringify(texts[i])}${i < texts.length - 1 ? `, next: s${String(i + 1)}` : ''}}`,
          ),
        }),
      ).effects,
    ).map(({ text }) => text);

  test('become one as long as that is short', () => {
    expect(said('A', 'B', 'C')).toEqual(['A\n\nB\n\nC']);
    expect(said('A'.repeat(499), 'B'.repeat(499))).toEqual([`${'A'.repeat(499)}\n\n${'B'.repeat(499)}`]);
    expect(said('A'.repeat(500), 'B'.repeat(499))).toEqual(['A'.repeat(500), 'B'.repeat(499)]);
  });

  test('of two languages stay apart, so that each is read in its direction', () => {
    const bot = botOf(
      { start: 'steps: {a: {say: A, next: b}, b: {say: B, next: c}, c: {say: C}}' },
      { ar: { start: { 'steps.a.say': 'ا', 'steps.c.say': 'ج' } } },
    );
    expect(talkIn('ar', bot).messages()).toEqual([
      { text: 'ا', language: 'ar' },
      { text: 'This is not in your language yet:\nB', language: 'en' },
      { text: 'ج', language: 'ar' },
    ]);
  });

  test('the menu belongs to the last', () => {
    const bot = botOf({ start: 'steps: {a: {say: A, next: q}, q: {ask: Q, options: {a: {label: A}}}}' });
    expect(talkIn('en', bot).messages()).toEqual([
      {
        text: 'A\n\nQ',
        language: 'en',
        menu: {
          button: 'Choose',
          more: 'More',
          from: 0,
          style: 'auto',
          options: [{ id: 'start/q/a', label: 'A' }],
        },
      },
    ]);
  });
});
