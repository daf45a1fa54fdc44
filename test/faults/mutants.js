/**
 * Does the checker catch what it is there for? Copies the built server, puts one bug into it, and lets a short run of
 * faults judge it: it must be found wrong, while the same server without the bug, in the same run, is found good.
 *
 *   node test/faults/mutants.js [--dist FOLDER] [NAME…]
 *
 * Ends with 0 when the good one passed and every bug was caught.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const LEASE_MS = 6_000;
const GRACE_MS = 3_000;

/** Seconds instead of half minutes, so that leases run out within a short run: the only change in the good one. */
const HASTE = [
  { file: 'registry.js', find: 'const LEASE_MS = 30_000;', replace: `const LEASE_MS = ${LEASE_MS};` },
  { file: 'runtime/deliver.js', find: 'const GRACE_MS = 10_000;', replace: `const GRACE_MS = ${GRACE_MS};` },
  {
    file: 'runtime/work.js',
    find: 'const SEND_WITHIN_MS = 10_000;',
    replace: `const SEND_WITHIN_MS = ${LEASE_MS / 3};`,
  },
];

/** One bug each: one place, and what of `findings` it must show up as. */
const BUGS = {
  'commit without a fence': {
    file: 'store/lua/commit.lua',
    find: [
      "if not holds(ARGV[1]) then return 'lost' end",
      'local keep_ms, consumed = tonumber(ARGV[2]), tonumber(ARGV[4])',
      "if consumed > inbox_count then return 'overrun' end",
    ].join('\n'),
    replace: 'local keep_ms, consumed = tonumber(ARGV[2]), math.min(tonumber(ARGV[4]), inbox_count)',
    caughtAs: ['lost', 'doubles', 'wrongMemory', 'consumedTwice', 'outOfOrder', 'unknown'],
  },
  'redelivered messages are new': {
    file: 'store/lua/accept.lua',
    find: 'if knows(seen) or knows(older) then',
    replace: 'if false then',
    caughtAs: ['doubles', 'wrongMemory', 'consumedTwice'],
  },
  'sent before it is committed': {
    file: 'runtime/work.js',
    find: 'next = await store.commit(lease, {',
    replace: `for (const one of turn.commit.outbox) {
      let type = 'retry';
      while (type === 'retry')
        type = (await deliver(tools, conversation, { ...one, attempts: 1, sinceMs: Date.now() })).settlement.type;
    }
    turn.commit = { ...turn.commit, outbox: [] };
    next = await store.commit(lease, {`,
    caughtAs: ['doubles', 'consumedTwice', 'wrongMemory'],
  },
  'unclear sends are repeated at once': {
    file: 'runtime/deliver.js',
    find: 'graceMs: Math.max(GRACE_MS, backoffMs)',
    replace: 'graceMs: 0',
    caughtAs: ['doubles'],
  },
};

/** Short, but with much of what shows bugs; no hung sends, for those last longer than the short lease. */
const RUN = [
  ...['--only', 'redis', '--messages', '600', '--each', '40', '--lanes', '24'],
  ...['--kills', '6', '--pauses', '6', '--redis-kills', '0', '--failovers', '0'],
  ...['--restarts', '0', '--partitions', '0', '--jumps', '0', '--hung', '0', '--cut', '0.04'],
  ...[
    '--redelivered',
    '0.2',
    '--lease-ms',
    String(LEASE_MS),
    '--grace-ms',
    String(GRACE_MS),
    '--post-ms',
    '1000',
  ],
];

const say = (line) => process.stdout.write(`${line}\n`);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Changes one place; throws when there is not exactly one. */
function patch(dist, { file, find, replace }) {
  const path = join(dist, file);
  const [before, after, ...more] = readFileSync(path, 'utf8').split(find);
  if (after === undefined || more.length > 0)
    throw new Error(
      `'${find}' stands ${after === undefined ? 'nowhere' : 'more than once'} in ${file}: mend mutants.js`,
    );
  writeFileSync(path, before + replace + after);
}

/** Runs the faults against a copy of the server with these changes; resolves to the verdict. */
async function judged(dist, patches) {
  const folder = mkdtempSync(join(tmpdir(), 'lotse-mutant-'));
  try {
    const copy = join(folder, 'dist');
    cpSync(dist, copy, { recursive: true });
    cpSync(here('../../package.json'), join(folder, 'package.json'));
    symlinkSync(here('../../node_modules'), join(folder, 'node_modules'));
    for (const one of patches) patch(copy, one);
    const run = spawn(process.execPath, [here('main.js'), '--dist', copy, ...RUN], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    run.stdout.on('data', (chunk) => (output += chunk.toString()));
    await new Promise((done) => run.once('exit', done));
    const line = output.split('\n').find((one) => one.startsWith('{"ok":'));
    if (line === undefined) throw new Error(`the run gave no verdict:\n${output.slice(-2_000)}`);
    const [{ verdict }] = JSON.parse(line).results;
    // The histories of mutants are of no use to anybody.
    const kept = /whole history is in (\S+)/u.exec(verdict.findings.at(-1) ?? '');
    if (kept) rmSync(kept[1], { force: true });
    return verdict;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const countsOf = (verdict) =>
  Object.entries(verdict)
    .filter(
      ([key, value]) => typeof value === 'number' && value > 0 && key !== 'accepted' && key !== 'delivered',
    )
    .map(([key, value]) => `${key} ${value}`)
    .join(', ') || 'nothing found';

const { values, positionals } = parseArgs({ options: { dist: { type: 'string' } }, allowPositionals: true });
const dist = resolve(values.dist ?? here('../../dist'));
const wanted = Object.entries(BUGS).filter(
  ([name]) => positionals.length === 0 || positionals.includes(name),
);
let good = true;

const control = await judged(dist, HASTE);
good &&= control.ok;
say(`without a bug: ${control.ok ? 'good' : 'BAD'} (${countsOf(control)})`);
for (const finding of control.ok ? [] : control.findings) say(`  ${finding}`);
for (const [name, bug] of wanted) {
  const verdict = await judged(dist, [...HASTE, bug]);
  const caught = !verdict.ok && bug.caughtAs.some((kind) => verdict[kind] > 0);
  good &&= caught;
  say(`${name}: ${caught ? 'caught' : 'NOT CAUGHT'} (${countsOf(verdict)})`);
  if (verdict.findings[0] !== undefined) say(`  e.g. ${verdict.findings[0]}`);
}
say(good ? 'mutants: every bug was caught' : 'mutants: FAILED');
process.exit(good ? 0 : 1);
