import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startLotse, temporaryFolder } from '../../support/lotse.ts';

const MAIN = fileURLToPath(new URL('../../../dist/main.js', import.meta.url));
const TUTORIAL = readFileSync('docs/authors.md', 'utf8');

/** Once, before everything: somebody else may do it. */
const SET_UP = 'git clone https://example.org/lotse.git\ncd lotse\nnpm ci && npm run build && npm link';

type Part =
  | {
      readonly type: 'file';
      readonly file: string;
      readonly how: 'write' | 'append';
      readonly content: string;
    }
  | { readonly type: 'commands'; readonly commands: readonly string[] }
  | { readonly type: 'line'; readonly file: string; readonly before: string; readonly line: string };

/** The tutorial as what its reader does, in order. */
function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let prose = '';
  for (const [, indent = '', language = '', block = '', words = ''] of text.matchAll(
    /^( *)```(\w+)\n([^]*?)\n *```$|^(.*)$/gm,
  )) {
    if (language === '') {
      if (words !== '<!-- prettier-ignore -->') prose += `${words}\n`;
      continue;
    }
    const content = block.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
    parts.push(...linesToAdd(prose));
    if (language === 'sh') parts.push({ type: 'commands', commands: content.split('\n') });
    else {
      const [, file = ''] = /`(flows\/[^`]+\.yaml)`[^`]*$/.exec(prose) ?? [];
      const how = /at the end of `[^`]+` add:\s*$/i.test(prose) ? 'append' : 'write';
      parts.push({ type: 'file', file, how, content: `${content}\n` });
    }
    prose = '';
  }
  return parts;
}

/** Single lines that the prose asks for. */
function linesToAdd(prose: string): Part[] {
  const parts: Part[] = [];
  const option = /options of `need`, and add the line\n\n`([^`]+)`/.exec(prose)?.[1];
  if (option !== undefined)
    parts.push({ type: 'line', file: 'flows/housing.yaml', before: '      menu:', line: `      ${option}` });
  const above = /above `steps:` in `([^`]+)` add the line `([^`]+)`/.exec(prose);
  if (above) parts.push({ type: 'line', file: above[1] ?? '', before: 'steps:', line: above[2] ?? '' });
  return parts;
}

const parts = partsOf(TUTORIAL);
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

const run = promisify(execFile);

async function execute(command: string): Promise<string> {
  const [name = '', ...words] = command.split(' ');
  expect(name).toBe('lotse');
  if (command === 'lotse serve') {
    const lotse = await startLotse({
      FLOWS: join(folder.path, 'flows'),
      LOCALES: join(folder.path, 'locales'),
      STORE: `embedded:${join(folder.path, 'data')}`,
    });
    expect(await lotse.stop()).toBe(0);
    return '';
  }
  const running = run(process.execPath, [MAIN, ...words], { cwd: folder.path, env: { PATH: env['PATH'] } });
  running.child.stdin?.end('hello\n');
  const { stdout, stderr } = await running;
  return stdout + stderr;
}

test('somebody who follows the tutorial to the letter has a conversation that is checked, tested and translated', async () => {
  const done: string[] = [];
  for (const part of parts) {
    if (part.type === 'commands') {
      if (part.commands.join('\n') === SET_UP) continue;
      for (const command of part.commands)
        done.push(
          await execute(command).catch((error: unknown) => {
            throw new Error(`'${command}' failed: ${JSON.stringify(error)}`, { cause: error });
          }),
        );
      continue;
    }
    const file = join(folder.path, part.file);
    await mkdir(dirname(file), { recursive: true });
    const before = existsSync(file) ? await readFile(file, 'utf8') : '';
    if (part.type === 'line') {
      expect(before.split(part.before)).toHaveLength(2);
      await writeFile(
        file,
        before.replace(part.before, () => `${part.line}\n${part.before}`),
      );
    } else await writeFile(file, part.how === 'append' ? before + part.content : part.content);
  }
  expect(existsSync(join(folder.path, 'housing.svg'))).toBe(true);
  expect(existsSync(join(folder.path, 'locales/de/housing.po'))).toBe(true);
  expect(done.join('\n')).toMatch(/I know how you get help in our town/);
  expect(done.at(-2)).toMatch(/\b0 failed, 0 findings/);
  // What it says of steps with another name holds, too.
  const housing = await readFile(join(folder.path, 'flows/housing.yaml'), 'utf8');
  const [, line = ''] = /add the line `(moved: [^`]+)`/.exec(TUTORIAL) ?? [];
  await writeFile(
    join(folder.path, 'flows/housing.yaml'),
    housing.replaceAll('how_many', 'household').replace('steps:', `${line}\nsteps:`),
  );
  expect(await execute('lotse check')).not.toContain(' error ');
}, 240_000);

test('every block of the tutorial is one of those that are followed', () => {
  const blocks = TUTORIAL.split('```').length - 1;
  expect(parts.filter(({ type }) => type !== 'line')).toHaveLength(blocks / 2);
  for (const part of parts) if (part.type === 'file') expect(part.file).toMatch(/^flows\/[a-z.]+\.yaml$/);
  expect(parts.filter(({ type }) => type === 'line')).toHaveLength(2);
});
