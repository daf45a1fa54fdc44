import type { Finding } from '../finding.ts';
import { formatFinding } from '../finding.ts';
import type { Carried, Entry } from './ledger.ts';

/** What an import did, for people and, as JSON, for programs. */
export interface Report {
  readonly platform: string;
  readonly flows: readonly {
    readonly id: string;
    readonly uuid: string | null;
    readonly name: string;
    readonly nodes: number;
    readonly steps: number;
  }[];
  /** Of the texts as written, then of translations. */
  readonly languages: readonly string[];
  readonly counts: {
    readonly nodes: number;
    readonly steps: number;
    readonly texts: number;
    readonly translations: number;
    readonly lost: number;
    readonly changed: number;
  };
  readonly lost: readonly Entry[];
  readonly changed: readonly Entry[];
  readonly carried: readonly Carried[];
}

/** The report as Markdown; `findings`: what `lotse check` says of the result. */
export function markdownOf(report: Report, findings: readonly Finding[]): string {
  const { counts } = report;
  const head = [
    `# Import from ${report.platform}`,
    '',
    `${String(report.flows.length)} flows with ${String(counts.nodes)} nodes became ${String(counts.steps)} steps with ${String(counts.texts)} texts and ${String(counts.translations)} translations (${report.languages.join(', ')}).`,
    `Not carried over: ${String(counts.lost)}. To be looked at: ${String(counts.changed)}.`,
    '',
    '| flow | in the export | nodes | steps |',
    '| --- | --- | ---: | ---: |',
    ...report.flows.map(
      ({ id, name, uuid, nodes, steps }) =>
        `| ${id} | ${cell(name)} ${uuid ?? ''} | ${String(nodes)} | ${String(steps)} |`,
    ),
    '',
    '## What to do now',
    '',
    '1. Read «Not carried over» and «Changed» below, and mend the flows where it matters.',
    '2. Write under `answers` for what each answer is used (`purpose`) and how long it is kept; delete those nobody uses.',
    '3. Write `owner`, `checked` and `review_after` into every flow.',
    '4. Run `lotse check` and `lotse chat` with `FLOWS` and `LOCALES` set to the new folders.',
    '',
  ];
  const listed = (severity: Finding['severity']): string[] =>
    findings
      .filter((finding) => finding.severity === severity)
      .map((finding) => `- ${formatFinding(finding)}`);
  const errors = listed('error');
  const warnings = listed('warning');
  const wrong = [
    '## What `lotse check` says',
    '',
    ...(errors.length === 0
      ? ['The flows have no errors.']
      : ['These errors are to be mended first:', '', ...errors]),
    '',
    ...(warnings.length === 0 ? [] : ['Warnings:', '', ...warnings, '']),
  ];
  return [
    ...head,
    ...wrong,
    ...section('Not carried over', report.lost),
    ...section('Changed', report.changed),
    '## What became what',
    '',
    ...report.carried.map(({ uuid, what, at }) => `- ${cell(uuid)} ${cell(what)}: ${at}`),
    '',
  ].join('\n');
}

function section(title: string, entries: readonly Entry[]): string[] {
  const lines = [`## ${title}`, '', ...(entries.length === 0 ? ['Nothing.', ''] : [])];
  let flow: string | null | undefined;
  let node: string | null | undefined;
  for (const entry of entries) {
    if (entry.flow !== flow)
      lines.push(`### ${entry.flow === null ? 'The whole export' : `Flow ${cell(entry.flow)}`}`, '');
    if (entry.node !== null && (entry.node !== node || entry.flow !== flow))
      lines.push(`Node ${cell(entry.node)}`, '');
    if (entry.node === null && typeof node === 'string' && entry.flow === flow)
      lines.push('The flow itself', '');
    ({ flow, node } = entry);
    const about = entry.uuids.filter((uuid) => uuid !== entry.node).map(cell);
    const at = entry.at === null ? '' : ` At ${entry.at}.`;
    lines.push(
      `- **${cell(entry.what)}**: ${cell(entry.why)}.${at}${about.length > 0 ? ` (${about.join(', ')})` : ''}`,
    );
    for (const text of entry.content) lines.push('', ...text.split(/\r\n?|\n/).map((line) => `  > ${line}`));
    lines.push('');
  }
  return lines;
}

/** On one line, and no part of a table or heading. */
function cell(text: string): string {
  return text.replace(/\s+/gu, ' ').replaceAll('|', '\\|');
}
