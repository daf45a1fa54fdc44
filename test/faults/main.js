/**
 * Fault injection: the built server is killed, paused, cut off and given every message twice, while people write. Then
 * a checker reads the history of what was accepted and what arrived: nothing lost, nothing twice, in order.
 *
 *   npm run faults                 the short form: about two minutes
 *   npm run faults -- --long       100,000 messages
 *   npm run faults -- --help       everything else
 *
 * Ends with 0 when nothing was violated, 1 when something was, 2 when it could not run.
 */
import { HELP, readOptions } from './options.js';
import { runPart } from './part.js';
import { redisInstalled } from './redis.js';
import { tableOf } from './report.js';

const say = (line) => process.stdout.write(`${line}\n`);

async function main() {
  const { help, soakHours, parts, notes } = readOptions(process.argv.slice(2));
  if (help) {
    say(HELP.trim());
    return 0;
  }
  if (parts.some(({ store }) => store === 'redis') && !redisInstalled()) {
    say('redis-server is not installed: install it, or choose --only embedded');
    return 2;
  }
  const untilMs = soakHours > 0 ? Date.now() + soakHours * 3_600_000 : 0;
  const results = [];
  const done = (result) => {
    results.push(result);
    if (untilMs > 0) for (const line of tableOf([result])) say(line);
  };
  const running = [];
  for (const part of parts) {
    // While one part waits for its last leases to run out, the next begins.
    const loaded = new Promise((resolve) => {
      const tell = (line) => say(`${part.name}: ${line}`);
      const run = runPart({ ...part, loaded: resolve }, { say: tell, done, untilMs }).finally(resolve);
      run.catch(() => undefined);
      running.push(run);
    });
    await loaded;
    if (untilMs > 0) await running.at(-1);
  }
  await Promise.all(running);

  const order = parts.map(({ name }) => name);
  results.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  for (const { name, verdict } of results) for (const finding of verdict.findings) say(`${name}: ${finding}`);
  say('');
  for (const line of tableOf(results)) say(line);
  for (const note of notes) say(note);
  const ok = results.every(({ verdict }) => verdict.ok);
  say(JSON.stringify({ ok, results }));
  say(ok ? 'faults: nothing lost, nothing twice, in order' : 'faults: VIOLATED; the findings are above');
  return ok ? 0 : 1;
}

// Whatever ends this, what it started and wrote is removed on the way out.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(2));

main().then(
  (code) => process.exit(code),
  (error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(2);
  },
);
