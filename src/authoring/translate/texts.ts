import type { Flow } from '../../engine/model.ts';
import { phrases } from '../../engine/phrases.ts';
import { LABEL_LIMITS } from '../limits.ts';
import { placeholdersOf } from './placeholders.ts';

/** One text to translate, and what its translator should know. */
export interface Translatable {
  readonly path: string;
  readonly source: string;
  /** One line each, in English. */
  readonly about: readonly string[];
}

const { whatsapp, messenger } = LABEL_LIMITS;
const WORDS = 'separated by commas. Write what people really write; there may be more or fewer than here';
const LABELS = new Set(['menu.button', 'menu.more', 'forget.yes', 'forget.no']);

/** The texts of a flow in its order. */
export function textsOf({ texts }: Pick<Flow, 'texts'>): Translatable[] {
  const detailed = detailedQuestions(texts.keys());
  return [...texts].map(([path, source]) => ({ path, source, about: about(path, source, texts, detailed) }));
}

/** Lotse's own phrases. */
export function phraseTexts(): Translatable[] {
  return textsOf({ texts: new Map<string, string>(Object.entries(phrases)) });
}

export const isLabel = (path: string): boolean => path.endsWith('.label') || LABELS.has(path);

/** `steps.need.options.flat.label` -> `steps.need`; null: it is no answer of a question. */
export function questionOf(path: string): string | null {
  return /^(.*)\.options\./.exec(path)?.[1] ?? null;
}

/** The questions of which any answer has a detail: all their answers are rows of a list. */
export function detailedQuestions(paths: Iterable<string>): ReadonlySet<string> {
  const details = [...paths].filter((path) => path.endsWith('.detail'));
  return new Set(details.flatMap((path) => questionOf(path) ?? []));
}

function about(
  path: string,
  source: string,
  texts: ReadonlyMap<string, string>,
  detailed: ReadonlySet<string>,
): string[] {
  const used = placeholdersOf(source);
  return [
    ...kind(path, texts, detailed),
    ...(used.length === 0
      ? []
      : [`Keep as they are: ${used.map((name) => `{{${name}}}`).join(', ')}. Lotse puts something there.`]),
  ];
}

function kind(path: string, texts: ReadonlyMap<string, string>, detailed: ReadonlySet<string>): string[] {
  if (path === 'title') return ['The name of this conversation'];
  if (path === 'entry') return [`Words that open this conversation, ${WORDS}`];
  if (path === 'crisis') return [`Words of people in danger, ${WORDS}`];
  if (path.startsWith('words.'))
    return [`Words that work everywhere, ${WORDS}`, 'The first word is the one shown to people'];
  if (path.endsWith('.detail'))
    return [
      `The line below an answer to tap: at most ${String(whatsapp.detail)} characters`,
      ...answers(path, texts),
    ];
  if (path.endsWith('.link.label'))
    return [`A button that opens a page: at most ${String(whatsapp.button)} characters`];
  if (path.endsWith('.link.url')) return ['The page behind the button above, in this language'];
  if (path.endsWith('.image')) return ['The address of a picture, for this language'];
  if (path.endsWith('.voice')) return ['The address of the message read aloud, in this language'];
  if (isLabel(path)) {
    const max = detailed.has(questionOf(path) ?? '')
      ? whatsapp.row
      : Math.min(whatsapp.button, messenger.quickReply);
    return [
      `An answer to tap: at most ${String(max)} characters, more are cut off on WhatsApp and Messenger`,
      ...answers(path, texts),
    ];
  }
  if (path.endsWith('.ask')) return ['A question'];
  if (path.endsWith('.hint')) return ['Said when the answer was not understood'];
  return ['A message'];
}

/** The question an answer belongs to, so that a translator sees the two together. */
function answers(path: string, texts: ReadonlyMap<string, string>): string[] {
  const question = texts.get(path.replace(/\.options\..*$/, '.ask'))?.replace(/\s+/g, ' ');
  if (question === undefined || question.trim() === '') return [];
  // At a space, so that no character is cut in two.
  const short = /^.{0,70}(?= |$)/u.exec(question.trim())?.[0] ?? '';
  return [`Answers: ${short === question.trim() ? short : `${short} …`}`];
}
