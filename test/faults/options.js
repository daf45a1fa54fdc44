// What a run consists of, by the command line.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

export const HELP = `
node test/faults/main.js [options]

  --long              100,000 messages with everything that can go wrong, instead of the short form
  --soak HOURS        the same load and faults again and again on the same stores
  --only NAME         one part: redis, embedded, "redis, full disk", "embedded, full disk"
  --seed N            the same choices as in a run before (1 if not given)
  --dist FOLDER       the built server (dist)
  --messages N  --kills N  --redis-kills N  --failovers N  --restarts N
  --partitions N  --pauses N  --jumps N  --fills N        instead of the form's own; for all parts
  --each N            messages of one conversation (10)       --lanes N   deliveries at once (32)
  --rate N            messages a second; 0: as fast as it goes (0)
  --redelivered S  --refused S  --cut S  --hung S  --statuses-lost S      shares (0.1 0.02 0.005 0.005 0)
  --lease-ms N  --grace-ms N      what the build at FOLDER uses (30000 10000)
  --post-ms N         after which Meta gives up waiting for 200 and delivers again (5000)
`;

const NONE = {
  kills: 0,
  redisKills: 0,
  failovers: 0,
  restarts: 0,
  partitions: 0,
  pauses: 0,
  jumps: 0,
  fills: 0,
};

/** Parts by name: [store, nodes, messages, faults]. */
const SHORT = {
  redis: [
    'redis',
    2,
    5_000,
    { ...NONE, kills: 60, redisKills: 4, failovers: 1, restarts: 2, partitions: 2, jumps: 2 },
  ],
  embedded: ['embedded', 1, 1_000, { ...NONE, kills: 8, restarts: 1 }],
};
const LONG = {
  redis: [
    'redis',
    2,
    100_000,
    {
      ...NONE,
      kills: 2_000,
      redisKills: 50,
      failovers: 20,
      restarts: 50,
      partitions: 60,
      pauses: 10,
      jumps: 40,
    },
  ],
  embedded: ['embedded', 1, 20_000, { ...NONE, kills: 400, restarts: 20 }],
  'redis, full disk': ['redis', 2, 3_000, { ...NONE, kills: 4, fills: 4 }],
  'embedded, full disk': ['embedded', 1, 3_000, { ...NONE, kills: 4, fills: 4 }],
};

const OWN_COUNTS = [
  'kills',
  'redis-kills',
  'failovers',
  'restarts',
  'partitions',
  'pauses',
  'jumps',
  'fills',
];
const REDIS_ONLY = ['redisKills', 'failovers', 'partitions'];

const text = { type: 'string' };
const NAMES = [
  ...['soak', 'only', 'seed', 'dist', 'messages', ...OWN_COUNTS, 'each', 'lanes', 'rate'],
  ...['redelivered', 'refused', 'cut', 'hung', 'statuses-lost', 'lease-ms', 'grace-ms', 'post-ms'],
];

/** Throws an Error in words. */
export function readOptions(given) {
  const options = { help: { type: 'boolean' }, long: { type: 'boolean' } };
  for (const name of NAMES) options[name] = text;
  const { values } = parseArgs({ args: given, options });
  const number = (name, otherwise) => {
    const value = values[name] === undefined ? otherwise : Number(values[name]);
    if (value !== undefined && !(value >= 0)) throw new Error(`--${name} must be a number`);
    return value;
  };
  const dist = resolve(values.dist ?? fileURLToPath(new URL('../../dist', import.meta.url)));
  const form = values.long || values.soak !== undefined ? LONG : SHORT;
  if (values.only !== undefined && !(values.only in form))
    throw new Error(`--only must be one of: ${Object.keys(form).join(', ')}`);

  const notes = [];
  const waits = readFileSync(`${dist}/config.js`, 'utf8').includes('STORE_REPLICAS');
  const parts = Object.entries(form)
    .filter(([name]) => values.only === undefined || values.only === name)
    .map(([name, [store, nodes, messages, faults]]) => {
      const counts = { ...faults };
      for (const option of OWN_COUNTS) {
        const key = option.replace(/-k/u, 'K');
        counts[key] = number(option, counts[key]);
        if (store === 'embedded' && REDIS_ONLY.includes(key)) counts[key] = 0;
      }
      if (counts.failovers > 0 && !waits) {
        counts.failovers = 0;
        notes.push(`${name}: no failovers, for this build does not know STORE_REPLICAS`);
      }
      const seed = number('seed', 1);
      return {
        name,
        store,
        nodes,
        dist,
        seed,
        counts,
        messages: number('messages', messages),
        leaseMs: number('lease-ms', 30_000),
        graceMs: number('grace-ms', 10_000),
        graph: {
          seed: seed + 1_000,
          refused: number('refused', 0.02),
          cut: number('cut', 0.005),
          hung: number('hung', 0.005),
          statusesLost: number('statuses-lost', 0),
          postMs: number('post-ms', 5_000),
        },
        load: {
          each: number('each', 10),
          lanes: number('lanes', 32),
          redelivered: number('redelivered', 0.1),
          ratePerSecond: number('rate', 0),
          postMs: number('post-ms', 5_000),
        },
      };
    });
  return { help: values.help ?? false, soakHours: number('soak', 0), parts, notes };
}
