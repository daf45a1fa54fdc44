import { statSync } from 'node:fs';
import { join } from 'node:path';
import { isMediaFile, isWebLink } from '../engine/message.ts';
import type { Catalog } from './catalog.ts';
import type { Finding } from './finding.ts';
import { MEDIA_BYTES_MAX } from './limits.ts';
import type { Loaded } from './load.ts';

/** Pictures and recordings that are not there, are too large, or are no addresses at all. */
export function mediaFindings(
  folder: string,
  loaded: readonly Loaded[],
  catalogs: readonly Catalog[],
): Finding[] {
  const own = loaded.flatMap(({ flow, source }) =>
    [...(flow?.texts ?? [])].flatMap(([path, text]) => {
      const problem = problemOf(folder, path, text);
      return problem === null ? [] : [source.finding('media-file', path.split('.'), problem)];
    }),
  );
  const translated = catalogs.flatMap(({ file, entries }) =>
    entries.flatMap(({ path, text, line }): Finding[] => {
      const problem = text === '' ? null : problemOf(folder, path, text);
      return problem === null
        ? []
        : [{ severity: 'error', code: 'media-file', file, line, column: 1, message: problem }];
    }),
  );
  return [...own, ...translated];
}

function problemOf(folder: string, path: string, text: string): string | null {
  const [, kind] = /^steps\.[^.]+\.(image|voice)$/.exec(path) ?? [];
  if ((kind !== 'image' && kind !== 'voice') || isWebLink(text)) return null;
  if (!isMediaFile(text))
    return `'${text}' is neither a link that begins with https:// nor a file such as media/en/welcome.ogg`;
  const found = statSync(join(folder, text), { throwIfNoEntry: false });
  if (found?.isFile() !== true)
    return `the file '${text}' is not there; put it beside the flows, in ${join(folder, 'media')}`;
  const max = MEDIA_BYTES_MAX[kind];
  if (found.size <= max) return null;
  return `the file '${text}' has ${String(found.size)} bytes; WhatsApp takes ${String(max / 1024 / 1024)} MiB: make it smaller`;
}
