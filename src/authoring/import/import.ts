import { convertFlow } from './convert.ts';
import type { DraftFlow } from './draft.ts';
import type { Export, ExportFlow, Opened } from './export.ts';
import { openGlific } from './glific.ts';
import { Ledger, type Entry } from './ledger.ts';
import { Names, slug } from './names.ts';
import { Part, isTooDeep, type Left } from './part.ts';
import { openRapidpro } from './rapidpro.ts';
import type { Report } from './report.ts';
import { startFlow, startsWith } from './start.ts';
import { plainFlow, poOf, yamlOf } from './write.ts';

/** Larger exports are refused. Bytes. */
export const EXPORT_MAX = 50 * 1024 * 1024;

export type Imported =
  | {
      readonly ok: true;
      /** Path below the output folder -> content. */
      readonly files: ReadonlyMap<string, string | Buffer>;
      readonly report: Report;
      /** The flow where conversations begin. */
      readonly start: string;
    }
  | { readonly ok: false; readonly message: string };

const PLATFORMS = { rapidpro: openRapidpro, glific: openGlific } as const;
export type Platform = keyof typeof PLATFORMS;

/**
 * Turns an export into flows, translations and a report of everything that could not be carried over. Pure; takes
 * any text whatever, and says what is wrong with what is no export. `language`: BCP 47 tag of texts whose language
 * the export does not tell.
 */
export function importExport(platform: Platform, text: string, language: string): Imported {
  let root: unknown;
  try {
    root = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return {
      ok: false,
      message: `it is no JSON (${error.message.slice(0, 200)}); take the file as ${platform} exported it`,
    };
  }
  if (typeof root !== 'object' || root === null || Array.isArray(root))
    return { ok: false, message: `it holds no object; take the file as ${platform} exported it` };
  if (isTooDeep(root)) return { ok: false, message: 'it is nested deeper than any export' };
  const ledger = new Ledger();
  const part = new Part(root);
  const opened: Opened = PLATFORMS[platform](part, { language, ledger });
  if (!opened.ok) return opened;
  const { flows, ids } = convertAll(opened.export, ledger);
  tellRest(opened.export, root, ledger);
  const start = startsWith(opened.export, ids, flows);
  const files = new Map<string, string | Buffer>();
  const languages = new Set(flows.map((flow) => flow.language));
  let texts = 0;
  let translations = 0;
  for (const flow of flows) {
    const plain = plainFlow(flow);
    texts += plain.texts.length;
    const comment = ` Imported from ${opened.export.platform}; import-report.md tells what could not be carried over.`;
    files.set(`flows/${flow.id}.yaml`, yamlOf(plain.data, comment));
    for (const tag of new Set(plain.texts.flatMap(({ words }) => [...words.translations.keys()]))) {
      const catalog = poOf(tag, plain.texts);
      if (!catalog) continue;
      languages.add(tag);
      translations += plain.texts.filter(({ words }) => words.translations.has(tag)).length;
      files.set(`locales/${tag}/${flow.id}.po`, catalog);
    }
  }
  if (!flows.some(({ id }) => id === 'start'))
    files.set('flows/start.yaml', startFlow(start, languages.size > 1));
  return {
    ok: true,
    files,
    start: 'start',
    report: reportOf(opened.export, flows, ids, [...languages], { texts, translations }, ledger),
  };
}

function convertAll(exported: Export, ledger: Ledger): { flows: DraftFlow[]; ids: Map<ExportFlow, string> } {
  const names = new Names(['lotse'], '-');
  const ids = new Map<ExportFlow, string>();
  const byUuid = new Map<string, string>();
  const byName = new Map<string, string>();
  for (const flow of exported.flows) {
    const id = names.give(slug(flow.name).replaceAll('_', '-'), 'flow');
    ids.set(flow, id);
    if (flow.uuid !== null && !byUuid.has(flow.uuid)) byUuid.set(flow.uuid, id);
    if (!byName.has(flow.name)) byName.set(flow.name, id);
  }
  const flowId = (reference: Part | null): string | null =>
    byUuid.get(reference?.text('uuid') ?? '') ?? byName.get(reference?.text('name') ?? '\u0000') ?? null;
  const opened = new Set<string>();
  const flows = [...ids].map(([flow, id]) => convertFlow(exported, flow, id, flowId, ledger, opened));
  return { flows, ids };
}

