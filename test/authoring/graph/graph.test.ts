import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { graphDot } from '../../../src/authoring/graph/dot.ts';
import { graphMermaid } from '../../../src/authoring/graph/mermaid.ts';
import { flowGraph, type FlowGraph } from '../../../src/authoring/graph/model.ts';
import { graphSvg } from '../../../src/authoring/graph/svg.ts';
import { lines, shortened } from '../../../src/authoring/graph/words.ts';
import { botOf } from '../../engine/bot.ts';
import { describeWithBrowser, launchBrowser, type TestBrowser } from '../../support/browser.ts';
import { xmlFault } from './xml.ts';

const STEPS = `
answers:
  people: {type: integer, purpose: test, keep: conversation}
everywhere: {menu: need}
steps:
  need:
    ask: What do you need?
    options:
      flat: {label: A flat, next: many}
      room: {label: A room, next: many}
      help: {label: Advice, next: {call: other, then: need}}
      menu: {label: Main menu, next: {go: other/b}}
      none: {label: Nothing}
  many: {ask: How many?, answer: people, next: [{when: people > 4, to: one}, {to: bye}]}
  one: {set: {people: 1}, next: bye}
  bye: {end: 'Bye, *you* {{people}}.'}
`;
const bot = botOf(
  { start: STEPS, other: 'steps:\n  a: {say: A}\n  b: {say: B}\n' },
  {
    ar: {
      start: { title: 'البداية', 'steps.need.options.flat.label': 'شقة', 'steps.need.ask': 'ماذا تحتاج؟' },
    },
  },
);
const drawn = (language = 'en'): FlowGraph => flowGraph(bot, bot.start, language);
const edge = (graph: FlowGraph, from: string, to: string): string | undefined =>
  graph.edges.find((one) => one.from === from && one.to === to)?.label;

describe('the graph of a flow', () => {
  test('has a node for each step with its first words, and marks where it starts and ends', () => {
    const { nodes } = drawn();
    expect(nodes.map(({ id, kind, text }) => [id, kind, text])).toEqual([
      ['start', 'start', 'start'],
      ['word_menu', 'everywhere', 'menu'],
      ['step_need', 'ask', 'What do you need?'],
      ['step_many', 'ask', 'How many?'],
      ['step_one', 'set', 'people = 1'],
      ['step_bye', 'end', 'Bye, you {{people}}.'],
      ['call_0', 'call', 'other'],
      ['go_1', 'go', 'other'],
      ['end', 'end', ''],
    ]);
    expect(edge(drawn(), 'start', 'step_need')).toBe('');
    expect(edge(drawn(), 'step_bye', 'end')).toBe('');
  });

  test('labels arrows with options, which share one to the same place, and with conditions', () => {
    const graph = drawn();
    expect(edge(graph, 'step_need', 'step_many')).toBe('A flat\nA room');
    expect(edge(graph, 'step_need', 'end')).toBe('Nothing');
    expect(edge(graph, 'step_many', 'step_one')).toBe('people > 4');
    expect(edge(graph, 'step_many', 'step_bye')).toBe('else');
  });

  test('shows other flows as nodes of their own; those that are called come back', () => {
    const graph = drawn();
    expect(edge(graph, 'step_need', 'call_0')).toBe('Advice');
    expect(edge(graph, 'call_0', 'step_need')).toBe('');
    expect(edge(graph, 'step_need', 'go_1')).toBe('Main menu');
    expect(graph.edges.some(({ from }) => from === 'go_1')).toBe(false);
  });

  test('is labelled in the chosen language, and in the source where a translation is missing', () => {
    const graph = drawn('ar');
    expect(graph.title).toBe('البداية');
    expect(edge(graph, 'step_need', 'step_many')).toBe('شقة\nA room');
  });

  test('leads options without a way of their own along that of their step', () => {
    const one = botOf({
      start: `steps:\n  a: {ask: Q?, options: {x: {label: X}, y: {label: Y, next: c}}, next: b}\n  b: {say: B}\n  c: {say: C}\n`,
    });
    const graph = flowGraph(one, one.start, 'en');
    expect(edge(graph, 'step_a', 'step_b')).toBe('X');
    expect(edge(graph, 'step_a', 'step_c')).toBe('Y');
    expect(edge(graph, 'step_a', 'end')).toBeUndefined();
  });
});

describe('words', () => {
  test('are cut between words, never through a letter', () => {
    expect(shortened('one two three four', 12)).toBe('one two…');
    expect(shortened('👨‍👩‍👧‍👦'.repeat(9), 4)).toBe(`${'👨‍👩‍👧‍👦'.repeat(3)}…`);
    expect(shortened('short', 5)).toBe('short');
  });

  test('of a language from right to left are isolated line by line', () => {
    expect(lines('ماذا تحتاج؟ (WBS)', 12)).toEqual(['\u2067ماذا تحتاج؟\u2069', '\u2067(WBS)\u2069']);
    expect(lines('two lines', 4)).toEqual(['two', 'line', 's']);
  });

  test('lose control characters and marks that would turn what follows', () => {
    expect(lines('a\u0000\u001b\n\u202eb\u2066', 20)).toEqual(['a b']);
  });
});

