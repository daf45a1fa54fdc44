/** The whole pipeline under load: webhooks from one process, replies counted by the Graph stand-in in another. */
import { setTimeout as wait } from 'node:timers/promises';
import { cpuOf } from './figures.js';
import { run } from './processes.js';

const CONNECTIONS = 64;
const EACH = 10;
/** After so long without one more reply the rest is lost. */
const PATIENCE_MS = 30_000;

/** Rejects unless there is one reply to each message. */
async function replied(graph, total) {
  let replies = 0;
  for (let since = Date.now(); replies < total && Date.now() - since < PATIENCE_MS;) {
    const count = await graph.count();
    if (count > replies) since = Date.now();
    replies = count;
    if (replies < total) await wait(10);
  }
  if (replies !== total) throw new Error(`${replies} replies to ${total} messages`);
}

/** Lets code be compiled and connections be made, with people who are not heard of again. */
export async function warmUp(urls, graph, messages, number = 10) {
  const conversations = Math.ceil(messages / EACH);
  await run('load.js', [urls, CONNECTIONS, conversations, EACH, number]);
  await replied(graph, conversations * EACH);
  await graph.reset();
}

/**
 * `messages` (a multiple of 10) through one server or several, of ten a person.
 * `pids`: whose processor time is asked for, by name; it comes back in microseconds a message, null where unknown.
 */
export async function measure(urls, graph, messages, pids, number = 11) {
  const before = Object.values(pids).map(cpuOf);
  const { startedAt, acknowledgeMs } = await run('load.js', [
    urls,
    CONNECTIONS,
    messages / EACH,
    EACH,
    number,
  ]);
  await replied(graph, messages);
  const seconds = (Date.now() - startedAt) / 1000;
  const cpuUs = Object.entries(pids).map(([name, pid], place) => {
    const after = cpuOf(pid);
    return [name, after === null ? null : (after - before[place]) / messages];
  });
  return { repliesPerSecond: messages / seconds, acknowledgeMs, cpuUs: Object.fromEntries(cpuUs) };
}

const textOf = ({ body }) => body.interactive?.body?.text ?? body.text?.body ?? '';

/** Rejects unless the replies to some of the people are the dialog that `webhook.js` asks for. */
export async function checkDialog(graph) {
  const sent = await graph.sent();
  const people = [...new Set(sent.map(({ body }) => body.to))];
  for (const person of [people[0], people[Math.floor(people.length / 2)], people.at(-1)]) {
    const texts = sent.filter(({ body }) => body.to === person).map(textOf);
    const wrong = texts.findIndex(
      (text, index) => !text.includes(index % 2 === 0 ? 'What do you need?' : 'Housing'),
    );
    if (texts.length !== EACH || wrong >= 0)
      throw new Error(`reply ${wrong + 1} of ${texts.length} is not what was asked for: ${texts[wrong]}`);
  }
}
