import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  INBOX_MAX,
  OUTBOX_MAX,
  SEEN_MS,
  type Accepted,
  type Lease,
  type Next,
  type Settlement,
  type Store,
  type Work,
} from '../../src/store/store.ts';
import { DAY_MS, idOf, LEASE_MS, newConversation, text, turn, type Bench } from './conformance.ts';

/** What the contract says, written once more and as plainly as possible; neither store shares code with it. */
interface Entry {
  readonly name: string;
  readonly since: number;
  attempts: number;
  notBefore: number;
}
interface Person {
  readonly conversation: string;
  session: string | null;
  readonly seen: Map<number, number>;
  inbox: number[];
  outbox: Entry[];
  alarm: number | null;
  /** Leases are numbered; null when nobody holds the conversation. */
  holder: number | null;
  ends: number;
  /** Leases since something last got through. */
  tries: number;
  dead: string[];
  /** What the store gave for each number. */
  readonly leases: Lease[];
}
interface Model {
  readonly people: Person[];
  now: number;
  entries: number;
}
interface Real {
  /** Two nodes on one store. */
  readonly nodes: readonly Store[];
  readonly bench: Bench;
}

const payload = (n: number): Buffer => text(`message ${String(n)}`);
const inboxOf = (person: Person): unknown[] =>
  person.inbox.map((n) => ({ id: idOf(n), payload: payload(n) }));
const sent = (person: Person, entry: Entry): unknown => ({
  id: `${person.conversation}.${entry.name}`,
  payload: text(entry.name),
  attempts: entry.attempts,
  sinceMs: entry.since,
});

const canTurn = ({ inbox, outbox }: Person): boolean => inbox.length > 0 && outbox.length < OUTBOX_MAX;

function begin(person: Person, now: number): unknown {
  person.holder = person.leases.length;
  person.ends = now + LEASE_MS;
  person.tries += 1;
  const head = canTurn(person) ? undefined : person.outbox[0];
  if (head) head.attempts += 1;
  return {
    lease: { conversation: person.conversation, epoch: expect.any(Number) },
    session: person.session === null ? null : text(person.session),
    inbox: head ? [] : inboxOf(person),
    send: head ? sent(person, head) : null,
    alarm: person.inbox.length === 0 && !head,
    tries: person.tries,
  };
}

function goOn(person: Person, now: number): unknown {
  person.ends = now + LEASE_MS;
  person.tries = 0;
  const head = person.outbox[0];
  if (head && head.notBefore <= now) {
    head.attempts += 1;
    return { type: 'send', entry: sent(person, head) };
  }
  if (canTurn(person)) return { type: 'turn', inbox: inboxOf(person) };
  person.holder = null;
  return { type: 'released' };
}

function isDue(person: Person, now: number): boolean {
  if (person.holder !== null && person.ends > now) return false;
  if (canTurn(person)) return true;
  const head = person.outbox[0];
  if (head) return head.notBefore <= now;
  return person.alarm !== null && person.alarm <= now;
}

/** Epochs rise from lease to lease. */
function remember(person: Person, { lease }: Work): void {
  const last = person.leases.at(-1);
  if (last) expect(lease.epoch).toBeGreaterThan(last.epoch);
  person.leases.push(lease);
}

type Command = fc.AsyncCommand<Model, Real>;
const command = (
  name: string,
  run: (model: Model, real: Real) => Promise<void>,
  check: (model: Readonly<Model>) => boolean = () => true,
): Command => ({ check, run, toString: () => name });

const PEOPLE = 2;
const person = fc.nat(PEOPLE - 1);
const node = fc.nat(1);
/** Few different spans, so that things often fall due in the same millisecond. */
const span = fc.constantFrom(0, 10_000, LEASE_MS - 1, LEASE_MS, 2 * LEASE_MS);
/** 0: the newest lease; others are older ones. */
const age = fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(3) });

