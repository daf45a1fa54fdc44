/**
 * The line to the server: a stream of events in, one request at a time out. Whatever breaks, it waits and
 * tries again; what the person wrote keeps its id, so that the server drops what it already has.
 */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
const ANSWER_MS = 10_000;
/** The server sends a heartbeat every 25 s: a line silent for so long is dead. */
const SILENCE_MS = 60_000;

const request = (method, path, body) =>
  fetch(path, {
    method,
    signal: AbortSignal.timeout(ANSWER_MS),
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });

/**
 * `nextWaiting()` names the next entry to send; `onState` gets connecting, online or away; `onSent(entry)`,
 * `onFailed(entry, why)` and `onMessage(message)` say what became of things.
 */
export function createLine({ nextWaiting, onState, onSent, onFailed, onMessage }) {
  const unacknowledged = new Set();
  let stream = null;
  let open = false;
  let pumping = false;
  let acking = false;
  let leaving = false;
  let pauseMs = FIRST_PAUSE_MS;
  let retry = 0;
  let heardMs = Date.now();

  const later = (action, ms) => {
    clearTimeout(retry);
    retry = setTimeout(action, ms);
  };

  const trouble = () => {
    onState('away');
    later(() => (open ? exchange() : void connect()), pauseMs * (0.75 + Math.random() / 2));
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
  };

  function disconnect() {
    stream?.close();
    stream = null;
    open = false;
  }

  async function connect() {
    disconnect();
    clearTimeout(retry);
    if (leaving && !(await forget())) return trouble();
    const own = new EventSource('/chat/events');
    stream = own;
    heardMs = Date.now();
    own.onopen = () => {
      open = true;
      heardMs = Date.now();
      fine();
      exchange();
    };
    own.onerror = () => {
      if (own !== stream) return;
      disconnect();
      trouble();
    };
    own.addEventListener('beat', () => {
      heardMs = Date.now();
    });
    own.addEventListener('message', (event) => {
      heardMs = Date.now();
      const message = JSON.parse(event.data);
      onMessage(message);
      unacknowledged.add(message.id);
      void acknowledge();
    });
  }

  function fine() {
    pauseMs = FIRST_PAUSE_MS;
    onState('online');
  }

  function exchange() {
    void pump();
    void acknowledge();
  }

  /** Has the server end the visitor's cookie; false when it could not be reached. */
  async function forget() {
    try {
      leaving = !(await request('DELETE', '/chat/visitor')).ok;
    } catch {
      // Stays to be done: the next attempt to connect begins with it.
    }
    return !leaving;
  }

  async function post(entry) {
    const answer = await request('POST', '/chat/messages', { id: entry.id, ...entry.input });
    if (answer.ok) {
      fine();
      onSent(entry);
      return 'next';
    }
    if (answer.status === 429) {
      later(exchange, 1000 * Number(answer.headers.get('retry-after') ?? 1));
      return 'wait';
    }
    // 401: the cookie is gone; a new stream brings another.
    if (answer.status === 401) disconnect();
    if (answer.status === 401 || answer.status >= 500) throw new Error(`status ${answer.status}`);
    // A proxy's refusal may be a page of its own instead of our sentence.
    const { error } = await answer.json().catch(() => ({}));
    onFailed(entry, error);
    return 'next';
  }

  async function pump() {
    if (pumping || !open) return;
    pumping = true;
    try {
      for (let entry = nextWaiting(); entry && open; entry = nextWaiting())
        if ((await post(entry)) === 'wait') break;
    } catch {
      // No connection, no answer in time, or a server in trouble: the entry stays waiting.
      trouble();
    } finally {
      pumping = false;
    }
  }

  async function acknowledge() {
    if (acking || !open) return;
    acking = true;
    // Everything that arrives in one go is acknowledged in one go.
    await Promise.resolve();
    try {
      while (unacknowledged.size > 0 && open) {
        const ids = [...unacknowledged].slice(0, 100);
        const answer = await request('POST', '/chat/acks', { ids });
        if (answer.status === 401) disconnect();
        if (answer.status === 401 || answer.status === 429 || answer.status >= 500)
          throw new Error(`status ${answer.status}`);
        for (const id of ids) unacknowledged.delete(id);
        fine();
      }
    } catch {
      trouble();
    } finally {
      acking = false;
    }
  }

  const reconnect = () => {
    pauseMs = FIRST_PAUSE_MS;
    void connect();
  };
  addEventListener('online', reconnect);
  addEventListener('offline', () => {
    disconnect();
    trouble();
  });
  // A page that comes back from the browser's cache or from a sleeping phone has a dead stream.
  addEventListener('pageshow', (event) => {
    if (event.persisted) reconnect();
  });
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && (!open || Date.now() - heardMs > SILENCE_MS / 2)) reconnect();
  });
  setInterval(() => {
    if (open && Date.now() - heardMs > SILENCE_MS) reconnect();
  }, SILENCE_MS / 4);

  return {
    connect: () => void connect(),
    /** Something new waits to be sent. */
    wake: () => void pump(),
    /** Ends the visitor at the server, however long it takes to reach, and starts as somebody new. */
    leave: () => {
      leaving = true;
      unacknowledged.clear();
      reconnect();
    },
  };
}
