/**
 * The engine alone: turns a second in one process, without store, network or encryption, and how the cost of a
 * turn grows with the steps of the flows (10 to 10,000) and with the languages (1 to 12).
 *
 *   node bench/engine.js           fifteen rounds of 2,000 turns for each bot
 *   node bench/engine.js ROUNDS    and so on; --json FILE writes the figures
 *
 * The bots take turns round by round, and processor time is counted rather than the clock's, so that other work on
 * the machine disturbs little. `toFirst` and `moreUs` compare with the smallest of each curve, round by round. A whole
 * turn, with its store calls and the sending, costs some hundred microseconds more (main.js tells).
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { loadProject } from '../dist/authoring/project.js';
import { advance } from '../dist/engine/advance.js';
import { asked, median, report, rounded } from './figures.js';
import { here, inFolder } from './processes.js';
import { chainsOf, word, writeChain } from './project.js';

const {
  numbers: [rounds],
  json,
} = asked([15]);
const TURNS = 2000;
const SESSIONS = 500;
/** Enough for every step to have been seen: labels are prepared for comparison at the first need. */
const WARM_ROUNDS = 40;
const STEPS = [10, 100, 1000, 10_000];
const LANGUAGES = [1, 2, 4, 8, 12];
const NOW = Date.now();

async function botIn(folder) {
  await mkdir(join(folder, 'locales'), { recursive: true });
  const { bot, findings } = await loadProject(join(folder, 'flows'), join(folder, 'locales'), 'start');
  const error = findings.find(({ severity }) => severity === 'error');
  if (!bot || error) throw new Error(`the flows in ${folder} are wrong: ${JSON.stringify(error)}`);
  return bot;
}

/** People in the middle of their conversations, and what they write, over and over. */
function crowd(name, bot, said, opening) {
  const tags = bot.languages.map(({ tag }) => tag);
  const sessions = Array.from({ length: SESSIONS }, (_, person) => {
    const { session } = advance(bot, null, { kind: 'text', text: opening(person) }, NOW, 'whatsapp');
    return { ...session, language: tags[person % tags.length] };
  });
  let turns = 0;
  const take = () => {
    const person = turns % SESSIONS;
    // Each person is at another place of what is said.
    const text = said[(Math.floor(turns / SESSIONS) + person) % said.length];
    turns += 1;
    const { session, effects } = advance(bot, sessions[person], { kind: 'text', text }, NOW, 'whatsapp');
    if (!effects.some(({ type }) => type === 'send'))
      throw new Error(`'${text}' was not answered by ${name}`);
    sessions[person] = session;
  };
  return { name, take, cpuUs: [] };
}

const SHIPPED = ['2', 'back', 'doctor', 'menu', 'What do you need?', '1', 'back', 'flat'];
const CHAIN = ['1', '2', 'back', '2', 'go on', '2', '1', 'back', '2'];

const crowds = await inFolder(async (folder) => {
  const shipped = await botIn(here('..'));
  const made = [crowd('shipped flows', shipped, SHIPPED, () => 'hello')];
  const chain = async (name, steps, languages) => {
    const own = join(folder, name.replaceAll(/\W+/gu, '-'));
    await writeChain(own, steps, languages);
    const bot = await botIn(own);
    if (bot.languages.length !== languages) throw new Error(`${name} has ${bot.languages.length} languages`);
    made.push(crowd(name, bot, CHAIN, (person) => `open ${word(person % chainsOf(steps))}`));
  };
  for (const steps of STEPS) await chain(`${steps} steps`, steps, 1);
  for (const languages of LANGUAGES) await chain(`${languages} languages`, 100, languages);
  return made;
});

for (let round = -WARM_ROUNDS; round < rounds; round += 1)
  for (const { take, cpuUs } of crowds) {
    const before = process.cpuUsage();
    for (let turn = 0; turn < TURNS; turn += 1) take();
    const { user, system } = process.cpuUsage(before);
    if (round >= 0) cpuUs.push((user + system) / TURNS);
  }

const first = { steps: `${STEPS[0]} steps`, languages: `${LANGUAGES[0]} languages` };
const results = crowds.map(({ name, cpuUs }) => {
  const reference = crowds.find((one) => one.name === first[name.split(' ')[1]]);
  const compared = (compare) =>
    reference ? cpuUs.map((us, round) => compare(us, reference.cpuUs[round])) : [];
  const turnUs = median(cpuUs);
  return {
    name,
    turnUs: rounded(turnUs, 1),
    turnsPerSecond: rounded(1e6 / turnUs, 0),
    toFirst: rounded(median(compared((us, of) => us / of)), 2),
    moreUs: rounded(median(compared((us, of) => us - of)), 1),
  };
});
await report(results, { bench: 'engine', rounds, turns: TURNS }, json);
