/** Draws the conversation, and again when the switch, the language or a state changes. */
import { button, dayRow, lotseRows, make, myRow } from './chat-bubbles.js';
import { directionOf, wordsFor } from './chat-words.js';

/** How long the dots may promise an answer. */
const TYPING_MS = 20_000;

const byId = (id) => document.getElementById(id);
const dayOf = (at) => new Date(at).toDateString();

/** `hands`: `choose(choice)`, `openList(list, language)`, `sharePlace()`, `again(entry)`. */
export function createView(transcript, hands) {
  const [log, scroll, replies, typing] = ['log', 'scroll', 'replies', 'typing'].map(byId);
  let view = 'whatsapp';
  let language = '';
  let words = wordsFor('en');
  let hideTyping = 0;

  const rowsOf = (entry) => {
    if (entry.by === 'me') return [myRow(entry, { words, again: hands.again })];
    const openList = (list) => hands.openList(list, entry.message.language);
    return lotseRows(entry, entry.renderings[view], {
      ...hands,
      openList,
      words,
      marks: view === 'whatsapp',
    });
  };

  const append = (entry, before) => {
    if (!before || dayOf(before.at) !== dayOf(entry.at)) log.append(dayRow(entry.at, language));
    log.append(...rowsOf(entry));
  };

  /** Messenger's quick replies go with the next message, from whichever side. */
  const showReplies = () => {
    const last = transcript.all().at(-1);
    const offered = last?.by === 'lotse' ? last.renderings[view].at(-1) : undefined;
    const choices = offered?.type === 'quick_replies' ? offered.replies : [];
    replies.replaceChildren(
      ...choices.map((choice) => button('reply', () => hands.choose(choice), make('span', '', choice.title))),
    );
    replies.hidden = choices.length === 0;
    replies.lang = language;
  };

  const showTyping = () => {
    const last = transcript.all().at(-1);
    const leftMs = last?.by === 'me' && last.state === 'sent' ? last.at + TYPING_MS - Date.now() : 0;
    typing.hidden = leftMs <= 0;
    clearTimeout(hideTyping);
    if (leftMs > 0) hideTyping = setTimeout(showTyping, leftMs);
  };

  const toEnd = () => {
    scroll.scrollTop = scroll.scrollHeight;
  };

  const showEdges = () => {
    showReplies();
    showTyping();
    byId('welcome').hidden = transcript.all().length > 0;
    toEnd();
  };

  const drawAll = () => {
    // Drawing anew is no news: screen readers are not told everything again.
    log.setAttribute('aria-live', 'off');
    log.replaceChildren();
    transcript.all().forEach((entry, index, all) => append(entry, all[index - 1]));
    showEdges();
    requestAnimationFrame(() => log.setAttribute('aria-live', 'polite'));
  };

  const speak = (wanted) => {
    if (wanted === language) return;
    language = wanted;
    words = wordsFor(wanted);
    document.documentElement.lang = language;
    document.documentElement.dir = directionOf(language);
    for (const element of document.querySelectorAll('[data-word], [data-label]')) {
      element.lang = words.language;
      if (element.dataset.word) {
        element.textContent = words[element.dataset.word];
        element.dir = directionOf(words.language);
      }
      if (element.dataset.label) element.ariaLabel = words[element.dataset.label];
      if (element.tagName === 'BUTTON' && element.dataset.label) element.title = element.ariaLabel;
      if (element.dataset.placeholder) element.placeholder = words[element.dataset.placeholder];
    }
    for (const day of log.querySelectorAll('.day')) day.replaceWith(dayRow(Number(day.dataset.at), language));
  };

  return {
    words: () => words,
    drawAll,
    /** Something was said: one more bubble. */
    add: (entry) => {
      if (entry.by === 'lotse') speak(entry.message.language);
      append(entry, transcript.all().at(-2));
      showEdges();
    },
    update: (entries) => {
      for (const entry of entries)
        log.querySelector(`.row.me[data-id="${CSS.escape(entry.id)}"]`)?.replaceWith(...rowsOf(entry));
      showTyping();
      if (entries.length > 0 && !typing.hidden) toEnd();
    },
    speak,
    setView: (wanted) => {
      view = wanted;
      document.body.dataset.view = view;
      drawAll();
    },
  };
}
