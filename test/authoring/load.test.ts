import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { didYouMean, formatFinding, type Finding } from '../../src/authoring/finding.ts';
import { CASES, GOOD, changed } from './cases.ts';
import { loadFlow } from '../../src/authoring/load.ts';

const load = (text: string, id = 'good'): readonly Finding[] => {
  const { flow, findings } = loadFlow('flows/good.yaml', id, text);
  expect(flow === null).toBe(findings.length > 0);
  return findings;
};
const report = (text: string, id = 'good'): string[] =>
  load(text, id).map((finding) => formatFinding(finding).replace('flows/good.yaml:', ''));
test('the good file has no findings', () => {
  expect(load(GOOD)).toEqual([]);
});

describe('a finding tells what, where and how to mend it', () => {
  test.each(CASES)('%s', (_what, text, findings) => {
    expect(report(text)).toEqual(findings);
  });

  test.each(['lotse', '_', 'a>b', 'a b', 'x'.repeat(61)])('a flow cannot be called %s', (name) => {
    expect(report(GOOD.replace('flow: good', `flow: ${JSON.stringify(name)}`), name)).toEqual([
      `1:7 error wrong-name: '${name}' cannot be the name of a flow: it has up to 60 letters, digits, _ and -, and 'lotse' is taken`,
    ]);
  });

  test('all findings of a file come at once, also those of its steps where its head is wrong', () => {
    const text = GOOD.replace('title: Good', 'titel: Good')
      .replace('30 days', 'ever')
      .replace('next: many}', 'next: mani}')
      .replace('{{people}}', '{{x}}')
      .replace('people > 4', 'ppl > 4')
      .replace('ask: What?', 'ask: What?\n    ask: Again?');
    expect(
      load(text)
        .map(({ line, column, code }) => `${String(line)}:${String(column)} ${code}`)
        .sort(),
    ).toEqual(
      [
        '10:5 duplicate-key',
        '12:35 unknown-step',
        '13:56 condition',
        '14:14 unknown-placeholder',
        '1:1 wrong-shape',
        '3:1 unknown-key',
        '6:43 wrong-shape',
      ].sort(),
    );
  });

  test('a declaration that is wrong in itself is not called undeclared elsewhere', () => {
    expect(load(changed('type: integer', 'type: int')).map(({ code }) => code)).toEqual(['wrong-shape']);
  });

  test('a condition is pointed at inside quotes, and over several lines at its beginning', () => {
    expect(report(changed('people > 4', '"true && ppl > 4"'))[0]).toMatch(/^12:65 /);
    const folded = `${GOOD}  last: {say: x, next: bye}\n`.replace(
      "{say: 'Bye, {{people}}.'}",
      '\n    branch:\n      - when: >-\n          true &&\n          ppl > 4\n        to: need\n      - {to: need}',
    );
    expect(report(folded)[0]).toMatch(/^15:15 error condition/);
  });

  test('a name too far from any is not guessed at', () => {
    expect(didYouMean('abcdef', ['zzzzzz'])).toBe('');
    expect(didYouMean('x', [])).toBe('');
    expect(didYouMean('helpd', ['helped', 'zzz'])).toBe("; did you mean 'helped'?");
  });
});

describe('what editors leave in files does no harm', () => {
  test.each([
    ['a byte order mark', `\ufeff${GOOD}`],
    ['Windows line ends', GOOD.replaceAll('\n', '\r\n')],
    ['a document mark', `---\n${GOOD}`],
  ])('%s', (_what, text) => {
    expect(load(text)).toEqual([]);
  });

  test('places are the same with them', () => {
    const bad = changed('next: many}', 'next: mani}');
    expect(report(bad.replaceAll('\n', '\r\n'))[0]).toMatch(/^11:35 /);
    expect(report(`\ufeff${bad}`)[0]).toMatch(/^11:35 /);
    expect(report(`\ufeff${changed('flow: good', 'flow: best')}`)[0]).toMatch(/^1:7 /);
  });

  test('a text over several lines is one text', () => {
    const { flow } = loadFlow(
      'x.yaml',
      'good',
      changed('ask: What?', 'ask: |-\n      One\n      two').replaceAll('\n', '\r\n'),
    );
    expect(flow?.texts.get('steps.need.ask')).toBe('One\ntwo');
  });
});

