import { pick, shuffled } from './random.js';

/** What a network may do to one node, in proxy.js's words. */
const NETWORK = ['delay', 'black-hole', 'half-open', 'cut'];

/**
 * Which fault comes when: { after, kind, node?, mode? }, `after` counted in accepted messages, evenly over the run.
 * The same for the same seed. `counts`: how many of each kind.
 */
export function planFaults({ random, counts, messages, nodes }) {
  const node = () => Math.floor(random() * nodes);
  // In turn, so that one can be killed while the other comes back.
  const kills = Array.from({ length: counts.kills }, (_, index) => ({ kind: 'kill', node: index % nodes }));
  const others = [
    ...times(counts.redisKills, () => ({ kind: 'redis kill' })),
    ...times(counts.failovers, (index) => ({ kind: 'failover', stalledMs: index % 2 === 1 ? 500 : 0 })),
    ...times(counts.restarts, () => ({ kind: 'restart', node: node() })),
    ...times(counts.partitions, () => ({ kind: 'partition', node: node(), mode: pick(random, NETWORK) })),
    ...times(counts.pauses, (index) => ({ kind: 'pause', node: node(), stopped: index % 2 === 1 })),
    ...times(counts.jumps, () => ({ kind: 'jump', node: node() })),
    ...times(counts.fills, () => ({ kind: 'full disk' })),
  ];
  const places = new Set(
    shuffled(
      random,
      Array.from({ length: kills.length + others.length }, (_, index) => index),
    ).slice(0, others.length),
  );
  const faults = Array.from({ length: kills.length + others.length }, (_, index) =>
    places.has(index) ? others.pop() : kills.shift(),
  );
  const step = messages / (faults.length + 1);
  return faults.map((fault, index) => ({ ...fault, after: Math.floor((index + 1) * step) }));
}

const times = (count, make) => Array.from({ length: count }, (_, index) => make(index));