/** Tells everything nobody has taken, and every uuid nobody has spoken of. */
function tellRest(exported: Export, root: unknown, ledger: Ledger): void {
  for (const flow of exported.flows) tellEditor(flow, ledger);
  const groups = new Map<string, Left[]>();
  for (const left of exported.root.rest()) {
    const above = left.path.split('.').slice(0, -1).join('.');
    const key = left.owner ?? above;
    groups.set(key, [...(groups.get(key) ?? []), left]);
  }
  const flowAt = new Map(exported.flows.map(({ part, name }) => [part.path, name]));
  for (const lefts of groups.values()) {
    const [{ path, owner } = { path: '', owner: null }] = lefts;
    const within = /^flows\.\d+(?:\.definition)?(?=\.nodes|\.localization|\.)/.exec(path)?.[0] ?? '';
    const flow = flowAt.get(within) ?? flowAt.get(within.replace('.definition', '')) ?? null;
    const what = path.includes('localization.')
      ? 'translations'
      : path.includes('.nodes.')
        ? 'settings of a node'
        : 'settings';
    const why =
      what === 'translations'
        ? 'what they translate is not shown to people in Lotse, or not there'
        : 'Lotse has nothing for them';
    ledger.lost(
      { flow, node: null, at: null },
      [owner],
      what,
      why,
      lefts.map((left) => `${left.path}: ${left.value}`),
    );
  }
  const strange = uuidsIn(root).filter((uuid) => !ledger.knows(uuid));
  if (strange.length > 0)
    ledger.lost(
      { flow: null, node: null, at: null },
      strange,
      'references',
      'nothing in the flows depends on them',
    );
}

/** Where nodes lay on the screen, and what RapidPro worked out by itself; notes of the authors are told. */
function tellEditor(flow: ExportFlow, ledger: Ledger): void {
  const place = { flow: flow.name, node: null, at: null };
  const stickies = flow.part.part('_ui')?.part('stickies');
  for (const key of stickies?.keys() ?? []) {
    const sticky = stickies?.part(key);
    ledger.lost(place, [key], 'note in the editor', 'write it into the flow as a comment', [
      sticky?.text('title') ?? '',
      sticky?.text('body') ?? '',
    ]);
  }
  for (const [key, why] of [
    ['_ui', 'where nodes lay on the screen'],
    ['metadata', 'what RapidPro worked out from the flow'],
  ] as const) {
    const size = flow.part.size(key);
    if (size > 0) ledger.lost(place, [], key, `${why} (${String(size)} values)`);
    flow.part.take(key);
  }
  const type = flow.part.text('type') ?? '';
  if (type !== 'messaging' && type !== 'message')
    ledger.changed(place, [], `type '${type}'`, 'it was no flow of messages; Lotse has only those');
  for (const key of ['spec_version', 'revision', 'vars', 'version']) flow.part.take(key);
}

/** Every `uuid` below a value, each once. */
function uuidsIn(root: unknown): string[] {
  const found = new Set<string>();
  const waiting: unknown[] = [root];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    for (const [key, value] of Object.entries(next)) {
      if (key === 'uuid' && typeof value === 'string' && value !== '') found.add(value);
      if (value !== undefined) waiting.push(value);
    }
  }
  return [...found];
}

function reportOf(
  exported: Export,
  flows: readonly DraftFlow[],
  ids: ReadonlyMap<ExportFlow, string>,
  languages: readonly string[],
  sizes: { readonly texts: number; readonly translations: number },
  ledger: Ledger,
): Report {
  const of = (kind: Entry['kind']): Entry[] => ledger.entries.filter((entry) => entry.kind === kind);
  const lost = of('lost');
  const changed = of('changed');
  const steps = new Map(flows.map(({ id, steps: all }) => [id, all.length]));
  const list = [...ids].map(([flow, id]) => ({
    id,
    uuid: flow.uuid,
    name: flow.name,
    nodes: flow.nodes.length,
    steps: steps.get(id) ?? 0,
  }));
  const sum = (numbers: readonly number[]): number => numbers.reduce((before, number) => before + number, 0);
  const counts = {
    nodes: sum(list.map(({ nodes }) => nodes)),
    steps: sum(list.map(({ steps: all }) => all)),
    ...sizes,
    lost: lost.length,
    changed: changed.length,
  };
  return {
    platform: exported.platform,
    flows: list,
    languages,
    counts,
    lost,
    changed,
    carried: ledger.carriedOver,
  };
}
