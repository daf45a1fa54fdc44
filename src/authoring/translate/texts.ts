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
const LABELS = new Set(['menu.button', 'forget.yes', 'forget.no']);

/** The texts of a flow in its order. */
export function textsOf({ texts }: Flow): Translatable[] {
  return [...texts].map(([path, source]) => ({ path, source, about: about(path, source, texts) }));
}

/** Lotse's own phrases. */
export function phraseTexts(): Translatable[] {
  const texts = new Map<string, string>(Object.entries(phrases));
  return [...texts].map(([path, source]) => ({ path, source, about: about(path, source, texts) }));
}

export const isLabel = (path: string): boolean => path.endsWith('.label') || LABELS.has(path);

/** Whether any answer of the question this label belongs to has a detail: then they are all rows of a list. */
export function hasDetails(path: string, texts: ReadonlyMap<string, string>): boolean {
  const [question] = /^.*\.options\./.exec(path) ?? [];
  if (question === undefined) return false;
  for (const other of texts.keys()) if (other.startsWith(question) && other.endsWith('.detail')) return true;
  return false;
}

function about(path: string, source: string, texts: ReadonlyMap<string, string>): string[] {
  const used = placeholdersOf(source);
  return [
    ...kind(path, texts),
    ...(used.length === 0
      ? []
      : [`Keep as they are: ${used.map((name) => `{{${name}}}`).join(', ')}. Lotse puts something there.`]),
  ];
}

function kind(path: string, texts: ReadonlyMap<string, string>): string[] {
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
  if (isLabel(path)) {
    const max = hasDetails(path, texts) ? whatsapp.row : Math.min(whatsapp.button, messenger.quickReply);
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
