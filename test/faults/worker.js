// A helper process and how to talk to it: questions with one answer each, and news in between.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Starts a file of this folder as a process; resolves once it says that it is there. */
export async function startWorker(name, settings = {}) {
  const file = fileURLToPath(new URL(name, import.meta.url));
  const child = fork(file, [JSON.stringify(settings)], { execArgv: [], serialization: 'advanced' });
  const open = new Map();
  const listeners = new Map();
  let asked = 0;
  let gone = null;
  const ready = new Promise((resolve, reject) => {
    listeners.set('ready', resolve);
    child.once('exit', (code, signal) => {
      gone = new Error(`${name} ended (${code ?? signal})`);
      reject(gone);
      for (const { fail } of open.values()) fail(gone);
    });
  });
  child.on('message', ({ answer, kind, body, error }) => {
    if (answer === undefined) return listeners.get(kind)?.(body);
    const { done, fail } = open.get(answer);
    open.delete(answer);
    return error === undefined ? done(body) : fail(new Error(`${name}: ${error}`));
  });
  const hello = await ready;
  return {
    hello,
    ask: (kind, body) =>
      new Promise((done, fail) => {
        if (gone) return fail(gone);
        asked += 1;
        open.set(asked, { done, fail });
        return child.send({ question: asked, kind, body });
      }),
    hear: (kind, listener) => void listeners.set(kind, listener),
    stop: () =>
      new Promise((resolve) => {
        if (gone) return resolve();
        child.once('exit', () => resolve());
        return child.kill('SIGKILL');
      }),
  };
}

/** The other side: the settings, `tell` for news, and `answer` with one function for each kind of question. */
export function worker() {
  // Whoever started it is gone: nothing may be left behind.
  process.on('disconnect', () => process.exit(0));
  return {
    settings: JSON.parse(process.argv[2]),
    tell: (kind, body) => void process.send({ kind, body }),
    answer(handlers) {
      process.on('message', ({ question, kind, body }) => {
        Promise.resolve(body)
          .then(handlers[kind])
          .then(
            (answer) => process.send({ answer: question, body: answer }),
            (error) => process.send({ answer: question, error: String(error.stack ?? error) }),
          );
      });
    },
  };
}