describe('a file made to exhaust the loader', () => {
  test('with 50,000 aliases gets a bounded list of findings', () => {
    const findings = load(`a: &a x\nsteps:\n${'  - *a\n'.repeat(50_000)}`);
    expect(findings.length).toBe(101);
    expect(findings[0]).toMatchObject({ code: 'alias', line: 3, column: 5 });
    expect(findings.at(-1)?.message).toContain('and 49899 more findings of this file');
  });

  test('with aliases that grow by themselves is never expanded', () => {
    const bomb = [
      'a: &a [x, x]',
      ...Array.from(
        { length: 40 },
        (_, i) =>
          `b${String(i)}: &b${String(i)} [${i === 0 ? '*a, *a' : `*b${String(i - 1)}, *b${String(i - 1)}`}]`,
      ),
    ];
    expect(new Set(load(bomb.join('\n')).map(({ code }) => code))).toEqual(new Set(['alias']));
  });

  test('with 50,000 keys is read in linear time', () => {
    const keys = Array.from({ length: 50_000 }, (_, i) => `k${String(i)}: x\n`).join('');
    expect(load(keys).length).toBeGreaterThan(0);
    expect(load(`${keys}k1: y\n`)[0]).toMatchObject({ code: 'duplicate-key', line: 50_001 });
  });

  test.each([500, 5000, 20_000])('nested %d deep is refused', (depth) => {
    expect(load('['.repeat(depth)).length).toBeGreaterThan(0);
    expect(load('['.repeat(depth) + ']'.repeat(depth)).length).toBeGreaterThan(0);
    expect(load('{a: '.repeat(depth)).length).toBeGreaterThan(0);
  });

  test('over 1 MiB is refused unread', () => {
    expect(report(`${GOOD}# ${'é'.repeat(600_000)}`)).toEqual([
      `1:1 error too-large: the file has ${String(Buffer.byteLength(GOOD) + 1_200_002)} bytes; the limit is 1 MiB: split it into several flows`,
    ]);
  });
});

describe('any text at all', () => {
  const holds = (text: string): void => {
    const { flow, findings } = loadFlow('x.yaml', 'good', text);
    expect(flow === null).toBe(findings.length > 0);
    const lines = text.split('\n');
    for (const { line, column, message } of findings) {
      expect(line).toBeGreaterThanOrEqual(1);
      expect(line).toBeLessThanOrEqual(lines.length);
      expect(column).toBeGreaterThanOrEqual(1);
      expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
      expect(message).not.toBe('');
    }
  };

  test('gives a flow, or findings whose places lie inside the file', () => {
    const pieces = fc.constantFrom(
      'a',
      ': ',
      '- ',
      '\n',
      '  ',
      '"',
      "'",
      '{',
      '}',
      '[',
      ']',
      '&a ',
      '*a',
      '!t ',
      '#',
      '|',
      '>',
      '? ',
      '---\n',
      '\t',
      '%YAML 1.1\n',
      '\r',
      '\ufeff',
      'steps',
      'when',
      '\u0000',
      '\ud800',
      '<<',
      '__proto__',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(pieces, { maxLength: 60 }).map((all) => all.join('')),
        ),
        holds,
      ),
      { numRuns: 400 },
    );
  });

  test('that was a good flow before somebody edited it, too', () => {
    const rich = `${GOOD}  note: {set: {note: x, people: 3}, next: [{when: 'language == "ar"', call: good, then: bye}, {go: start/menu}]}\n  pick: {ask: Q, options: languages}\n  over: {end: true}\n`;
    const edit = fc.tuple(
      fc.nat(rich.length),
      fc.nat(12),
      fc.oneof(
        fc.string({ maxLength: 6 }),
        fc.constantFrom('', '\n', ': ', '{', '[', "'", '}}', '{{', '- ', '  ', 'null', '7', 'to: ', 'when: '),
      ),
    );
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        holds(edits.reduce((text, [at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut), rich));
      }),
      { numRuns: 400 },
    );
  });
});
