import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startGraphStandIn, type GraphStandIn } from '../support/graph-stand-in.js';
import { eventually, startLotse, temporaryFolder, type Lotse } from '../support/lotse.ts';
import { fromWhatsapp, metaSettings, post, shown, tap, text } from '../support/meta.ts';

const WHATSAPP = '/webhooks/whatsapp';

const START = `flow: start
language: en
title: Start
steps:
  first:
    ask: Apples or pears?
    options:
      apples: {label: Apples, next: bought}
      pears: {label: Pears, next: bought}
  bought: {say: Bought.}
`;
const PO = (words: string): string =>
  `msgid ""\nmsgstr ""\n"Language: de\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n
msgctxt "steps.first.ask"\nmsgid "Apples or pears?"\nmsgstr "${words}"\n`;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let graph: GraphStandIn;
let lotse: Lotse;
const file = (name: string): string => join(folder.path, name);

beforeEach(async () => {
  folder = await temporaryFolder();
  await mkdir(file('flows'));
  await mkdir(file('locales/de'), { recursive: true });
  await writeFile(file('flows/start.yaml'), START);
  await writeFile(file('locales/de/start.po'), PO('Äpfel oder Birnen?'));
  graph = await startGraphStandIn();
  lotse = await startLotse({
    ...metaSettings(graph.url),
    STORE: `embedded:${file('data')}`,
    FLOWS: file('flows'),
    LOCALES: file('locales'),
  });
});
afterEach(async () => {
  await lotse.stop();
  await graph.stop();
  await folder.remove();
});

/** Times that each of these was logged so far. */
const logged = (what: string): number => lotse.output().split(what).length - 1;
const logs = async (what: string, times = 1): Promise<void> => {
  await eventually(
    () => Promise.resolve(logged(what)),
    (count) => count >= times,
  );
};
const RELOADED = '"msg":"flows reloaded"';
const REFUSED = 'those from before stay in use';

let messages = 0;
/** What a person is answered; the conversation goes on from call to call. */
async function say(message: Parameters<typeof fromWhatsapp>[2]): Promise<ReturnType<typeof shown>> {
  const before = await graph.count();
  messages += 1;
  expect(
    await post(lotse.url, WHATSAPP, fromWhatsapp('4915112345678', `wamid.${String(messages)}`, message)),
  ).toBe(200);
  await eventually(
    () => graph.count(),
    (count) => count > before,
  );
  return shown((await graph.sent()).at(-1)!);
}

describe('while Lotse runs', () => {
  test('a changed text is said from then on, in the middle of a conversation', async () => {
    expect((await say(text('hello'))).words).toContain('Apples or pears?');
    await writeFile(file('flows/start.yaml'), START.replace('Bought.', 'Bought and paid.'));
    await logs(RELOADED);
    expect((await say(tap('button_reply', 'start/first/apples', 'Apples'))).words).toContain(
      'Bought and paid.',
    );
  });

  test('a changed translation is said, and one that is new is offered', async () => {
    await writeFile(file('locales/de/start.po'), PO('Lieber Äpfel oder Birnen?'));
    await logs(RELOADED);
    expect((await say(text('deutsch'))).words).toContain('Lieber Äpfel oder Birnen?');
    await mkdir(file('locales/uk'));
    await writeFile(
      file('locales/uk/start.po'),
      PO('Яблука чи груші?').replace('Language: de', 'Language: uk'),
    );
    await logs(RELOADED, 2);
    expect((await say(text('українська'))).words).toContain('Яблука чи груші?');
  });

  test('an editor that writes beside the file and renames is noticed, again and again', async () => {
    for (const [index, word] of ['Sold.', 'Given.'].entries()) {
      await writeFile(file('flows/.start.yaml.swp'), START.replace('Bought.', word));
      await rename(file('flows/.start.yaml.swp'), file('flows/start.yaml'));
      await logs(RELOADED, index + 1);
      await say(text('hello'));
      expect((await say(tap('button_reply', 'start/first/pears', 'Pears'))).words).toContain(word);
    }
  });

  test('a broken flow replaces nothing, and is named with its line; mended, it does', async () => {
    await say(text('hello'));
    await writeFile(file('flows/start.yaml'), START.replace('next: bought}', 'next: bougt}'));
    await logs(REFUSED);
    expect(lotse.output()).toContain(
      "start.yaml:8:37 error unknown-step: step 'first' goes to 'bougt', which does not exist; did you mean 'bought'?",
    );
    expect(logged(RELOADED)).toBe(0);
    expect((await say(tap('button_reply', 'start/first/apples', 'Apples'))).words).toContain('Bought.');
    await writeFile(file('flows/start.yaml'), START.replace('Bought.', 'Mended.'));
    await logs(RELOADED);
    await say(text('hello'));
    expect((await say(tap('button_reply', 'start/first/apples', 'Apples'))).words).toContain('Mended.');
  });

  test('a broken translation, and a start flow that is gone, replace nothing', async () => {
    await writeFile(file('locales/de/start.po'), 'no PO file');
    await logs(REFUSED);
    expect(lotse.output()).toContain('start.po:1:1 error translation-file');
    await rm(file('flows/start.yaml'));
    await logs(REFUSED, 2);
    expect((await say(text('deutsch'))).words).toContain('Äpfel oder Birnen?');
  });

  test('people at a step that moved are asked there again, and at one that is gone begin anew', async () => {
    await say(text('hello'));
    const moved = START.replace('  first:', '  fruit:').replace('steps:', 'moved: {first: fruit}\nsteps:');
    await writeFile(file('flows/start.yaml'), moved);
    await logs(RELOADED);
    expect((await say(tap('button_reply', 'start/first/pears', 'Pears'))).words).toContain('Bought.');
    await say(text('hello'));
    await writeFile(
      file('flows/start.yaml'),
      moved.replaceAll('fruit', 'other').replace('moved: {first: other}\n', ''),
    );
    await logs(RELOADED, 2);
    expect((await say(text('apples'))).words).toMatch(/has changed[^]*Apples or pears/);
  });

  test('a mistake that was there from the beginning keeps nobody from mending the rest', async () => {
    await lotse.stop();
    await writeFile(file('flows/other.yaml'), 'flow: other\n');
    lotse = await startLotse({
      ...metaSettings(graph.url),
      STORE: `embedded:${file('data')}`,
      FLOWS: file('flows'),
      LOCALES: file('locales'),
    });
    await writeFile(file('flows/start.yaml'), START.replace('Apples or', 'Plums or'));
    await logs(RELOADED);
    expect((await say(text('hello'))).words).toContain('Plums or pears?');
  });

  test('SIGHUP loads anew, also where nothing changed', async () => {
    lotse.signal('SIGHUP');
    await logs(RELOADED);
    lotse.signal('SIGHUP');
    await logs(RELOADED, 2);
    expect(await readFile(file('flows/start.yaml'), 'utf8')).toBe(START);
  });
});
