// Judges what happened. Pure: it knows nothing of processes, only of what was written down.
import { NOTHING, readReply } from './project.js';

/** On a busy machine so much may lie between what happened and what was written down of it. */
const SLACK_MS = 2_000;

/** A wait can only seem shorter than it was by what the first delivery was written down late. */
const WAIT_SLACK_MS = 1_000;

/** What is said before an answer that comes more than ten minutes after its message, once in so long. */
const LATE = 'Sorry that this answer comes late';
const LATE_MS = 10 * 60 * 1000;

/** How many findings are told in words. */
const TOLD = 20;

/** See checker.d.ts. */
export function judge({ inputs, deliveries, statuses, failovers = [], graceMs }) {
  const counts = {
    accepted: 0,
    delivered: 0,
    lost: 0,
    consumedTwice: 0,
    outOfOrder: 0,
    wrongMemory: 0,
    unknown: 0,
    doubles: 0,
    ambiguousDoubles: 0,
    failoverDoubles: 0,
    lateApologies: 0,
  };
  const findings = [];
  const find = (kind, text) => {
    counts[kind] += 1;
    if (findings.length < TOLD) findings.push(`${kind}: ${text}`);
  };

  const conversations = grouped(inputs, ({ conversation }) => conversation);
  const replies = grouped(deliveries, ({ conversation }) => conversation);
  for (const name of replies.keys()) if (!conversations.has(name)) conversations.set(name, []);

  for (const [name, said] of conversations) {
    const words = new Map(said.map((input) => [input.position === 0 ? null : input.word, input]));
    const wordAt = (position) =>
      position === 0 ? NOTHING : said.find((input) => input.position === position)?.word;
    const first = new Map();
    let latest = -1;
    let sorryAt = -Infinity;
    let sorryOutbox = null;
    for (const { outbox, text, at } of replies.get(name) ?? []) {
      if (text.startsWith(LATE)) {
        // Whether a message was late only its sender knows; but nobody is to hear it again and again.
        if (at - sorryAt > LATE_MS - SLACK_MS || outbox === sorryOutbox) counts.lateApologies += 1;
        else find('unknown', `${name} was told again within ten minutes that an answer comes late`);
        [sorryAt, sorryOutbox] = [at, outbox];
        continue;
      }
      const reply = readReply(text);
      const input = reply && words.get(reply.word);
      if (!input) {
        find('unknown', `${name} got ${JSON.stringify(text)}, which answers nothing it said`);
        continue;
      }
      const { position } = input;
      if (position > 0 && reply.before !== wordAt(position - 1))
        find('wrongMemory', `${name} was told ${JSON.stringify(text)}, but had said something else before`);
      if (!first.has(position)) {
        first.set(position, outbox);
        if (position < latest) find('outOfOrder', `${name} got the answer to ${position} after ${latest}'s`);
        latest = Math.max(latest, position);
      } else if (first.get(position) !== outbox) {
        find(
          'consumedTwice',
          `${name}'s message ${position} was answered as ${first.get(position)} and ${outbox}`,
        );
      }
    }
    for (const { position, acceptedAt } of said) {
      if (acceptedAt === null) continue;
      counts.accepted += 1;
      if (first.has(position)) counts.delivered += 1;
      else find('lost', `${name}'s message ${position} was accepted and never answered`);
    }
  }

  const told = new Map();
  for (const { outbox, at } of statuses) if (!told.has(outbox)) told.set(outbox, at);
  const inFailover = (at) => failovers.some(({ from, to }) => at >= from - SLACK_MS && at <= to + SLACK_MS);
  for (const [outbox, sends] of grouped(deliveries, (delivery) => delivery.outbox)) {
    const toldAt = told.get(outbox) ?? Infinity;
    for (const [index, { at }] of sends.entries()) {
      if (index === 0) continue;
      const waited = at - sends[index - 1].at;
      const what = `${sends[index].conversation} got ${outbox} again after ${waited} ms`;
      if (inFailover(sends[index - 1].at) || inFailover(toldAt)) find('failoverDoubles', what);
      else if (toldAt < at - SLACK_MS) find('doubles', `${what}, though its status had been taken before`);
      else if (waited < graceMs - WAIT_SLACK_MS) find('doubles', `${what}, before its status could come`);
      else find('ambiguousDoubles', what);
    }
  }

  const { lost, consumedTwice, outOfOrder, wrongMemory, unknown, doubles } = counts;
  const ok = lost + consumedTwice + outOfOrder + wrongMemory + unknown + doubles === 0;
  return { ok, ...counts, findings };
}

function grouped(list, keyOf) {
  const groups = new Map();
  for (const item of list) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
