import { po } from 'gettext-parser';
import { Document, isCollection, isMap, isScalar, visit } from 'yaml';
import type { Answer } from './answers.ts';
import type { Draft, DraftFlow, Target, Way } from './draft.ts';
import { Names } from './names.ts';
import type { Words } from './words.ts';

/** One text of a flow: its path, as `msgctxt` has it, and what it says. */
export interface Text {
  readonly path: string;
  readonly words: Words;
}

/** A flow as plain data in the order authors write it, and all its texts. */
export function plainFlow(flow: DraftFlow): {
  readonly data: Readonly<Record<string, unknown>>;
  readonly texts: readonly Text[];
} {
  const texts: Text[] = [];
  const end = new Names(flow.steps.map(({ name }) => name)).give('end', 'end');
  const writer = { texts, end, ends: false };
  const steps = Object.fromEntries(flow.steps.map((draft) => [draft.name, plainStep(draft, writer)]));
  const answers = Object.fromEntries(flow.answers.map((answer) => [answer.name, plainAnswer(answer)]));
  const data = {
    flow: flow.id,
    language: flow.language,
    title: flow.title,
    ...(flow.entry.length > 0 ? { entry: flow.entry } : {}),
    ...(flow.answers.length > 0 ? { answers } : {}),
    steps: { ...steps, ...(writer.ends ? { [end]: { end: true } } : {}) },
  };
  return { data, texts };
}

interface Writer {
  readonly texts: Text[];
  /** Name of the step that ends the flow, where a way has to lead somewhere. */
  readonly end: string;
  ends: boolean;
}

function plainAnswer({ type, purpose, keep, limits }: Answer): Readonly<Record<string, unknown>> {
  return { type, ...limits, purpose, keep };
}

function plainStep(draft: Draft, writer: Writer): Readonly<Record<string, unknown>> {
  const say = (key: string, words: Words): string => {
    writer.texts.push({ path: `steps.${draft.name}.${key}`, words });
    return words.source;
  };
  const next = (to: Target): Readonly<Record<string, string>> =>
    to && 'step' in to ? { next: to.step } : {};
  switch (draft.kind) {
    case 'end':
      return { end: true };
    case 'say':
      return { say: say('say', draft.text), ...next(draft.next) };
    case 'handoff': {
      const failed = draft.failed === undefined ? {} : { failed: named(draft.failed, writer) };
      return { handoff: say('handoff', draft.text), ...next(draft.next), ...failed };
    }
    case 'set':
      return { set: draft.values, ...next(draft.next) };
    case 'call':
      return { call: draft.flow, ...(draft.next && 'step' in draft.next ? { then: draft.next.step } : {}) };
    case 'go':
      return { go: draft.flow };
    case 'remind':
      return {
        remind: { after: draft.after, unanswered: true, to: named(draft.to, writer) },
        ...next(draft.next),
      };
    case 'branch':
      return { branch: plainWays(draft.ways, writer) };
    case 'ask': {
      const { options } = draft;
      const ways = draft.ways.some(({ when }) => when !== undefined)
        ? { next: plainWays(draft.ways, writer) }
        : next(draft.ways[0]?.to ?? null);
      const asked = { ask: say('ask', draft.text) };
      if (options === 'languages') return { ...asked, options, ...ways };
      const plain = options.map(({ id, label, detail, to }) => [
        id,
        {
          label: say(`options.${id}.label`, label),
          ...(detail ? { detail: say(`options.${id}.detail`, detail) } : {}),
          ...next(to),
        },
      ]);
      return {
        ...asked,
        ...(options.length > 0 ? { options: Object.fromEntries(plain) } : {}),
        ...(draft.answer === null ? {} : { answer: draft.answer }),
        ...(draft.hint ? { hint: say('hint', draft.hint) } : {}),
        ...ways,
      };
    }
  }
}

function plainWays(ways: readonly Way[], writer: Writer): Readonly<Record<string, unknown>>[] {
  return ways.map(({ when, to }) => ({ ...(when === undefined ? {} : { when }), to: named(to, writer) }));
}

function named(to: Target, writer: Writer): string {
  if (to && 'step' in to) return to.step;
  writer.ends = true;
  return writer.end;
}

/** Longest map that is written on one line. Characters. */
const LINE_MAX = 100;

/** Pretty YAML: short maps on one line, texts of several lines as blocks. */
export function yamlOf(data: Readonly<Record<string, unknown>>, comment: string): string {
  const document = new Document(data);
  document.commentBefore = comment;
  visit(document, {
    Collection: (_key, node, path) => {
      const depth = path.length;
      const plain = JSON.stringify(node);
      const isStep =
        isMap(node) && node.items.some(({ key }) => isScalar(key) && STEP_KEYS.has(String(key.value)));
      const fits = plain.length <= LINE_MAX && !plain.includes('\\n');
      const inner = isMap(node) ? node.items.map(({ value }) => value) : node.items;
      if (depth > 1 && !isStep && !inner.some(isCollection) && fits) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, blockQuote: 'literal', singleQuote: true });
}

const STEP_KEYS: ReadonlySet<string> = new Set(['say', 'ask', 'branch', 'handoff']);

/** The translations of one flow into one language, as translators' tools open them. */
export function poOf(language: string, texts: readonly Text[]): Buffer | null {
  const entries = texts.flatMap(({ path, words }) => {
    const text = words.translations.get(language);
    return text === undefined || words.source === ''
      ? []
      : [{ msgctxt: path, msgid: words.source, msgstr: [text] }];
  });
  if (entries.length === 0) return null;
  const headers = {
    'Project-Id-Version': 'Lotse',
    Language: language,
    'MIME-Version': '1.0',
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Transfer-Encoding': '8bit',
  };
  const translations = Object.fromEntries(entries.map((entry) => [entry.msgctxt, { [entry.msgid]: entry }]));
  return Buffer.from(po.compile({ charset: 'utf-8', headers, translations }));
}
