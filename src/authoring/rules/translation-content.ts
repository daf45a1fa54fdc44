import { LABEL_LIMITS } from '../limits.ts';
import type { Rule } from '../rule.ts';
import { placeholderFaults } from '../translate/placeholders.ts';
import { detailedQuestions, isLabel, questionOf } from '../translate/texts.ts';
import { atEntry, eachShown, type Sources } from './translations.ts';

/** Placeholders that a translation lost, invented or broke: people would read braces, or miss an answer. */
export const translatedPlaceholders: Rule = (checked) =>
  eachShown(checked, (shown) => {
    const faults = placeholderFaults(shown.entry.source, shown.entry.text);
    if (faults.length === 0) return null;
    const message = `the translation of '${shown.entry.path}' ${faults.join(', and ')}`;
    return atEntry(shown, 'error', 'translation-placeholder', message);
  });

const { whatsapp, messenger } = LABEL_LIMITS;

/** Translations longer than a channel shows where they belong. */
export const longTranslations: Rule = (checked) => {
  const shapes = new Map<Sources, Shape>();
  return eachShown(checked, (shown) => {
    const shape = shapes.get(shown.sources) ?? shapeOf(shown.sources);
    shapes.set(shown.sources, shape);
    const { path, text } = shown.entry;
    const over = limitsOf(path, shape).filter(({ max }) => text.length > max);
    if (over.length === 0) return null;
    const where = over.map(({ max, on }) => `${on} shows ${String(max)}`).join(', ');
    const message = `the translation of '${path}' has ${String(text.length)} characters; ${where}: find shorter words`;
    return atEntry(shown, 'warning', 'translation-too-long', message);
  });
};

interface Shape {
  readonly detailed: ReadonlySet<string>;
  /** Question -> number of its options. */
  readonly options: ReadonlyMap<string, number>;
}

function shapeOf({ texts }: Sources): Shape {
  const options = new Map<string, number>();
  for (const path of texts.keys()) {
    const question = path.endsWith('.label') ? questionOf(path) : null;
    if (question !== null) options.set(question, (options.get(question) ?? 0) + 1);
  }
  return { detailed: detailedQuestions(texts.keys()), options };
}

/** How channels show this text; a label stands in a list as soon as any answer has a detail or buttons are too many. */
function limitsOf(path: string, { detailed, options }: Shape): { max: number; on: string }[] {
  if (path === 'menu.button') return [{ max: whatsapp.listButton, on: "WhatsApp's button above a list" }];
  if (path.endsWith('.detail')) return [{ max: whatsapp.detail, on: 'a row on WhatsApp' }];
  if (isLabel(path)) {
    const question = questionOf(path) ?? '';
    if (detailed.has(question)) return [{ max: whatsapp.row, on: 'a row on WhatsApp' }];
    const isButton = (options.get(question) ?? 0) <= whatsapp.buttons;
    return [
      isButton
        ? { max: whatsapp.button, on: 'a button on WhatsApp' }
        : { max: whatsapp.row, on: 'a row on WhatsApp' },
      { max: messenger.quickReply, on: 'Messenger' },
    ];
  }
  if (path.endsWith('.ask')) return [{ max: whatsapp.body, on: 'WhatsApp above a menu' }];
  return [{ max: messenger.text, on: 'one message on Messenger' }];
}

/** Marks of *bold* without their second half: people would see a star. */
export const unbalancedBold: Rule = (checked) =>
  eachShown(checked, (shown) => {
    const { path, source, text } = shown.entry;
    if (!text.includes('*')) return null;
    const line = text.split('\n').find(isUnbalanced);
    if (line === undefined || source.split('\n').some(isUnbalanced)) return null;
    const message = `the translation of '${path}' has a * without its second half in '${shortened(line)}'; *bold* words stand between two on one line`;
    return atEntry(shown, 'warning', 'translation-bold', message);
  });

const isUnbalanced = (line: string): boolean => (line.match(/\*/g)?.length ?? 0) % 2 === 1;
const shortened = (line: string): string => (line.length > 60 ? `${line.slice(0, 60)}…` : line);
