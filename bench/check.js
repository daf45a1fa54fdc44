/**
 * How long `lotse check` takes over many flows and translations, generated in a temporary folder and read by the
 * built command, start-up included. The goal: 200 flows in 12 languages in under 3 s.
 *
 *   node bench/check.js                        the goal, three times
 *   node bench/check.js FLOWS LANGUAGES RUNS   as many as you like
 */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [flows = 200, languages = 12, runs = 3] = process.argv.slice(2).map(Number);
const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const TAGS = [
  'ar',
  'bg',
  'ckb',
  'de',
  'fa',
  'fr',
  'ku',
  'ps',
  'ru',
  'ti',
  'tr',
  'uk',
  'ur',
  'vi',
  'pl',
  'ro',
];
const WORDS = 'advice house doctor letter office paper family school money court rent child work help'.split(
  ' ',
);
const LETTERS = { ar: 'ابتثجحخدذ', fa: 'پچژگکیمنه', uk: 'абвгґдежз', ru: 'клмнопрст', ti: 'ሀለሐመሠረሰቀበ' };

const word = (index) => `${WORDS[index % WORDS.length]}${index}`;
const sentence = (index) =>
  Array.from({ length: 40 }, (_, place) => WORDS[(index * 7 + place * 3) % WORDS.length]).join(' ');
const STEPS = 4;
const OPTIONS = 5;

/** Every text of a flow by its path: 35 texts, 6 kB of YAML and 17 kB a PO file, as the average shipped flow has. */
function textsOf(flow) {
  const texts = { title: `Title ${flow}`, entry: `open ${word(flow)}, ${word(flow)} please` };
  if (flow === 0) texts.crisis = 'i want to die, he hits me';
  for (let step = 0; step < STEPS; step += 1) {
    texts[`steps.q${step}.ask`] = `${sentence(flow + step)}?`;
    texts[`steps.q${step}.hint`] = sentence(flow - step + STEPS);
    for (let option = 0; option < OPTIONS; option += 1)
      texts[`steps.q${step}.options.o${option}.label`] =
        `${WORDS[(step + option) % WORDS.length]} ${option} ${step}`;
    texts[`steps.s${step}.say`] = `${sentence(flow + step + 1)}. ${sentence(flow + step + 2)}. {{people}}`;
  }
  texts['steps.count.ask'] = 'How many people?';
  return texts;
}

function flowFile(id, texts) {
  const lines = [`flow: ${id}`, 'language: en', `title: ${texts.title}`, `entry: [${texts.entry}]`];
  if (texts.crisis) lines.push(`crisis: [${texts.crisis}]`);
  lines.push('owner: {organization: Example e.V., contact: help@example.org}');
  lines.push('checked: 2026-11-01', 'review_after: 180 days', 'answers:');
  lines.push('  people: {type: integer, purpose: to find the right size, keep: conversation}', 'steps:');
  lines.push(`  count: {ask: '${texts['steps.count.ask']}', answer: people, next: q0}`);
  for (let step = 0; step < STEPS; step += 1) {
    const at = (path) => `'${texts[`steps.q${step}.${path}`]}'`;
    lines.push(`  q${step}:`, `    ask: ${at('ask')}`, `    hint: ${at('hint')}`, '    options:');
    for (let option = 0; option < OPTIONS; option += 1) {
      const next = option === 0 && step < STEPS - 1 ? `q${step + 1}` : option === 1 ? 'pick' : `s${step}`;
      lines.push(`      o${option}: {label: ${at(`options.o${option}.label`)}, next: ${next}}`);
    }
    lines.push(`  s${step}:`, `    say: '${texts[`steps.s${step}.say`]}'`, '    next:');
    lines.push(`      - {when: people > ${step} && language == "de", to: q${step}}`, '      - {to: q0}');
  }
  lines.push('  pick:', '    branch:', '      - {when: people > 4, to: q0}', '      - {to: q1}');
  return `${lines.join('\n')}\n`;
}

/** Long texts stand on several lines, as PO files have them. */
function folded(text) {
  if (text.length < 72) return `"${text}"`;
  return ['""', ...text.match(/.{1,74}(?: |$)/g).map((line) => `"${line}"`)].join('\n');
}

function catalogue(language, texts) {
  const letters = LETTERS[language];
  const foreign = (text) => {
    if (!letters) return text.replace(/[a-z]+/g, (part) => part.split('').reverse().join(''));
    return text.replace(/[a-z]/g, (letter) => letters[letter.charCodeAt(0) % letters.length]);
  };
  const translated = (text) =>
    text.split(/(\{\{people\}\})/).map((part) => (part.startsWith('{{') ? part : foreign(part)));
  const head = `msgid ""\nmsgstr ""\n"Language: ${language}\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n`;
  const about = `#: flows/housing.yaml\n#. A label people choose, at most 20 characters`;
  const entries = Object.entries(texts).map(
    ([path, text]) =>
      `\n# machine\n${about}\nmsgctxt "${path}"\nmsgid ${folded(text)}\nmsgstr ${folded(translated(text).join(''))}\n`,
  );
  return head + entries.join('');
}

const folder = await mkdtemp(join(tmpdir(), 'lotse-bench-'));
try {
  await mkdir(join(folder, 'flows'));
  const tags = TAGS.slice(0, languages - 1);
  for (const tag of tags) await mkdir(join(folder, 'locales', tag), { recursive: true });
  for (let flow = 0; flow < flows; flow += 1) {
    const id = flow === 0 ? 'start' : `flow${flow}`;
    const texts = textsOf(flow);
    await writeFile(join(folder, 'flows', `${id}.yaml`), flowFile(id, texts));
    for (const tag of tags) await writeFile(join(folder, 'locales', tag, `${id}.po`), catalogue(tag, texts));
  }
  const seconds = [];
  let report;
  for (let run = 0; run < runs; run += 1) {
    const began = performance.now();
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [MAIN, 'check', '--json', '--today', '2026-11-23'],
      { cwd: folder, env: { PATH: process.env.PATH }, encoding: 'utf8', maxBuffer: 2 ** 28 },
    );
    seconds.push((performance.now() - began) / 1000);
    if (status === 2 || stdout === '') throw new Error(`lotse check ended with ${status}: ${stderr}`);
    report = JSON.parse(stdout);
  }
  if (report.flows !== flows || report.languages.length !== languages)
    throw new Error(`${report.flows} flows in ${report.languages.length} languages were read`);
  const errors = report.findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(`the flows are wrong: ${JSON.stringify(errors[0])}`);
  const median = seconds.toSorted((a, b) => a - b)[Math.floor(runs / 2)];
  console.log(`${flows} flows in ${languages} languages: ${median.toFixed(2)} s (median of ${runs})`);
  process.stdout.write(
    `${JSON.stringify({ flows, languages, seconds, findings: report.findings.length })}\n`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
