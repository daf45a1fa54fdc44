/**
 * A node in a process of its own, to be killed. Works on one conversation, message after message, and says on standard
 * output what it is about to do ('> step') and what is done ('< step'); before each step it waits for a line on
 * standard input. The session lists the messages used so far.
 *
 * node node.js STORE CONVERSATION FIRST LEASE_MS, where STORE is a folder or a redis:// URL
 */
import { createInterface } from 'node:readline';
import { createLog } from '../../dist/log.js';
import { createEmbeddedStore } from '../../dist/store/embedded.js';
import { createRedisStore } from '../../dist/store/redis.js';

const [where, conversation, first, lease] = process.argv.slice(2);
const leaseMs = Number(lease);
const store = where.startsWith('redis://')
  ? await createRedisStore({ url: where, leaseMs, log: createLog('silent') })
  : await createEmbeddedStore({ folder: where, leaseMs });

const say = (line) => process.stdout.write(`${line}\n`);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
async function step(name, run) {
  say(`> ${name}`);
  const { done } = await lines.next();
  if (done) process.exit(0);
  const result = await run();
  say(`< ${name}`);
  return result;
}

const idOf = (n) => {
  const id = Buffer.alloc(8);
  id.writeUInt32BE(n, 4);
  return id;
};

for (let n = Number(first); ; n += 1) {
  const arrival = { conversation, id: idOf(n), payload: Buffer.from(String(n)) };
  const accepted = await step(`accept ${n}`, () => store.accept(arrival));
  if (accepted.type !== 'leased') throw new Error(`accept answered ${accepted.type}`);
  const { lease, session, inbox } = accepted.work;
  const used = [...(session ? JSON.parse(session) : []), ...inbox.map(({ payload }) => Number(payload))];
  const commit = {
    session: Buffer.from(JSON.stringify(used)),
    keepMs: 86_400_000,
    consumed: inbox.length,
    outbox: inbox.flatMap(({ payload }) =>
      ['a', 'b'].map((part) => ({ id: `${conversation}.${payload}${part}`, payload })),
    ),
    alarmAtMs: null,
  };
  let next = await step(`commit ${n}`, () => store.commit(lease, commit));
  while (next.type === 'send') {
    const { id } = next.entry;
    next = await step(`settle ${id.split('.')[1]}`, () => store.settle(lease, id, { type: 'sent' }));
  }
  if (next.type !== 'released') throw new Error(`the store said ${next.type}`);
}
