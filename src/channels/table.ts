import { MESSENGER, PLAIN_TEXT, WHATSAPP, type Limits, type MediaType } from './limits.ts';

const PLATFORMS: readonly (readonly [string, Limits])[] = [
  ['WhatsApp', WHATSAPP],
  ['Messenger', MESSENGER],
  ['Text only', PLAIN_TEXT],
];

/** Everything below this line of the page is written by hand. */
const MARKER = '<!-- Above: made by `lotse schema` from src/channels/limits.ts. Below: written by hand. -->';

type Cell = (limits: Limits) => string;

const chars = (count: number): string => `${count.toLocaleString('en')} characters`;

const ROWS: readonly (readonly [string, Cell])[] = [
  ['A text', ({ textMax }) => `${chars(textMax)}; longer ones in parts`],
  ['Few short answers', fewAnswers],
  ['Other answers', answers],
  ['Answers too long for that', longer],
  ['More answers than that', pages],
  ['The text above them', above],
  ['A link', link],
  [
    'Asking for the location',
    ({ locationRequest }) => (locationRequest ? 'a button that sends it' : 'the question'),
  ],
  ['A place', ({ location }) => (location === true ? 'a map' : 'a link to OpenStreetMap')],
  [
    'Whom to call',
    ({ contacts }) =>
      contacts
        ? `${String(contacts.max)} cards ${contacts.call ? 'with buttons that call' : 'for the address book'}`
        : 'names and numbers',
  ],
  ['A picture', media('image', 'shown')],
  ['A recording', media('audio', 'played')],
  ['A film', media('video', 'played')],
  ['A document', media('document', 'a file')],
  [
    'While others are asked',
    ({ typingMs }) =>
      typingMs === undefined ? 'nothing' : `«read», and «typing …» for ${String(typingMs / 1000)} s`,
  ],
  ['Answering one message of several', ({ quotes }) => (quotes === true ? 'quotes it' : 'the answer alone')],
  [
    'Answers may come',
    ({ windowMs }) =>
      windowMs === undefined ? 'at any time' : `for ${String(windowMs / 3_600_000)} hours after a message`,
  ],
  ['Reminders later than that', late],
];

/**
 * `docs/channels.md`: what each platform shows, from the limits that are kept in code. `written`: the page as it
 * was, of which the part written by hand is kept.
 */
export function channelsPage(written = ''): string {
  const [, byHand = ''] = written.split(MARKER);
  return `${[
    '# Channels',
    'Authors write one menu, one link, one place; each platform shows it as well as it can, and nothing is lost:\nwhat does not fit is written in the text. The numbers are the most there can be. A letter is one character, most\nemoji are two or more (UTF-16 units).',
    table(),
    MARKER,
  ].join('\n\n')}\n${byHand === '' ? '' : `\n${byHand.trim()}\n`}`;
}

function fewAnswers(limits: Limits): string {
  const { buttons } = limits;
  return buttons ? `${String(buttons.max)} buttons of ${chars(buttons.titleMax)}` : answers(limits);
}

function answers({ list, quickReplies }: Limits): string {
  if (list)
    return `a list of ${String(list.max)} rows of ${chars(list.titleMax)}, with ${String(list.descriptionMax)} more below each`;
  return quickReplies
    ? `${String(quickReplies.max)} quick replies of ${chars(quickReplies.titleMax)}`
    : 'numbers to write';
}

function longer({ list, quickReplies }: Limits): string {
  if (list) return 'cut there, whole below or in the text';
  return quickReplies ? 'cut there, whole in the text' : 'whole in the text';
}

function pages({ list, quickReplies }: Limits): string {
  if (list) return `pages of ${String(list.max - 1)}; the last row leads on`;
  return quickReplies ? `pages of ${String(quickReplies.max - 1)}; the last leads on` : 'all are numbered';
}

function above({ textMax, buttons, list, quickReplies }: Limits): string {
  const max = Math.min(...[buttons, list, quickReplies].map((form) => form?.bodyMax ?? textMax));
  return max < textMax ? `${chars(max)} in its last part` : 'as any text';
}

function link({ link: button }: Limits): string {
  return button
    ? `a button of ${chars(button.titleMax)} below ${chars(button.bodyMax)}; a line beside answers`
    : 'a line';
}

function late({ windowMs, template }: Limits): string {
  if (windowMs === undefined) return 'as before';
  return template
    ? `an approved template, each value of ${chars(template.parameterMax)}`
    : 'wait until the person writes';
}

function media(type: MediaType, how: string): Cell {
  return (limits) => {
    const shown = limits.media?.[type];
    if (!shown) return 'a link';
    return shown.bytesMax === undefined ? how : `${how}, to ${String(shown.bytesMax / 1024 ** 2)} MiB`;
  };
}

/** With columns even, as Prettier writes them. */
function table(): string {
  const rows = [
    ['', ...PLATFORMS.map(([name]) => name)],
    ...ROWS.map(([what, cell]) => [what, ...PLATFORMS.map(([, limits]) => cell(limits))]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const [head = '', ...body] = rows.map((row) =>
    line(row.map((cell, column) => cell.padEnd(widths[column] ?? 0))),
  );
  return [head, line(widths.map((width) => '-'.repeat(width))), ...body].join('\n');
}
