import bidiModule from 'bidi-js';
import type { Direction } from './direction.ts';
import { fontFor, type Font } from './fonts.ts';

// Its types promise an ES module; at run time it is a CommonJS function.
const bidi = (typeof bidiModule === 'function' ? bidiModule : bidiModule.default)();

/** Letters in one font and one direction, to be drawn from left to right after the run before. */
export interface Run {
  readonly text: string;
  readonly font: Font;
}

/** Vowel signs, accents and joiners belong to the letter before them, whatever font would have them. */
const CLINGS = /^[\p{M}\p{Cf}]$/u;
const SPEAKS = /^[\p{L}\p{N}]$/u;

interface Piece {
  text: string;
  readonly font: Font;
  readonly level: number;
  readonly word: boolean;
}

/**
 * One line as it is drawn from left to right. The letters within a run stay in the order of speech, for the font
 * library shapes and turns Arabic words itself; but only word by word, so spaces and signs are runs of their own.
 */
export function runsOf(line: string, direction: Direction): Run[] {
  const { levels } = bidi.getEmbeddingLevels(line, direction);
  const pieces: Piece[] = [];
  let at = 0;
  for (const character of line) {
    const level = levels[at] ?? 0;
    at += character.length;
    const last = pieces.at(-1);
    if (last && CLINGS.test(character)) {
      last.text += character;
      continue;
    }
    const font = fontFor(character);
    if (!font) continue;
    const turned = level % 2 === 1;
    const word = !turned || SPEAKS.test(character);
    const text = turned ? (bidi.getMirroredCharacter(character) ?? character) : character;
    if (last && last.word && word && last.level === level && last.font === font) last.text += text;
    else pieces.push({ text, font, level, word });
  }
  return reordered(pieces);
}

/** Letters and digits that no font has: without them the text would be another one. */
export function unprintable(text: string): string[] {
  const missing = new Set<string>();
  for (const character of text) if (SPEAKS.test(character) && !fontFor(character)) missing.add(character);
  return [...missing];
}

/** Rule L2 of Unicode's bidirectional algorithm: from the highest level down, what is at least as high is turned. */
function reordered(pieces: readonly Piece[]): Run[] {
  let result = [...pieces];
  const highest = Math.max(0, ...pieces.map(({ level }) => level));
  for (let level = highest; level >= 1; level -= 1) {
    const next: Piece[] = [];
    let held: Piece[] = [];
    for (const piece of result)
      if (piece.level >= level) held.unshift(piece);
      else {
        next.push(...held, piece);
        held = [];
      }
    result = [...next, ...held];
  }
  return result.map(({ text, font }) => ({ text, font }));
}

/** How a text runs that belongs to no language, by its first letter. */
export function leadingDirection(text: string): Direction {
  const [paragraph] = bidi.getEmbeddingLevels(text).paragraphs;
  return paragraph && paragraph.level % 2 === 1 ? 'rtl' : 'ltr';
}