function leaseOf(model: Model, who: number, old: number): { person: Person; lease: Lease; isHeld: boolean } {
  const one = model.people[who]!;
  const number = Math.max(0, one.leases.length - 1 - old);
  return { person: one, lease: one.leases[number]!, isHeld: one.holder === number };
}
const hasLease =
  (who: number) =>
  (model: Readonly<Model>): boolean =>
    model.people[who]!.leases.length > 0;

const accept = fc.tuple(person, node, fc.nat(140)).map(([who, at, n]) =>
  command(`accept(${String(who)}, ${String(n)})`, async (model, { nodes }) => {
    const one = model.people[who]!;
    const answer: Accepted = await nodes[at]!.accept({
      conversation: one.conversation,
      id: idOf(n),
      payload: payload(n),
    });
    const when = one.seen.get(n);
    const seconds = Math.floor(model.now / 1000);
    if (when !== undefined && (seconds - when) * 1000 <= SEEN_MS) {
      expect(answer).toEqual({ type: 'duplicate' });
      return;
    }
    if (one.inbox.length >= INBOX_MAX) {
      expect(answer).toEqual({ type: 'full' });
      return;
    }
    one.seen.set(n, seconds);
    one.inbox.push(n);
    if ((one.holder !== null && one.ends > model.now) || !canTurn(one)) {
      expect(answer).toEqual({ type: 'queued' });
      return;
    }
    expect(answer).toEqual({ type: 'leased', work: begin(one, model.now) });
    if (answer.type === 'leased') remember(one, answer.work);
  }),
);

const flood = person.map((who) =>
  command(`flood(${String(who)})`, async (model, real) => {
    const all = Array.from({ length: INBOX_MAX + 1 }, (_, i) => 1_000 + i);
    const one = model.people[who]!;
    const before = one.inbox.length;
    const fresh = all.filter((n) => !one.seen.has(n));
    const answers = await Promise.all(
      fresh.map((n) =>
        real.nodes[0]!.accept({ conversation: one.conversation, id: idOf(n), payload: payload(n) }),
      ),
    );
    const room = Math.max(0, INBOX_MAX - before);
    const kept = fresh.slice(0, room);
    for (const n of kept) one.seen.set(n, Math.floor(model.now / 1000));
    expect(answers.slice(room).every(({ type }) => type === 'full')).toBe(true);
    const [first, ...rest] = answers.slice(0, room);
    if (!first) return;
    if ((one.holder !== null && one.ends > model.now) || one.outbox.length >= OUTBOX_MAX)
      expect(first).toEqual({ type: 'queued' });
    else {
      one.inbox.push(kept[0]!);
      expect(first).toEqual({ type: 'leased', work: begin(one, model.now) });
      if (first.type === 'leased') remember(one, first.work);
      one.inbox.pop();
    }
    expect(rest.every(({ type }) => type === 'queued')).toBe(true);
    one.inbox.push(...kept);
  }),
);

/** Rarely more than an inbox holds. */
const arrival = fc.oneof({ weight: 30, arbitrary: accept }, { weight: 1, arbitrary: flood });

const commit = fc
  .record({
    who: person,
    at: node,
    old: age,
    share: fc.constantFrom(0, 50, 100, 100, 100, 100),
    replies: fc.constantFrom(0, 1, 2, 3, 30),
    alarmIn: fc.option(span),
    session: fc.option(fc.string()),
    aside: fc.constantFrom(false, false, true),
  })
  .map(({ who, at, old, share, replies, alarmIn, session, aside }) =>
    command(
      `commit(${String(who)}, lease -${String(old)}, ${String(share)} %, ${String(replies)} replies)`,
      async (model, { nodes }) => {
        const { person: one, lease, isHeld } = leaseOf(model, who, old);
        const consumed = Math.floor((one.inbox.length * share) / 100);
        const names = Array.from({ length: replies }, (_, i) => String(model.entries + i));
        model.entries += replies;
        const alarmAtMs = alarmIn === null ? null : model.now + alarmIn;
        const outbox = names.map((name) => ({ id: `${one.conversation}.${name}`, payload: text(name) }));
        const next: Next = await nodes[at]!.commit(
          lease,
          turn({
            session: session === null ? null : text(session),
            keepMs: 400 * DAY_MS,
            consumed,
            outbox,
            alarmAtMs,
            aside:
              aside && consumed > 0
                ? [{ kind: 'message', id: idOf(one.inbox[0]!), payload: payload(one.inbox[0]!) }]
                : [],
          }),
        );
        if (!isHeld) {
          expect(next).toEqual({ type: 'lost' });
          return;
        }
        one.session = session;
        if (session === null) one.dead = [];
        if (aside && consumed > 0) one.dead.push(idOf(one.inbox[0]!).toString('base64url'));
        one.inbox = one.inbox.slice(consumed);
        one.alarm = alarmAtMs;
        one.outbox.push(...names.map((name) => ({ name, since: model.now, attempts: 0, notBefore: 0 })));
        expect(next).toEqual(goOn(one, model.now));
      },
      hasLease(who),
    ),
  );

