import type { Finding, FindingCode } from '../finding.ts';
import type { Checked } from '../rule.ts';
import { optionsOf, type Node } from './graph.ts';

/** A label in one language. */
export interface Label {
  readonly option: string;
  readonly path: string;
  /** As people see it. */
  readonly text: string;
  /** As it is compared with what they type. */
  readonly folded: string;
}

const labelled = new WeakMap<Node, ReadonlyMap<string, readonly Label[]>>();

/** The labels of a question by language, those not translated left out. */
export function labelsOf({ bot }: Checked, node: Node): ReadonlyMap<string, readonly Label[]> {
  const known = labelled.get(node);
  if (known) return known;
  const labels = new Map<string, Label[]>();
  for (const option of optionsOf(node.step)) {
    const path = `steps.${node.name}.options.${option}.label`;
    const forms = bot.folded(node.flow.id, path);
    for (const [language, text] of bot.texts.forms(node.flow.id, path)) {
      const label = { option, path, text, folded: forms.get(language) ?? '' };
      const before = labels.get(language);
      if (before) before.push(label);
      else labels.set(language, [label]);
    }
  }
  labelled.set(node, labels);
  return labels;
}

/** A finding where a text stands: in the flow file, or in the translation. */
export function findingAt(
  checked: Checked,
  at: { readonly flow: string; readonly path: string; readonly language: string },
  finding: { readonly severity: Finding['severity']; readonly code: FindingCode; readonly message: string },
  within: { readonly index?: number; readonly offset?: number } = {},
): Finding {
  const line = translated(checked).get(`${at.language} ${at.flow} ${at.path}`);
  if (line) return { ...finding, ...line, column: 1 };
  const own = checked.loaded.find(({ flow }) => flow?.id === at.flow);
  if (!own) throw new Error(`the flow '${at.flow}' of a text is loaded`);
  const path = [...at.path.split('.'), ...(within.index === undefined ? [] : [within.index])];
  const options = within.offset === undefined ? {} : { offset: within.offset };
  return { ...own.source.finding(finding.code, path, finding.message, options), severity: finding.severity };
}

type Lines = ReadonlyMap<string, { readonly file: string; readonly line: number }>;

const remembered = new WeakMap<Checked, Lines>();

function translated(checked: Checked): Lines {
  const known = remembered.get(checked);
  if (known) return known;
  const lines = new Map<string, { file: string; line: number }>();
  for (const { language, flow, file, entries } of checked.catalogs)
    for (const { path, line } of entries) lines.set(`${language} ${flow} ${path}`, { file, line });
  remembered.set(checked, lines);
  return lines;
}
