import {
  spoken,
  translated,
  type ExportFlow,
  type OpenOptions,
  type Opened,
  type Reply,
  type Told,
} from './export.ts';
import type { Part } from './part.ts';
import { readFlow } from './read-flow.ts';
import type { Spoken } from './words.ts';

/** RapidPro writes its flows so since 2019; older exports have to be brought up to date there. */
const SPEC_MIN = 13;
const SPEC_MAX = 14;

/** Opens what RapidPro, TextIt or Weni download as «export», or a single flow definition. */
export function openRapidpro(root: Part, options: OpenOptions): Opened {
  const single = root.keys().includes('nodes');
  const parts = single ? [root] : root.parts('flows');
  if (parts.length === 0)
    return { ok: false, message: 'it holds no flows; choose flows when you export in RapidPro' };
  for (const part of parts) {
    const problem = refusal(part);
    if (problem !== null) return { ok: false, message: problem };
  }
  const keywords = readTriggers(root, new Set(parts.map((part) => part.text('uuid') ?? '')), options);
  const flows = parts.map((part) =>
    readFlow(part, keywords.words.get(part.text('uuid') ?? '') ?? [], options),
  );
  for (const settled of ['version', 'site', 'spec_version']) root.text(settled);
  return {
    ok: true,
    export: {
      platform: 'RapidPro',
      root,
      flows,
      fields: new Map(
        root.parts('fields').map((field) => [field.text('key') ?? '', field.text('type') ?? 'text']),
      ),
      start: keywords.start,
      told: toldByMessage,
    },
  };
}

/** Why a flow cannot be read; null: it can. */
export function refusal(part: Part): string | null {
  const name = part.text('name') ?? '';
  const version = part.text('spec_version') ?? '';
  const major = Number.parseInt(version, 10);
  const old = part.keys().includes('action_sets') || part.keys().includes('rule_sets') || major < SPEC_MIN;
  if (old)
    return `the flow '${name}' is written in RapidPro's old format${version === '' ? '' : ` (${version})`}, Lotse reads ${String(SPEC_MIN)} and ${String(SPEC_MAX)}: import the file into a current RapidPro (or TextIt), open the flow there, save it, and export it again`;
  if (Number.isNaN(major))
    return `'${name}' does not say its spec_version; is this an export of flows? In RapidPro choose Flows, then Export`;
  if (major > SPEC_MAX)
    return `the flow '${name}' is written in format ${version}, which is newer than what Lotse reads (${String(SPEC_MIN)} and ${String(SPEC_MAX)}); look for a newer Lotse`;
  return null;
}

/** Keywords by flow, and the flow that catches everything else; other triggers are told. */
function readTriggers(
  root: Part,
  known: ReadonlySet<string>,
  { ledger }: OpenOptions,
): { words: Map<string, string[]>; start: string | null } {
  const words = new Map<string, string[]>();
  let start: string | null = null;
  const bounds = ['groups', 'contacts', 'exclude_groups', 'channel', 'schedule'];
  for (const trigger of root.parts('triggers')) {
    const type = trigger.text('trigger_type');
    const flow = trigger.part('flow');
    const uuid = flow?.text('uuid') ?? '';
    const name = flow?.text('name') ?? null;
    const one = trigger.text('keyword');
    const keywords = [...(one === null ? [] : [one]), ...trigger.texts('keywords')];
    const place = { flow: name, node: null, at: null };
    if (bounds.some((key) => trigger.size(key) > 0))
      ledger.changed(
        place,
        [],
        `trigger ${type ?? ''}`,
        'in RapidPro it works only for some people; here for everybody',
        keywords,
      );
    const catches = (type === 'C' || type === 'N') && start === null;
    if (catches && known.has(uuid)) start = uuid;
    if (keywords.length > 0 && known.has(uuid)) words.set(uuid, [...(words.get(uuid) ?? []), ...keywords]);
    else if (!catches || !known.has(uuid))
      ledger.lost(
        place,
        [uuid],
        `trigger ${type ?? ''}`,
        known.has(uuid)
          ? 'Lotse starts flows by words, by a link, or from another flow'
          : 'the flow it starts is not in this file',
        keywords,
      );
  }
  return { words, start };
}

/** send_msg, and what a voice flow says. */
export function toldByMessage(flow: ExportFlow, action: Part): Told | null {
  const type = action.text('type');
  if (type !== 'send_msg' && type !== 'say_msg') return null;
  const uuid = action.text('uuid');
  return {
    action,
    text: spoken(flow, uuid, 'text', action.text('text') ?? ''),
    ...repliesOf(flow, action, uuid),
  };
}

/** Plain texts until 14.0, then objects with a text and a line below it. */
function repliesOf(flow: ExportFlow, action: Part, uuid: string | null): Pick<Told, 'replies' | 'dropped'> {
  const plain = action.texts('quick_replies');
  const rich = action.parts('quick_replies').map((one) => {
    one.text('type');
    return [one.text('text') ?? '', one.text('extra') ?? ''].join('\n');
  });
  const sources = plain.length > 0 ? plain : rich;
  const others = sources.length > 0 ? translated(flow, uuid, 'quick_replies') : new Map<string, string[]>();
  const isShown = (index: number): boolean => linesOf(sources[index] ?? '').length > 0;
  const replies = sources.flatMap((source, index): Reply[] => {
    if (!isShown(index)) return [];
    const isOne = linesOf(source).length === 1;
    const part = (from: (lines: readonly string[]) => string): Spoken => ({
      source: from(linesOf(source)),
      translations: new Map([...others].map(([tag, texts]) => [tag, from(linesOf(texts[index] ?? ''))])),
    });
    if (isOne) return [{ label: part((lines) => lines.join(' ')), detail: null }];
    return [{ label: part(([first = '']) => first), detail: part(([, ...below]) => below.join(' ')) }];
  });
  const dropped = [...others.values()].flatMap((texts) => texts.filter((_, index) => !isShown(index)));
  return { replies, dropped };
}

function linesOf(text: string): string[] {
  return text
    .split(/\r\n?|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