const ending: fc.Arbitrary<Settlement> = fc.oneof(
  fc.constant({ type: 'sent' } as const),
  fc.constant({ type: 'refused' } as const),
  fc.constant({ type: 'aside' } as const),
  span.map((delayMs) => ({ type: 'retry', delayMs }) as const),
  span.map((graceMs) => ({ type: 'unclear', graceMs }) as const),
);
const settle = fc
  .tuple(person, node, age, fc.constantFrom(true, true, true, false), ending)
  .map(([who, at, old, right, settlement]) =>
    command(
      `settle(${String(who)}, lease -${String(old)}, ${right ? '' : 'gone, '}${settlement.type})`,
      async (model, { nodes }) => {
        const { person: one, lease, isHeld } = leaseOf(model, who, old);
        const name = right ? (one.outbox[0]?.name ?? 'gone') : 'gone';
        const next = await nodes[at]!.settle(lease, `${one.conversation}.${name}`, settlement);
        if (!isHeld) {
          expect(next).toEqual({ type: 'lost' });
          return;
        }
        const head = one.outbox[0];
        if (head?.name === name) {
          if (settlement.type === 'retry') head.notBefore = model.now + settlement.delayMs;
          else if (settlement.type === 'unclear') head.notBefore = model.now + settlement.graceMs;
          else one.outbox.shift();
          if (settlement.type === 'aside') one.dead.push(head.name);
        }
        expect(next).toEqual(goOn(one, model.now));
      },
      hasLease(who),
    ),
  );

const confirm = fc.tuple(person, node, fc.constantFrom(0, 0, 0, 1, 2)).map(([who, at, place]) =>
  command(`confirm(${String(who)}, ${String(place)})`, async (model, { nodes }) => {
    const one = model.people[who]!;
    const name = one.outbox[place]?.name ?? 'gone';
    const was = one.outbox.some((entry) => entry.name === name);
    expect(await nodes[at]!.confirm(one.conversation, `${one.conversation}.${name}`)).toBe(was);
    one.outbox = one.outbox.filter((entry) => entry.name !== name);
    if (was) one.tries = 0;
  }),
);

const due = node.map((at) =>
  command('due', async (model, { nodes }) => {
    const works = await nodes[at]!.due(100);
    const all = model.people.filter((one) => isDue(one, model.now));
    // An expired lease of a conversation without work is noticed by the sweep, and gone.
    for (const one of model.people)
      if (one.holder !== null && one.ends <= model.now && !all.includes(one)) one.holder = null;
    expect(works.map(({ lease }) => lease.conversation).sort()).toEqual(
      all.map((one) => one.conversation).sort(),
    );
    for (const work of works) {
      const one = all.find((candidate) => candidate.conversation === work.lease.conversation)!;
      expect(work).toEqual(begin(one, model.now));
      remember(one, work);
    }
  }),
);

