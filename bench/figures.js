/** Figures of benchmarks: worked out, printed, and read from the system. */
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

/** `share`: 0–1. To a tenth; NaN of nothing. */
export function quantile(numbers, share) {
  const sorted = Float64Array.from(numbers).sort();
  return rounded(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN, 1);
}

/** null where nothing was measured. */
export function median(numbers) {
  const known = numbers.filter((number) => number !== null).sort((a, b) => a - b);
  return known[Math.floor(known.length / 2)] ?? null;
}

export const rounded = (number, digits) => (number === null ? null : Number(number.toFixed(digits)));
/** To a hundredth. */
export const ratio = (number, to) => (number === null || to === null ? null : rounded(number / to, 2));

/** Linux counts processor time in hundredths of a second, whatever the machine. */
const TICK_US = 10_000;

/** Processor time of a process and its threads so far, microseconds; null where there is no /proc. */
export function cpuOf(pid) {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return null;
  // The name of the program, in brackets, may hold anything.
  const fields = readFileSync(file, 'utf8').split(') ').at(-1).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
}

/** Resident memory of a process, MB; null where there is no /proc. */
export function residentOf(pid) {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return null;
  return rounded(Number(/^VmRSS:\s+(\d+) kB/mu.exec(readFileSync(file, 'utf8'))[1]) / 1024, 0);
}

/** What stands on the command line: whole numbers in their order, or what is given for those left out; and flags. */
export function asked(defaults, flags = []) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'string' },
      ...Object.fromEntries(flags.map((flag) => [flag, { type: 'boolean', default: false }])),
    },
  });
  const numbers = defaults.map((otherwise, place) => Number(positionals[place] ?? otherwise));
  if (
    positionals.length > defaults.length ||
    numbers.some((number) => !Number.isInteger(number) || number < 1)
  )
    throw new Error(`'${positionals.join(' ')}' must be at most ${defaults.length} whole numbers from 1 up`);
  return { numbers, ...values };
}

/** Prints a table and one JSON line with all figures; the line also goes to the file of `--json`. */
export async function report(results, about, file, table = results) {
  console.table(table);
  const line = `${JSON.stringify({ ...about, results })}\n`;
  process.stdout.write(line);
  if (file !== undefined) await writeFile(file, line);
}
