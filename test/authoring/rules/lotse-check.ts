import { spawnSync } from 'node:child_process';
import { env, execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { FINDING_CODES } from '../../../src/authoring/finding.ts';

const MAIN = fileURLToPath(new URL('../../../dist/main.js', import.meta.url));

const reportSchema = z.strictObject({
  findings: z.array(
    z.strictObject({
      severity: z.enum(['error', 'warning']),
      code: z.enum(FINDING_CODES),
      file: z.string(),
      line: z.int().min(1),
      column: z.int().min(1),
      message: z.string().min(1),
    }),
  ),
  flows: z.int(),
  languages: z.array(z.string()),
  today: z.iso.date(),
});

export interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the built `lotse check` in a folder, with nothing from this environment but PATH. */
export function lotseCheck(
  cwd: string,
  args: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Ran {
  const { status, stdout, stderr } = spawnSync(execPath, [MAIN, 'check', ...args], {
    cwd,
    env: { PATH: env['PATH'], ...settings },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status, out: stdout, err: stderr };
}

/** The same, for programs. */
export function lotseCheckJson(
  cwd: string,
  args: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): z.infer<typeof reportSchema> & { readonly status: number | null } {
  const { status, out, err } = lotseCheck(cwd, [...args, '--json'], settings);
  if (err !== '') throw new Error(err);
  return { status, ...reportSchema.parse(JSON.parse(out)) };
}
