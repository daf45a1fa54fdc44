/** Generated flows and translations, as large as one likes; the texts are words in a row, as long as real ones. */
import { cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Languages beside English, the source. */
export const TAGS = 'ar bg ckb de fa fr ku ps ru ti tr uk ur vi pl ro'.split(' ');
const WORDS = 'advice house doctor letter office paper family school money court rent child work help'.split(
  ' ',
);
const LETTERS = { ar: 'ابتثجحخدذ', fa: 'پچژگکیمنه', uk: 'абвгґдежз', ru: 'клмнопрст', ti: 'ሀለሐመሠረሰቀበ' };

/** One word that no other index has. */
export const word = (index) => `${WORDS[index % WORDS.length]}${index}`;
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

function headOf(id, texts) {
  const lines = [`flow: ${id}`, 'language: en', `title: ${texts.title}`, `entry: [${texts.entry}]`];
  if (texts.crisis) lines.push(`crisis: [${texts.crisis}]`);
  lines.push('owner: {organization: Example e.V., contact: help@example.org}');
  lines.push('checked: 2026-11-01', 'review_after: 180 days');
  return lines;
}

function flowFile(id, texts) {
  const lines = [...headOf(id, texts), 'answers:'];
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

async function write(folder, tags, id, yaml, texts) {
  await mkdir(join(folder, 'flows'), { recursive: true });
  await writeFile(join(folder, 'flows', `${id}.yaml`), yaml);
  for (const tag of tags) {
    await mkdir(join(folder, 'locales', tag), { recursive: true });
    await writeFile(join(folder, 'locales', tag, `${id}.po`), catalogue(tag, texts));
  }
}

/** Writes `flows` flows of ordinary size in `languages` languages (1–17) into `folder`/flows and `folder`/locales. */
export async function writeFlows(folder, flows, languages) {
  for (let flow = 0; flow < flows; flow += 1) {
    const id = flow === 0 ? 'start' : `flow${flow}`;
    const texts = textsOf(flow);
    await write(folder, TAGS.slice(0, languages - 1), id, flowFile(id, texts), texts);
  }
}

/** A file of flows may have 1 MB. */
const CHAIN_STEPS_MAX = 1000;

/** How many flows `writeChain` makes of so many steps; `open <word(n)>` opens the n-th. */
export const chainsOf = (steps) => Math.ceil(steps / CHAIN_STEPS_MAX);

/** Writes `steps` questions, each with a way to the next and one far away, in flows of up to 1,000 steps. */
export async function writeChain(folder, steps, languages) {
  for (let flow = 0; flow < chainsOf(steps); flow += 1) {
    const id = flow === 0 ? 'start' : `flow${flow}`;
    const count = Math.min(steps, CHAIN_STEPS_MAX);
    const texts = { title: `Title ${flow}`, entry: `open ${word(flow)}` };
    const lines = [...headOf(id, texts), 'steps:'];
    for (let step = 0; step < count; step += 1) {
      const [ask, on, far] = [`Question ${step} of ${flow}: ${word(step)}?`, 'Go on', `Far from ${step}`];
      texts[`steps.q${step}.ask`] = ask;
      texts[`steps.q${step}.options.on.label`] = on;
      texts[`steps.q${step}.options.far.label`] = far;
      lines.push(`  q${step}:`, `    ask: '${ask}'`, '    options:');
      lines.push(`      on: {label: '${on}', next: q${(step + 1) % count}}`);
      lines.push(`      far: {label: '${far}', next: q${(step * 31 + 7) % count}}`);
    }
    await write(folder, TAGS.slice(0, languages - 1), id, `${lines.join('\n')}\n`, texts);
  }
}

/** Copies a project, and its German once more for every language that is missing to have `languages`. */
export async function copyInLanguages(from, folder, languages) {
  await cp(join(from, 'flows'), join(folder, 'flows'), { recursive: true });
  await cp(join(from, 'locales'), join(folder, 'locales'), { recursive: true });
  const shipped = await readdir(join(from, 'locales'));
  const missing = TAGS.filter((tag) => !shipped.includes(tag)).slice(0, languages - 1 - shipped.length);
  const german = join(from, 'locales', 'de');
  for (const tag of missing) {
    await mkdir(join(folder, 'locales', tag));
    for (const name of await readdir(german)) {
      const text = await readFile(join(german, name), 'utf8');
      await writeFile(
        join(folder, 'locales', tag, name),
        text.replace('"Language: de\\n"', `"Language: ${tag}\\n"`),
      );
    }
  }
}
