// People who write: many conversations at once, each in order, and Meta that delivers what they wrote, again until it
// hears 200, and some of it once more. Goes on only as far as it is allowed to.
// Settings: { seed, name, messages, each, lanes, redelivered, ratePerSecond, postMs }; `name`: digits, unique for each run.
import { randomFrom, shuffled } from './random.js';
import { deliver, messageBody } from './webhook.js';
import { worker } from './worker.js';

const { settings, tell, answer } = worker();
const { seed, name, messages, each, lanes, redelivered, ratePerSecond, postMs } = settings;
const random = randomFrom(seed);

/** How many conversations are under way at once, for each lane. */
const OPEN = 4;

const people = shuffled(
  random,
  Array.from({ length: Math.ceil(messages / each) }, (_, index) => ({
    phone: `49${name}${String(1_000_000 + index)}`,
    left: Math.min(each, messages - index * each),
    position: 0,
  })),
);
const inputs = [];
const failures = new Map();
const open = people.splice(0, lanes * OPEN);
/** Redeliveries to come: { at, phone, id, body }, `at` counted in accepted messages. */
let later = [];
let urls = [];
let begun = 0;
let accepted = 0;
let duplicates = 0;
let allowed = 0;
const asleep = [];

const sleep = () => new Promise((resolve) => asleep.push(resolve));

function wake() {
  for (const resolve of asleep.splice(0)) resolve();
}

async function hand(body) {
  for (const failure of await deliver(urls, Math.floor(random() * urls.length), body, postMs))
    failures.set(failure, (failures.get(failure) ?? 0) + 1);
}

async function redeliverDue() {
  const due = later.filter(({ at }) => at <= accepted);
  later = later.filter(({ at }) => at > accepted);
  for (const { body } of due) await hand(body);
}

async function write(person) {
  const { phone, position } = person;
  const word = position === 0 ? 'hello' : `w${position}x${Math.floor(random() * 46_656).toString(36)}`;
  const body = messageBody(phone, `wamid.${phone}.${position}`, word);
  const input = { conversation: phone, position, word, acceptedAt: null };
  inputs.push(input);
  const again = random() < redelivered;
  if (again) duplicates += 1;
  // Both at once, as from two balancers, or long after others have followed.
  const both = again && random() < 0.5;
  if (again && !both) later.push({ at: accepted + Math.floor(random() * 300), body });
  const note = async () => {
    await hand(body);
    input.acceptedAt ??= Date.now();
  };
  await Promise.all(both ? [note(), note()] : [note()]);
  accepted += 1;
  tell('accepted', accepted);
  person.position += 1;
  person.left -= 1;
}

async function lane() {
  for (;;) {
    await redeliverDue();
    if (begun >= messages) return;
    if (begun >= allowed || open.length === 0) {
      await sleep();
      continue;
    }
    begun += 1;
    const [person] = open.splice(Math.floor(random() * open.length), 1);
    await write(person);
    const next = person.left > 0 ? person : people.pop();
    if (next) open.push(next);
    wake();
    if (ratePerSecond > 0)
      await new Promise((resolve) => setTimeout(resolve, (1000 * lanes) / ratePerSecond));
  }
}

async function run() {
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      await lane();
      // The others wait for somebody to come back; nobody will.
      wake();
    }),
  );
  for (const { body } of later.splice(0)) await hand(body);
}

let running = null;
answer({
  /** Goes on until so many messages were begun. */
  allow: (upTo) => {
    allowed = upTo;
    wake();
  },
  /** Begins; resolves when everything was accepted. */
  run: (given) => {
    urls = given;
    running ??= run();
    return running;
  },
  history: () => ({ inputs, duplicates, failures: Object.fromEntries(failures) }),
});
tell('ready', null);