const NASTY = [
  '<script>alert(1)</script>',
  '"]; end --> x["',
  'a\\"b\\N\\',
  '&amp; &#65; &lt;',
  ']]> <!-- -->',
  '`**x**`',
  '1. one',
  '- x',
  'style: x#35;',
  '%%{init: {}}%%',
  '|x|',
  '{{x}}',
  'end',
  '\ud800',
  '\ufffe',
  '\u0000',
  '\r\n',
];
const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.constantFrom(...NASTY));
const anyGraph = fc
  .array(
    fc.record({
      text: anyText,
      label: anyText,
      name: anyText,
      kind: fc.constantFrom('ask', 'say', 'go', 'call', 'branch', 'find', 'x'),
    }),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .chain((parts) => fc.record({ parts: fc.constant(parts), title: anyText }))
  .map(({ parts, title }): FlowGraph => ({
    flow: 'x',
    title,
    language: 'en',
    nodes: [
      ...parts.map(({ text, name, kind }, index) => ({
        id: `step_${String(index)}`,
        type: 'step' as const,
        kind,
        name,
        text,
      })),
      { id: 'end', type: 'end', kind: 'end', name: '', text: '' },
    ],
    edges: parts.map(({ label }, index) => ({ from: `step_${String(index)}`, to: 'end', label })),
  }));

/** Mermaid's grammar as far as it is used: ids, brackets, and between quotes only what means nothing to it. */
const LABEL = String.raw`"(?:[\p{L}\p{M}\p{N} ,!?…·–«»\u2067\u2069]|#\d{1,7};|<br\/>)+"`;
const MERMAID = new RegExp(
  [
    '^flowchart TB$',
    `^  [a-z_0-9]+(?:\\(\\[${LABEL}\\]\\)|\\(\\(\\(${LABEL}\\)\\)\\)|\\(${LABEL}\\)|\\{${LABEL}\\}|\\[\\(${LABEL}\\)\\]|\\[\\[${LABEL}\\]\\]|>${LABEL}\\]|\\[${LABEL}\\])$`,
    `^  [a-z_0-9]+ -->(?:\\|${LABEL}\\|)? [a-z_0-9]+$`,
    '^  classDef [a-z_]+ [a-z:#0-9,]+$',
    '^  class [a-z_0-9,]+ [a-z_]+$',
  ].join('|'),
  'u',
);

describe('whatever the texts', () => {
  test('the SVG is XML, and holds as many nodes and arrows as the graph', async () => {
    await fc.assert(
      fc.asyncProperty(anyGraph, async (graph) => {
        const svg = await graphSvg(graph);
        expect([xmlFault(svg), svg.includes('<script')]).toEqual([null, false]);
        expect(svg.split('class="node').length - 1).toBe(graph.nodes.length);
        expect(svg.split('class="edge').length - 1).toBe(graph.edges.length);
      }),
      { numRuns: 40 },
    );
  });

  test('every line of Mermaid keeps its grammar', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const made = graphMermaid(graph);
        for (const line of made.trimEnd().split('\n')) expect(line).toMatch(MERMAID);
        // A list would be refused by Mermaid's Markdown.
        expect(made).not.toMatch(/(?:"|<br\/>)(?:\d+\.|[-*+]) /);
      }),
    );
  });
});

test('the checker of XML finds what is none', () => {
  for (const bad of [
    '',
    '<a>',
    '<a></b>',
    '<a/><b/>',
    '<a b=c/>',
    '<a>&</a>',
    '<a>\u0001</a>',
    'x<a/>',
    '<a b="1" b="2"/>',
  ])
    expect([bad, xmlFault(bad)]).not.toEqual([bad, null]);
  expect(xmlFault('<!-- c --><a b="&lt;"><c/>&#65;</a>\n')).toBeNull();
});

test('the languages of Graphviz and Mermaid are those of the same graph', () => {
  expect(graphDot(drawn())).toContain('step_many -> step_one [label=" people > 4 "];');
  expect(graphMermaid(drawn())).toContain('step_many -->|"people #62; 4"| step_one');
});

describeWithBrowser('in a browser', () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  test('the words of every node lie within it, also in Arabic', async () => {
    const page = await (await browser.window()).newPage();
    for (const language of ['en', 'ar']) {
      await page.setContent(await graphSvg(drawn(language)));
      const outside = await page.evaluate(`[...document.querySelectorAll('.node')].flatMap((node) => {
        const box = node.querySelector('polygon, path, ellipse').getBoundingClientRect();
        return [...node.querySelectorAll('text')].map((text) => [text.textContent, text.getBoundingClientRect()])
          .filter(([, words]) => words.left < box.left || words.right > box.right || words.bottom > box.bottom + 2)
          .map(([words]) => words);
      })`);
      expect(outside).toEqual([]);
    }
    await page.close();
  });
});
