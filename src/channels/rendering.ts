import type { Message } from '../engine/message.ts';
import { extrasOf, linkLine, type Extra } from './extras.ts';
import type { Limits } from './limits.ts';
import { menuForm, type MenuBelow } from './menus.ts';
import { oneLine, shorten, splitForMenu } from './text.ts';

/** What can be tapped below a text. */
type Below =
  | MenuBelow
  | { readonly type: 'link'; readonly title: string; readonly url: string }
  | { readonly type: 'location_request' };

/** What one message looks like within a platform's limits. Ids are option ids; lengths are UTF-16 units. */
export type Rendering =
  { readonly type: 'text'; readonly text: string } | ({ readonly text: string } & Below) | Extra;

/** How a message is shown: the lines added to its text, and what goes below the last part. */
interface Form {
  readonly lines: readonly string[];
  readonly bodyMax: number;
  readonly below: Below | null;
}

/**
 * Shows one message within a platform's limits: one rendering or several. Pure. Nothing of the text or of an
 * option is lost; what does not fit where it belongs is written in the text. Whatever can be tapped comes last,
 * for it may vanish with the next message: a recording is then heard before it, a place or card seen before it.
 */
export function present(message: Message, limits: Limits): readonly Rendering[] {
  const { language, menu } = message;
  const extras = extrasOf(message, limits);
  const form = menu ? menuForm(menu, limits, language) : plainForm(message, limits);
  const beside = message.link && form.below?.type !== 'link' ? [linkLine(message.link)] : [];
  const text = withLines(message.text, [...extras.lines, ...beside], form.lines);
  const pieces = splitForMenu(text, limits.textMax, form.bodyMax, language);
  const texts = pieces.map((piece): Rendering => ({ type: 'text', text: piece }));
  if (!form.below) return [...texts, ...extras.apart];
  return [...texts.slice(0, -1), ...extras.apart, { ...form.below, text: pieces.at(-1) ?? '…' }];
}

function plainForm({ request, link, language }: Message, limits: Limits): Form {
  if (request === 'location' && limits.locationRequest)
    return { lines: [], bodyMax: limits.locationRequest.bodyMax, below: { type: 'location_request' } };
  if (!link || !limits.link) return { lines: [], bodyMax: limits.textMax, below: null };
  const { titleMax, bodyMax } = limits.link;
  const label = oneLine(link.label);
  const title = shorten(label, titleMax, language) || '…';
  const lines = label === '' || label === title ? [] : [label];
  return { lines, bodyMax, below: { type: 'link', title, url: link.url } };
}

function withLines(text: string, ...blocks: readonly (readonly string[])[]): string {
  const written = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return [text.trim() || '…', ...written].join('\n\n');
}
