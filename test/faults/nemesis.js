// Does what the plan says, when the load has got so far, to nodes that are up.

/** Longer than a lease, so that somebody else takes over what the paused node holds. */
const BEYOND_LEASE_MS = 3_000;

/** How long a network is broken: longer than a node waits for one command. */
const PARTITION_MS = 3_000;

const FULL_MS = 2_000;

const SLOW_MS = 300;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Resolves once all faults were done and everything is up again: { counts, failovers, lastAt }. `reached` resolves when
 * so many messages were accepted; what takes its time goes on while the next faults come to the other node.
 */
export async function haunt({ plan, nodes, redis, proxy, disk, leaseMs, load, reached }) {
  const counts = {};
  const failovers = [];
  /** By what it concerns: what is still going on there. */
  const busy = new Map();
  const step = plan[0]?.after ?? 0;

  const faults = {
    kill: async ({ node }) => {
      await nodes[node].kill();
      await nodes[node].start();
    },
    restart: async ({ node }) => {
      await nodes[node].stop();
      await nodes[node].start();
    },
    // The node stands still, or what it sends is held up, until somebody else has taken over: then it goes on.
    pause: async ({ node, stopped }) => {
      const { name, signal } = nodes[node];
      // On a slow way to its store it has more under way by then.
      await proxy?.ask('mode', { name, mode: 'delay' });
      await pause(SLOW_MS);
      if (stopped || !proxy) signal('SIGSTOP');
      else await proxy.ask('mode', { name, mode: 'black-hole' });
      await pause(leaseMs + BEYOND_LEASE_MS);
      if (stopped || !proxy) signal('SIGCONT');
      await proxy?.ask('mode', { name, mode: 'pass' });
    },
    jump: ({ node }) => Promise.resolve(nodes[node].signal('SIGUSR2')),
    partition: async ({ node, mode }) => {
      await proxy.ask('mode', { name: nodes[node].name, mode });
      await pause(PARTITION_MS);
      await proxy.ask('mode', { name: nodes[node].name, mode: 'pass' });
    },
    'redis kill': () => redis.kill(),
    failover: async ({ stalledMs }) => void failovers.push(await redis.failover(stalledMs)),
    'full disk': async () => {
      await disk.fill();
      await pause(FULL_MS);
      disk.free();
      await redis?.recover();
    },
  };

  for (const fault of plan) {
    const whom = fault.node === undefined ? 'store' : fault.node;
    await busy.get(whom);
    if (fault.node !== undefined) await nodes[fault.node].up();
    // A replica that is still copying cannot take over, and nothing is acknowledged before it has.
    else await redis?.inStep();
    // The load stops ahead of each fault until its victim is up, and never so close that nothing is under way.
    await load.ask('allow', fault.after + Math.ceil(step / 2));
    await reached(fault.after);
    counts[fault.kind] = (counts[fault.kind] ?? 0) + 1;
    const done = faults[fault.kind](fault);
    // Whoever waits for it hears of a failure; nobody may do so for a while.
    done.catch(() => undefined);
    busy.set(whom, done);
  }
  await load.ask('allow', Infinity);
  await Promise.all(busy.values());
  await Promise.all(nodes.map((node) => node.up()));
  return { counts, failovers, lastAt: Date.now() };
}
