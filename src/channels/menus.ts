import { moreId, type Menu, type MenuOption } from '../engine/message.ts';
import type { Limits } from './limits.ts';
import { oneLine, shorten } from './text.ts';

export interface Choice {
  readonly id: string;
  readonly title: string;
}

export interface Row extends Choice {
  readonly description?: string;
}

/** What can be tapped below a menu's text; ids are option ids, or `moreId` on the last. */
export type MenuBelow =
  | { readonly type: 'buttons'; readonly buttons: readonly Choice[] }
  | { readonly type: 'list'; readonly button: string; readonly rows: readonly Row[] }
  | { readonly type: 'quick_replies'; readonly replies: readonly Choice[] };

/** How a menu is shown: the lines added to the text, and what goes below its last part. */
export interface MenuForm {
  readonly lines: readonly string[];
  readonly bodyMax: number;
  /** null: the options are only written. */
  readonly below: MenuBelow | null;
}

/** An option with its place in the whole menu, 1 for the first, and its words on one line each. */
interface Numbered {
  readonly id: string;
  readonly number: number;
  readonly label: string;
  readonly detail: string;
}

/** The options that are shown at once, and what leads on to the others; null on the last page. */
interface Page {
  readonly options: readonly Numbered[];
  readonly more: Choice | null;
}

/** Menus come again and again: what was made of one list of options is kept for as long as the list is. */
const made = new WeakMap<
  Menu['options'],
  { readonly limits: Limits; readonly key: string; form: MenuForm }[]
>();

/** As `fit`, from what was shown before where it can. */
export function menuForm(menu: Menu, limits: Limits, language: string): MenuForm {
  const { options, from = 0, style, button, more = '' } = menu;
  const key = [language, from, style, button, more].join('\n');
  const known = made.get(options);
  const before = known?.find((one) => one.limits === limits && one.key === key);
  if (before) return before.form;
  const form = fit(menu, limits, language);
  if (known) known.push({ limits, key, form });
  else made.set(options, [{ limits, key, form }]);
  return form;
}

/**
 * Fits a menu into a platform: words too long for titles are written in the text, options too many for one
 * screen come on a later page. Where nothing can be tapped, all options are written with their numbers.
 */
function fit(menu: Menu, limits: Limits, language: string): MenuForm {
  const all = menu.options.map(numbered);
  const from = pageStart(menu);
  const left = all.slice(from);
  const page = (max: number, titleMax: number): Page => {
    if (left.length <= max) return { options: left, more: null };
    const title = shorten(oneLine(menu.more ?? ''), titleMax, language) || '…';
    return { options: left.slice(0, max - 1), more: { id: moreId(from + max - 1), title } };
  };
  const { buttons, list, quickReplies, textMax } = limits;
  const written: MenuForm = { lines: all.map(line), bodyMax: textMax, below: null };
  if (menu.style === 'numbers') return written;
  if (buttons && left.length <= buttons.max && fitAsTitles(left, buttons.titleMax))
    return {
      lines: [],
      bodyMax: buttons.bodyMax,
      below: { type: 'buttons', buttons: left.map(choice) },
    };
  if (list) return listForm(page(list.max, list.titleMax), menu.button, list, language);
  if (quickReplies)
    return quickRepliesForm(page(quickReplies.max, quickReplies.titleMax), quickReplies, language);
  return written;
}

/** How many options are on earlier pages. A page that is gone, for the flow became shorter, is the first. */
export function pageStart({ from = 0, options }: Menu): number {
  return from < options.length ? from : 0;
}

function listForm(
  { options, more }: Page,
  label: string,
  list: NonNullable<Limits['list']>,
  language: string,
): MenuForm {
  const plain = options.map((option) => listRow(option, false, list, language));
  const mixed = options.map((option, index) =>
    plain[index]?.whole === true ? plain[index] : listRow(option, true, list, language),
  );
  const rows = distinct(
    mixed.map(({ row }) => row.title),
    more,
  )
    ? mixed
    : options.map((option) => listRow(option, true, list, language));
  const titles = rows.map(({ row }) => row.title);
  return {
    lines: options.filter((_, index) => rows[index]?.whole !== true).map(line),
    bodyMax: list.bodyMax,
    below: {
      type: 'list',
      button: shorten(oneLine(label), list.buttonMax, language) || '…',
      rows: [...rows.map(({ row }) => row), ...apart(more, titles)],
    },
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

function quickRepliesForm(
  { options, more }: Page,
  { titleMax, bodyMax }: NonNullable<Limits['quickReplies']>,
  language: string,
): MenuForm {
  const short =
    fitAsTitles(options, titleMax) &&
    distinct(
      options.map(({ label }) => label),
      more,
    );
  const replies = short
    ? options.map(choice)
    : options.map((option) => ({ id: option.id, title: shorten(count(option), titleMax, language) }));
  const titles = replies.map(({ title }) => title);
  return {
    lines: short ? [] : options.map(line),
    bodyMax,
    below: { type: 'quick_replies', replies: [...replies, ...apart(more, titles)] },
  };
}

function fitAsTitles(options: readonly Numbered[], titleMax: number): boolean {
  return (
    options.every(({ label, detail }) => label !== '' && label.length <= titleMax && detail === '') &&
    distinct(options.map(({ label }) => label))
  );
}

/** «…» alone says nothing of an option, so it counts as a clash: the number then tells the options apart. */
function distinct(titles: readonly string[], more: Choice | null = null): boolean {
  const all = more ? [...titles, more.title] : titles;
  return new Set(all).size === all.length && !titles.some((title) => title === '' || title === '…');
}

/** The way on, under a title that no option has. */
function apart(more: Choice | null, titles: readonly string[]): readonly Choice[] {
  if (!more) return [];
  return [titles.includes(more.title) ? { ...more, title: '…' } : more];
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
