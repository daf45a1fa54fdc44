import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { env } from 'node:process';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { decodeQR } from 'qr/decode.js';
import { qr, type QrOptions } from '../../src/cli/qr.ts';
import { printCode } from '../../src/posters/code.ts';
import { temporaryFolder } from '../support/lotse.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let before: NodeJS.ProcessEnv;

beforeEach(async () => {
  folder = await temporaryFolder();
  before = { ...env };
});
afterEach(async () => {
  jest.restoreAllMocks();
  for (const name of Object.keys(env)) if (!(name in before)) Reflect.deleteProperty(env, name);
  Object.assign(env, before);
  process.exitCode = undefined;
  await folder.remove();
});

interface Ended {
  readonly out: string;
  readonly err: string;
  readonly exit: number;
}

/** The command as the command line calls it. */
async function run(flow: string | undefined, options: Partial<QrOptions>): Promise<Ended> {
  process.exitCode = undefined;
  const [out, err] = [process.stdout, process.stderr].map((stream) => {
    const written: string[] = [];
    jest.spyOn(stream, 'write').mockImplementation((chunk) => written.push(String(chunk)) > 0);
    return written;
  });
  await qr(flow, { size: 'a4', ...options });
  jest.restoreAllMocks();
  const { exitCode } = process;
  const exit = typeof exitCode === 'number' ? exitCode : 0;
  process.exitCode = undefined;
  return { out: out!.join(''), err: err!.join(''), exit };
}

async function accounts(yaml: string): Promise<void> {
  const file = join(folder.path, 'accounts.yaml');
  await writeFile(file, yaml);
  Object.assign(env, { ACCOUNTS: file, META_APP_SECRET: 's', META_VERIFY_TOKEN: 'v' });
}

const TWO_TOWNS = `
whatsapp:
  - {phone_number_id: "1", token: t, number: "+4982112345", owner: {organization: Augsburg, contact: a@example.org}}
  - {phone_number_id: "2", token: t, number: "+499119430", start: housing, languages: [de, uk]}
messenger:
  - {page_id: "3", token: t, username: lotse.augsburg}
`;

test('without a file: links and codes for the terminal', async () => {
  const { out, exit } = await run('housing', { number: '+4982112345', page: 'lotse', language: 'ar' });
  expect(exit).toBe(0);
  const whatsapp = 'https://wa.me/4982112345?text=%D8%B3%D9%83%D9%86';
  expect(out).toContain(`WhatsApp: ${whatsapp}\n`);
  expect(out).toContain('Messenger: https://m.me/lotse?ref=housing\n');
  expect(out).toContain(printCode(whatsapp, false));
});

test('what stands in the terminal is read by a phone', () => {
  const link = 'https://wa.me/4982112345?text=wohnen';
  const lines = printCode(link, false).split('\n');
  expect(printCode(link, true).split('\n')).toEqual(lines.map((line) => `\u001b[40;97m${line}\u001b[0m`));
  // Two modules stand in one letter, one above the other; four pixels a module.
  const rows = lines.flatMap((line) =>
    ['█▀', '█▄'].map((light) => Array.from(line, (letter) => light.includes(letter))),
  );
  const [width, height] = [rows[0]!.length * 4, rows.length * 4];
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      data.fill(rows[y >> 2]![x >> 2] === true ? 255 : 0, (y * width + x) * 4, (y * width + x) * 4 + 4);
  expect(decodeQR({ width, height, data }, { timeLimit: 10_000 })).toBe(link);
});

test.each(['svg', 'pdf'])('a poster as %s', async (format) => {
  const file = join(folder.path, `poster.${format}`);
  const { out, err, exit } = await run('housing', { number: '+4982112345', out: file, language: 'uk,ar' });
  expect([err, exit]).toEqual(['', 0]);
  expect(out).toContain(`${file} written: A4, uk, ar\n`);
  const written = await readFile(file, 'utf8');
  expect(written.slice(0, 5)).toBe(format === 'svg' ? '<?xml' : '%PDF-');
  if (format === 'svg') expect(written.indexOf('>Житло<')).toBeLessThan(written.indexOf('>السكن<'));
});

test('number, page, start flow and languages come from the accounts', async () => {
  await accounts(TWO_TOWNS);
  const nuremberg = await run(undefined, { number: '+499119430' });
  expect(nuremberg.out).toContain('https://wa.me/499119430?text=Info%3A%20wohnen%2C%20');
  expect(nuremberg.out).not.toContain('m.me');
  const file = join(folder.path, 'poster.svg');
  const { out } = await run('german-course', { number: '+499119430', out: file });
  expect(out).toContain('A4, de, uk\n');
  const several = await run(undefined, {});
  expect([several.exit, several.err]).toEqual([
    2,
    expect.stringContaining('+4982112345, +499119430, lotse.augsburg'),
  ]);
});

test('who answers for an account stands on a poster whose flow names nobody', async () => {
  const flows = join(folder.path, 'start.yaml');
  await writeFile(
    flows,
    'flow: start\nlanguage: en\ntitle: Start\nsteps: {hello: {ask: Hello?, options: {a: {label: A, next: hello}}}}\n',
  );
  await accounts(TWO_TOWNS);
  Object.assign(env, { FLOWS: folder.path, LOCALES: join(folder.path, 'none') });
  const file = join(folder.path, 'poster.svg');
  await run(undefined, { number: '+4982112345', out: file });
  const svg = await readFile(file, 'utf8');
  expect(svg).toContain('>Augsburg<');
  expect(svg).toContain('>Augsburg · a@example.org<');
  expect(svg).toContain('>Help in your language<');
});

test.each<[string, string | undefined, Partial<QrOptions>, string]>([
  ['no account', undefined, {}, '--number +49'],
  ['a number without country code', undefined, { number: '0821 12345' }, '+4982112345'],
  ['a page that is none', undefined, { page: 'https://facebook.com/lotse' }, 'facebook.com/'],
  ['an unknown flow', 'hosing', { page: 'lotse' }, "did you mean 'housing'"],
  ['an unknown language', 'housing', { page: 'lotse', language: 'de,xx' }, "no language 'xx'"],
  ['another kind of file', 'housing', { page: 'lotse', out: 'poster.docx' }, 'poster.pdf'],
  [
    'a folder that is not there',
    'housing',
    { page: 'lotse', out: '/nowhere/poster.svg' },
    'cannot be written',
  ],
])('%s is refused in a sentence that helps', async (_, flow, options, message) => {
  const { err, exit } = await run(flow, options);
  expect([err, exit]).toEqual([expect.stringContaining(message), 2]);
});
