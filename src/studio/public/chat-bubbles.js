/** The bubbles of a conversation, drawn as WhatsApp, Messenger or plain text would show them. */
import { writeText } from './chat-text.js';
import { directionOf } from './chat-words.js';

const SVG = 'http://www.w3.org/2000/svg';

export function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#icon-${name}`);
  svg.append(use);
  return svg;
}

export function button(className, onClick, ...children) {
  const element = make('button', className, ...children);
  element.type = 'button';
  element.addEventListener('click', onClick);
  return element;
}

function timeOf(entry, language) {
  const time = make('time', '', new Intl.DateTimeFormat(language, { timeStyle: 'short' }).format(entry.at));
  time.dateTime = new Date(entry.at).toISOString();
  return time;
}

/** A link that opens beside the conversation; an address that is none of the web's leads nowhere. */
function webLink(className, url, ...children) {
  const link = make('a', className, ...children);
  if (/^https?:\/\//i.test(url))
    Object.assign(link, { href: url, target: '_blank', rel: 'noopener noreferrer' });
  return link;
}

/** What a bubble says instead of a text, as nodes. No file of another server is loaded before it is asked for. */
const SAID = {
  media: ({ media, url }, { words }) => {
    const link = webLink('open', url, words[media] ?? words.document);
    // A file beside the flows, which this server has.
    if (/^media\//.test(url)) Object.assign(link, { href: `/${url}`, target: '_blank' });
    link.lang = words.language;
    return [icon('file'), ' ', link];
  },
  location: ({ latitude, longitude, name, address }, { words }) => {
    const at = `${latitude}/${longitude}`;
    const map = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=17/${at}`;
    const link = webLink('open', map, words.map);
    link.lang = words.language;
    const called = [name, address].filter(Boolean).flatMap((line) => [line, make('br')]);
    return [icon('place'), ' ', ...called, link];
  },
  contacts: ({ contacts }) =>
    contacts.flatMap(({ name, phones, url }, index) => [
      ...(index > 0 ? [make('br')] : []),
      make('bdi', '', name),
      ...phones.flatMap((phone) => {
        const link = make('a', 'open', phone);
        link.href = `tel:${phone}`;
        link.dir = 'ltr';
        return [make('br'), link];
      }),
      ...(url ? [make('br'), webLink('open', url, url)] : []),
    ]),
};

/** What hangs below a bubble's text, per kind of rendering; quick replies are above the composer, as on Messenger. */
const BELOW = {
  link: ({ title, url }) => [webLink('action', url, icon('open'), make('span', '', title))],
  buttons: ({ buttons }, { choose }) =>
    buttons.map((choice) =>
      button('action', () => choose(choice), icon('reply'), make('span', '', choice.title)),
    ),
  list: (list, { openList }) => {
    const opener = button('action', () => openList(list), icon('list'), make('span', '', list.button));
    opener.setAttribute('aria-haspopup', 'dialog');
    return [opener];
  },
  location_request: (_rendering, { sharePlace, words }) => {
    const share = button('action', sharePlace, icon('place'), make('span', '', words.place));
    share.lang = words.language;
    return [share];
  },
};

function hidden(text) {
  return make('span', 'hidden', `${text}: `);
}

/** One message of Lotse: a row per rendering. `hands` says what its buttons do; `marks`: whether *x* is bold. */
export function lotseRows(entry, renderings, { marks, ...hands }) {
  const { language } = entry.message;
  return renderings.map((rendering, index) => {
    const said = make('div', 'said');
    said.append(hidden('Lotse'));
    const instead = SAID[rendering.type]?.(rendering, hands);
    if (instead) said.append(...instead);
    else writeText(said, rendering.text, marks);
    const meta = make('span', 'meta', timeOf(entry, language));
    const bubble = make('div', 'bubble', make('div', 'words', said, meta));
    const actions = BELOW[rendering.type]?.(rendering, hands) ?? [];
    if (actions.length > 0) bubble.append(make('div', 'actions', ...actions));
    const row = make('div', index === 0 ? 'row lotse first' : 'row lotse', bubble);
    row.lang = language;
    row.dir = directionOf(language);
    return row;
  });
}

/** One thing the person did. */
export function myRow(entry, { words, again }) {
  const said = make('div', 'said', hidden(words.you));
  if (entry.input?.latitude !== undefined) said.append(icon('place'), ' ');
  const text = make('span', '', entry.text);
  text.dir = 'auto';
  said.append(text);
  const meta = make('span', 'meta', timeOf(entry, words.language), icon(entry.state));
  meta.append(make('span', 'hidden', ` ${words[entry.state]}`));
  const bubble = make('div', 'bubble', make('div', 'words', said, meta));
  if (entry.state === 'failed') {
    const why = make('p', 'why', entry.why ?? words.failed);
    why.dir = 'auto';
    bubble.append(
      why,
      make(
        'div',
        'actions',
        button('action', () => again(entry), words.again),
      ),
    );
  }
  const row = make('div', `row me ${entry.state}`, bubble);
  row.dataset.id = entry.id;
  return row;
}

export function dayRow(at, language) {
  const days = Math.round(
    (new Date(at).setHours(12, 0, 0, 0) - new Date().setHours(12, 0, 0, 0)) / 86_400_000,
  );
  const name =
    days >= -1
      ? new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(days, 'day')
      : new Intl.DateTimeFormat(language, { dateStyle: 'full' }).format(at);
  const row = make('div', 'day', make('span', '', name));
  row.dataset.at = at;
  return row;
}
