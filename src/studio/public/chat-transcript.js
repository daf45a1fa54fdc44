/**
 * What was said in this window, kept in sessionStorage: it survives a reload and ends with the tab.
 * An entry is `{by:'me', id, at, text, input, state}` or `{by:'lotse', id, at, message, renderings}`;
 * state: waiting -> sent -> answered, or failed. Times are milliseconds since 1970.
 */
const KEY = 'lotse.chat';
const VIEW_KEY = 'lotse.view';
const VIEWS = ['whatsapp', 'messenger', 'text'];
const MOST = 300;
const STATES = ['waiting', 'sent', 'answered', 'failed'];

function isEntry(entry) {
  if (typeof entry !== 'object' || entry === null) return false;
  if (typeof entry.id !== 'string' || typeof entry.at !== 'number') return false;
  if (entry.by === 'me') return typeof entry.text === 'string' && STATES.includes(entry.state);
  return entry.by === 'lotse' && typeof entry.message?.text === 'string' && Boolean(entry.renderings);
}

/** What is kept under a key; null where there is nothing, or where storage is switched off. */
function read(key) {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

function load() {
  try {
    const kept = JSON.parse(read(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isEntry) : [];
  } catch {
    // Something else was kept there: the conversation starts empty.
    return [];
  }
}

export function createTranscript() {
  let entries = load();
  let stored = true;

  const save = () => {
    entries = entries.slice(-MOST);
    while (stored) {
      try {
        sessionStorage.setItem(KEY, JSON.stringify(entries));
        return;
      } catch {
        // Full: the older half goes; with nothing left to drop, storage is switched off.
        if (entries.length < 2) stored = false;
        else entries = entries.slice(Math.ceil(entries.length / 2));
      }
    }
  };

  return {
    all: () => entries,
    has: (id) => entries.some((entry) => entry.id === id),
    add: (entry) => {
      entries.push(entry);
      save();
    },
    /** Sets the state of those of the person's entries that `which` picks, and returns them. */
    mark: (which, state) => {
      const changed = entries.filter((entry) => entry.by === 'me' && entry.state !== state && which(entry));
      for (const entry of changed) entry.state = state;
      if (changed.length > 0) save();
      return changed;
    },
    nextWaiting: () => entries.find((entry) => entry.by === 'me' && entry.state === 'waiting'),
    /** The last thing Lotse said, which sets the page's language. */
    lastSaid: () => entries.findLast((entry) => entry.by === 'lotse'),
    /** How messages are shown: whatsapp, messenger or text. */
    view: () => VIEWS.find((view) => view === read(VIEW_KEY)) ?? 'whatsapp',
    setView: (view) => {
      if (stored) sessionStorage.setItem(VIEW_KEY, view);
    },
    clear: () => {
      entries = [];
      save();
    },
  };
}
