/** The chat page: puts the transcript, the line to the server and the view together. */
import { button } from './chat-bubbles.js';
import { createLine } from './chat-line.js';
import { findPlace } from './chat-place.js';
import { openList, readySheet } from './chat-sheet.js';
import { createTranscript } from './chat-transcript.js';
import { createView } from './chat-view.js';
import { GREETINGS } from './chat-words.js';

const byId = (id) => document.getElementById(id);
const [text, sheet, leave, banner, notice, state] = [
  'text',
  'sheet',
  'leave',
  'banner',
  'notice',
  'state',
].map(byId);

/** 22 characters of chance; crypto.randomUUID is missing where the page came over plain http. */
const newId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(11)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );

const transcript = createTranscript();
const view = createView(transcript, {
  choose,
  sharePlace: () => void sharePlace(),
  openList: (list, language) => openList(sheet, list, language, choose),
  again: (entry) => {
    view.update(transcript.mark((other) => other === entry, 'waiting'));
    line.wake();
    showState();
    keepFocus();
  },
});
let connection = 'connecting';

const line = createLine({
  nextWaiting: transcript.nextWaiting,
  onState: (now) => {
    connection = now;
    showState();
  },
  onSent: (entry) => {
    // The answer may have been faster than the receipt.
    const answered = transcript.lastSaid()?.at >= entry.at;
    view.update(transcript.mark((other) => other === entry, answered ? 'answered' : 'sent'));
    showState();
  },
  onFailed: (entry, why) => {
    entry.why = why;
    view.update(transcript.mark((other) => other === entry, 'failed'));
  },
  onMessage: ({ id, message, renderings }) => {
    if (transcript.has(id)) return;
    const entry = { by: 'lotse', id, at: Date.now(), message, renderings };
    const answered = transcript.mark((other) => other.state === 'sent', 'answered');
    transcript.add(entry);
    view.update(answered);
    view.add(entry);
    grow();
    showState();
  },
});

function say(shown, input) {
  const entry = { by: 'me', id: newId(), at: Date.now(), text: shown, input, state: 'waiting' };
  transcript.add(entry);
  view.add(entry);
  notice.hidden = true;
  line.wake();
  showState();
  keepFocus();
}

/** Who used the keyboard goes on in the conversation when what they pressed is gone; no phone unfolds its own. */
function keepFocus() {
  const at = document.activeElement;
  if (at === null || at === document.body || !at.checkVisibility())
    byId('log').focus({ preventScroll: true });
}

function choose({ id, title }) {
  say(title, { choice: id, text: title });
}

async function sharePlace() {
  explain('placeAsked');
  const { problem, latitude, longitude } = await findPlace();
  if (problem) return explain(problem);
  const round = (number) => number.toFixed(4);
  // Isolated, so that the two numbers keep their order in a right-to-left line.
  const degrees = `\u2066${round(latitude)}, ${round(longitude)}\u2069`;
  say(`${view.words().myPlace} (${degrees})`, { latitude, longitude });
}

function explain(word) {
  byId('notice-text').textContent = view.words()[word];
  notice.hidden = false;
}

function showState() {
  const words = view.words();
  state.textContent = connection === 'online' ? words.online : words.connecting;
  state.dataset.state = connection;
  const waits = transcript.nextWaiting() !== undefined;
  banner.hidden = connection !== 'away';
  const why = banner.hidden ? '' : waits ? words.away : words.awayIdle;
  if (banner.textContent !== why) banner.textContent = why;
}

function grow() {
  // Empty, the placeholder decides the direction; then what is typed.
  text.dir = text.value === '' ? document.documentElement.dir : 'auto';
  text.style.height = 'auto';
  text.style.height = `${text.scrollHeight}px`;
  byId('send').classList.toggle('ready', text.value.trim() !== '');
}

byId('composer').addEventListener('submit', (event) => {
  event.preventDefault();
  const typed = text.value.trim();
  if (typed === '') return text.focus();
  text.value = '';
  grow();
  say(typed, { text: typed });
  text.focus({ preventScroll: true });
});
text.addEventListener('input', grow);
text.addEventListener('keydown', (event) => {
  // Enter also ends a word that is being composed, in Arabic or Chinese keyboards for instance.
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  byId('composer').requestSubmit();
});
byId('menu').addEventListener('click', () => say('menu', { text: 'menu' }));
byId('place').addEventListener('click', () => void sharePlace());
byId('notice-close').addEventListener('click', () => {
  notice.hidden = true;
  keepFocus();
});
byId('views').addEventListener('change', (event) => {
  transcript.setView(event.target.value);
  view.setView(event.target.value);
});

readySheet(sheet);
readySheet(leave);
byId('sheet-close').addEventListener('click', () => sheet.close());
byId('clear').addEventListener('click', () => leave.showModal());
byId('leave-no').addEventListener('click', () => leave.close());
byId('leave-yes').addEventListener('click', () => {
  leave.close();
  transcript.clear();
  view.drawAll();
  text.value = '';
  grow();
  line.leave();
});

for (const { language, text: greeting } of GREETINGS) {
  const chip = button('reply', () => say(greeting, { text: greeting }), greeting);
  chip.lang = language;
  byId('greetings').append(chip);
}

const picked = document.querySelector(`input[name=view][value="${transcript.view()}"]`);
picked.checked = true;
view.speak(transcript.lastSaid()?.message.language ?? navigator.language);
view.setView(picked.value);
showState();
grow();
line.connect();