const release = fc.tuple(person, node, age, fc.option(span)).map(([who, at, old, retryMs]) =>
  command(
    `release(${String(who)}, lease -${String(old)}, ${retryMs === null ? 'no try' : String(retryMs)})`,
    async (model, { nodes }) => {
      const { person: one, lease, isHeld } = leaseOf(model, who, old);
      await nodes[at]!.release(lease, retryMs === null ? undefined : { retryMs });
      if (!isHeld) return;
      if (retryMs === null) [one.holder, one.tries] = [null, Math.max(0, one.tries - 1)];
      else one.ends = model.now + retryMs;
    },
    hasLease(who),
  ),
);

/** What is set aside can be seen, dropped and tried again. */
const exhume = fc
  .tuple(person, node, fc.constantFrom('drop' as const, 'retry' as const, 'retry' as const))
  .map(([who, at, how]) =>
    command(`exhume(${String(who)}, ${how})`, async (model, { nodes }) => {
      const one = model.people[who]!;
      const letters = await nodes[at]!.dead(1_000);
      const names = letters
        .filter(({ conversation }) => conversation === one.conversation)
        .map(({ id }) => id.slice(23));
      expect(names.sort()).toEqual([...new Set(one.dead)].sort());
      const [name] = one.dead;
      if (name === undefined) {
        expect(await nodes[at]!.exhume(`${one.conversation}.nothing`, how)).toBe('gone');
        return;
      }
      // Replies are named by short numbers.
      const isMessage = name.length === 11;
      const n = isMessage ? Buffer.from(name, 'base64url').readUInt32BE(4) : 0;
      const isFull = how === 'retry' && isMessage && one.inbox.length >= INBOX_MAX;
      const answer = await nodes[at]!.exhume(`${one.conversation}.${name}`, how);
      expect(answer).toBe(isFull ? 'full' : 'done');
      if (isFull) return;
      one.dead = one.dead.filter((other) => other !== name);
      if (how === 'drop') return;
      if (isMessage) one.inbox.push(n);
      else one.outbox.push({ name, since: model.now, attempts: 0, notBefore: 0 });
    }),
  );

const forget = fc.tuple(person, node).map(([who, at]) =>
  command(`forget(${String(who)})`, async (model, { nodes }) => {
    const one = model.people[who]!;
    await nodes[at]!.forget(one.conversation);
    Object.assign(one, {
      session: null,
      inbox: [],
      outbox: [],
      alarm: null,
      holder: null,
      tries: 0,
      dead: [],
    });
  }),
);

const wait = fc
  .oneof(
    { weight: 9, arbitrary: span },
    { weight: 1, arbitrary: fc.integer({ min: 7 * DAY_MS, max: 9 * DAY_MS }) },
  )
  .map((ms) =>
    command(`wait(${String(ms)} ms)`, async (model, { bench }) => {
      await bench.advance(ms);
      model.now += ms;
    }),
  );

/** Random sequences of calls on two nodes answer as the model does, call by call. */
export function agreesWithModel(createBench: () => Promise<Bench>): void {
  describe('against the model', () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await createBench();
    });
    afterEach(() => bench.end());

    test('any sequence of calls answers as a small model of the contract does', async () => {
      const nodes = [await bench.open(), await bench.open()];
      const commands = fc.commands(
        [arrival, commit, commit, settle, settle, confirm, due, due, release, forget, exhume, wait],
        { size: 'max', maxCommands: 150 },
      );
      const property = fc.asyncProperty(commands, async (sequence) => {
        const people = Array.from({ length: PEOPLE }, () => ({
          conversation: newConversation(),
          session: null,
          seen: new Map<number, number>(),
          inbox: [],
          outbox: [],
          alarm: null,
          holder: null,
          ends: 0,
          tries: 0,
          dead: [],
          leases: [],
        }));
        try {
          await fc.asyncModelRun(
            () => ({ model: { people, now: bench.now(), entries: 0 }, real: { nodes, bench } }),
            sequence,
          );
        } finally {
          for (const { conversation } of people) await nodes[0]!.forget(conversation);
        }
      });
      await fc.assert(property, { numRuns: 60 });
    }, 120_000);
  });
}
