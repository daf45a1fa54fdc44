import type { Menu, MenuOption, Message } from '../engine/message.ts';
import type { Limits } from './limits.ts';
import { oneLine, shorten, splitForMenu } from './text.ts';

/** What one message looks like within a platform's limits. Ids are option ids; lengths are UTF-16 units. */
export type Rendering =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'buttons'; readonly text: string; readonly buttons: readonly Choice[] }
  | { readonly type: 'list'; readonly text: string; readonly button: string; readonly rows: readonly Row[] }
  | { readonly type: 'quick_replies'; readonly text: string; readonly replies: readonly Choice[] }
  | { readonly type: 'location_request'; readonly text: string };

export interface Choice {
  readonly id: string;
  readonly title: string;
}

export interface Row extends Choice {
  readonly description?: string;
}

/** How a menu is shown: what is added to the text, and what goes below its last part. */
interface Form {
  readonly written: readonly string[];
  readonly bodyMax: number;
  readonly finish: (text: string) => Rendering;
}

/** An option with its place in the menu, 1 for the first, and its words on one line each. */
interface Numbered {
  readonly id: string;
  readonly number: number;
  readonly label: string;
  readonly detail: string;
}

/**
 * Shows one message within a platform's limits: one rendering or several, whatever can be tapped in the last.
 * Pure. Nothing of the text or of an option is lost; what does not fit where it belongs is written in the text.
 */
export function present(message: Message, limits: Limits): readonly Rendering[] {
  const { language, menu } = message;
  const form = menu ? menuForm(menu, limits, language) : plainForm(message, limits);
  const links = message.media?.map(({ url }) => url) ?? [];
  const text = withLines(message.text, [...links, ...form.written]);
  const pieces = splitForMenu(text, limits.textMax, form.bodyMax, language);
  return pieces.map((piece, index) =>
    index === pieces.length - 1 ? form.finish(piece) : { type: 'text', text: piece },
  );
}

function plainForm({ request }: Message, limits: Limits): Form {
  const asking = request === 'location' ? limits.locationRequest : undefined;
  return asking
    ? { written: [], bodyMax: asking.bodyMax, finish: (text) => ({ type: 'location_request', text }) }
    : textForm([], limits);
}

function textForm(written: readonly string[], limits: Limits): Form {
  return { written, bodyMax: limits.textMax, finish: (text) => ({ type: 'text', text }) };
}

function menuForm(menu: Menu, limits: Limits, language: string): Form {
  const options = menu.options.map(numbered);
  const tappable =
    menu.style === 'numbers'
      ? null
      : (buttonsForm(options, limits) ??
        listForm(options, menu.button, limits, language) ??
        quickRepliesForm(options, limits, language));
  return tappable ?? textForm(options.map(line), limits);
}

function buttonsForm(options: readonly Numbered[], { buttons }: Limits): Form | null {
  if (!buttons || options.length > buttons.max || !fitsAsTitles(options, buttons.titleMax)) return null;
  const finish = (text: string): Rendering => ({ type: 'buttons', text, buttons: options.map(choice) });
  return { written: [], bodyMax: buttons.bodyMax, finish };
}

function listForm(
  options: readonly Numbered[],
  label: string,
  { list }: Limits,
  language: string,
): Form | null {
  if (!list || options.length > list.max) return null;
  const plain = options.map((option) => listRow(option, false, list, language));
  const mixed = options.map((option, index) =>
    plain[index]?.whole === true ? plain[index] : listRow(option, true, list, language),
  );
  const rows = distinct(mixed.map(({ row }) => row.title))
    ? mixed
    : options.map((option) => listRow(option, true, list, language));
  const button = shorten(oneLine(label), list.buttonMax, language) || '…';
  return {
    written: options.filter((_, index) => rows[index]?.whole !== true).map(line),
    bodyMax: list.bodyMax,
    finish: (text) => ({ type: 'list', text, button, rows: rows.map(({ row }) => row) }),
  };
}

/** `whole`: title and description hold all of the option; else it has to be written in the text as well. */
function listRow(
  option: Numbered,
  counted: boolean,
  { titleMax, descriptionMax }: NonNullable<Limits['list']>,
  language: string,
): { readonly row: Row; readonly whole: boolean } {
  const title = counted ? count(option) : option.label;
  const below = title.length <= titleMax ? option.detail : whole(option);
  const row = { id: option.id, title: shorten(title, titleMax, language) };
  const description = shorten(below, descriptionMax, language);
  return {
    row: description === '' ? row : { ...row, description },
    whole: below.length <= descriptionMax,
  };
}

function quickRepliesForm(options: readonly Numbered[], limits: Limits, language: string): Form | null {
  const { quickReplies } = limits;
  if (!quickReplies || options.length > quickReplies.max) return null;
  const { titleMax, bodyMax } = quickReplies;
  const short = fitsAsTitles(options, titleMax);
  const replies = short
    ? options.map(choice)
    : options.map((option) => ({ id: option.id, title: shorten(count(option), titleMax, language) }));
  return {
    written: short ? [] : options.map(line),
    bodyMax,
    finish: (text) => ({ type: 'quick_replies', text, replies }),
  };
}

function fitsAsTitles(options: readonly Numbered[], titleMax: number): boolean {
  return (
    options.every(({ label, detail }) => label !== '' && label.length <= titleMax && detail === '') &&
    distinct(options.map(({ label }) => label))
  );
}

/** «…» alone says nothing, so it counts as a clash: the number then tells the rows apart. */
function distinct(titles: readonly string[]): boolean {
  return new Set(titles).size === titles.length && !titles.some((title) => title === '' || title === '…');
}

function choice({ id, label }: Numbered): Choice {
  return { id, title: label };
}

function numbered({ id, label, detail = '' }: MenuOption, index: number): Numbered {
  return { id, number: index + 1, label: oneLine(label), detail: oneLine(detail) };
}

function count({ number, label }: Numbered): string {
  return `${String(number)}. ${label}`.trim();
}

function whole({ label, detail }: Numbered): string {
  return detail === '' ? label : `${label} – ${detail}`;
}

function line(option: Numbered): string {
  return `${String(option.number)}. ${whole(option)}`.trim();
}

function withLines(text: string, written: readonly string[]): string {
  return [text.trim() || '…', ...(written.length > 0 ? [written.join('\n')] : [])].join('\n\n');
}
