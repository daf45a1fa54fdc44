/** Compiles src to dist, and copies the files there that are not TypeScript. Does nothing when dist is newer. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (path) => join(root, path);
const done = at('dist/.tsbuildinfo');

const sources = [
  ...readdirSync(at('src'), { recursive: true }).map((name) => join(root, 'src', name)),
  at('tsconfig.json'),
  at('tsconfig.build.json'),
  at('package-lock.json'),
];
const newest = Math.max(...sources.map((path) => statSync(path).mtimeMs));

if (!existsSync(done) || statSync(done).mtimeMs < newest) {
  const tsc = at('node_modules/typescript/bin/tsc');
  if (!existsSync(tsc)) {
    process.stderr.write('Lotse is not built and TypeScript is not installed: run "npm ci" first.\n');
    process.exit(2);
  }
  const { status } = spawnSync(process.execPath, [tsc, '-p', at('tsconfig.build.json')], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
  const asset = (path) => statSync(path).isDirectory() || !path.endsWith('.ts');
  utimesSync(done, new Date(), new Date());
  cpSync(at('src'), at('dist'), { recursive: true, filter: asset });
}
