import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf, reasonOf } from '../authoring/failure.ts';
import { channelsPage } from '../channels/table.ts';
import { flowJsonSchema } from '../authoring/schema/json.ts';
import { printJson } from '../authoring/schema/print.ts';
import { flowReference } from '../authoring/schema/reference.ts';
import { EXIT, complain, say } from './terminal.ts';

export interface SchemaOptions {
  /** The folder that holds, or is to hold, the files. */
  readonly out: string;
  readonly check: boolean;
}

/** `lotse schema`: writes the editor's schema, the reference and the table of what channels show; with `check` only says which are stale. */
export async function schema({ out, check }: SchemaOptions): Promise<void> {
  const files = new Map<string, (written: string) => string>([
    [join(out, 'flow.schema.json'), () => printJson(flowJsonSchema())],
    [join(out, 'docs', 'flow-reference.md'), flowReference],
    [join(out, 'docs', 'channels.md'), channelsPage],
  ]);
  process.exitCode = EXIT.good;
  for (const [file, make] of files)
    try {
      const written = await readOptional(file);
      const content = make(written ?? '');
      if (written === content) {
        say(`${file} is as it should be`);
      } else if (check) {
        complain(`${file} is stale: run 'lotse schema' and commit what it writes`);
        process.exitCode = EXIT.findings;
      } else {
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, content);
        say(`${file} written`);
      }
    } catch (error) {
      if (codeOf(error) === null) throw error;
      complain(`${file} cannot be read or written: ${reasonOf(error)}; choose another folder with --out`);
      process.exitCode = EXIT.wrongUse;
    }
}

async function readOptional(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}
