import type { Finding, FindingCode } from './finding.ts';
import type { Project } from './project.ts';
import type { Checked } from './rule.ts';
import { rules } from './rules.ts';

/** A file with more findings of one code is mended as well with the first of them. */
const SAME_MAX = 50;

/** Of these nothing can be known while a flow that might lead there cannot be read. */
const NEED_ALL_FLOWS: ReadonlySet<FindingCode> = new Set(['unreachable-step', 'unreachable-flow']);

/**
 * Every finding of a project, of the loader and of all rules, by file and place. Without a usable start flow
 * only the loader's. `today`: ISO 8601 date.
 */
export function checkProject({ bot, loaded, catalogs, findings }: Project, today: string): Finding[] {
  const usable = loaded.filter(({ flow }) => flow !== null);
  const checked: Checked | null = bot && { bot, loaded: usable, catalogs, today };
  const ruled = checked ? rules.flatMap((rule) => rule(checked)) : [];
  const isBroken = findings.some(({ code }) => code !== 'translation-file' && code !== 'media-file');
  const certain = isBroken ? ruled.filter(({ code }) => !NEED_ALL_FLOWS.has(code)) : ruled;
  return [...findings, ...limited([...certain].sort(byPlace))].sort(byPlace);
}

function byPlace(a: Finding, b: Finding): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}

function limited(findings: readonly Finding[]): Finding[] {
  const counts = new Map<string, number>();
  const kept: Finding[] = [];
  const lastOf = new Map<string, number>();
  for (const finding of findings) {
    const key = `${finding.code} ${finding.file}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (count > SAME_MAX) continue;
    lastOf.set(key, kept.push(finding) - 1);
  }
  return kept.map((finding, index) => {
    const key = `${finding.code} ${finding.file}`;
    const more = (counts.get(key) ?? 0) - SAME_MAX;
    if (more <= 0 || lastOf.get(key) !== index) return finding;
    return { ...finding, message: `${finding.message} (and ${String(more)} more of this kind in this file)` };
  });
}
