import { readFileSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { createBot } from '../engine/bot.ts';
import type { Bot, Flow } from '../engine/model.ts';
import { PHRASES_FLOW } from '../engine/phrases.ts';
import { createTexts, languagesOf } from '../i18n.ts';
import { understanding } from '../understanding/understanding.ts';
import type { Catalog } from './catalog.ts';
import { codeOf, reasonOf } from './failure.ts';
import { didYouMean, type Finding } from './finding.ts';
import { loadFlow, type Loaded } from './load.ts';
import { mediaFindings } from './media.ts';
import { FILE_MAX, tooLarge } from './source.ts';
import { readTranslations } from './translations.ts';

export interface Project {
  /** Every flow file that could be read as text, broken ones too. */
  readonly loaded: readonly Loaded[];
  readonly catalogs: readonly Catalog[];
  /** null when not even the start flow can be used. */
  readonly bot: Bot | null;
  readonly findings: readonly Finding[];
}

/**
 * Reads all flows and translations. A broken file never stops the others: what can be used makes the bot,
 * and everything else is a finding.
 */
export async function loadProject(
  flowsFolder: string,
  localesFolder: string,
  startFlow: string,
): Promise<Project> {
  const { loaded, findings } = await readFlows(flowsFolder);
  const flows = new Map<string, Flow>();
  for (const { flow } of loaded) if (flow) flows.set(flow.id, flow);
  const all = [
    ...findings,
    ...loaded.flatMap((one) => one.findings),
    ...loaded.flatMap((one) => outside(one, flows)),
  ];
  const translations = await readTranslations(localesFolder, flows);
  all.push(...translations.findings, ...mediaFindings(flowsFolder, loaded, translations.catalogs));
  const start = flows.get(startFlow);
  if (!start) {
    const message = `there is no usable start flow '${startFlow}' here${didYouMean(startFlow, flows.keys())}; set START_FLOW or mend ${startFlow}.yaml`;
    all.push({ severity: 'error', code: 'start-flow', file: flowsFolder, line: 1, column: 1, message });
    return { bot: null, loaded, catalogs: translations.catalogs, findings: all };
  }
  const sources = new Map([...flows.values()].map(({ id, language }) => [id, language]));
  const texts = createTexts(translations.resources, sources.set(PHRASES_FLOW, 'en'));
  const languages = languagesOf([...translations.resources.keys()]);
  const bot = createBot(flows, start, languages, texts, understanding);
  return { bot, loaded, catalogs: translations.catalogs, findings: all };
}

async function readFlows(folder: string): Promise<{ loaded: Loaded[]; findings: Finding[] }> {
  const unreadable = (file: string, error: unknown): Finding => ({
    severity: 'error',
    code: 'unreadable',
    file,
    line: 1,
    column: 1,
    message: `cannot be read: ${reasonOf(error)}`,
  });
  let names: string[];
  try {
    names = (await readdir(folder)).filter(isFlow).sort();
  } catch (error) {
    return { loaded: [], findings: [unreadable(folder, error)] };
  }
  const loaded: Loaded[] = [];
  const findings: Finding[] = [];
  // Strict: a file in another encoding would reach people as question marks.
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  for (const [index, name] of names.entries()) {
    const file = join(folder, name);
    const twin = names.slice(0, index).find((other) => flowId(other) === flowId(name));
    if (twin !== undefined) {
      const message = `'${twin}' is the same flow; keep one of the two files`;
      findings.push({ severity: 'error', code: 'wrong-name', file, line: 1, column: 1, message });
      continue;
    }
    try {
      // At once: waiting for each of many files takes longer than reading it.
      const { size } = statSync(file);
      if (size > FILE_MAX) findings.push(tooLarge(file, size));
      else loaded.push(loadFlow(file, flowId(name), utf8.decode(readFileSync(file))));
    } catch (error) {
      if (codeOf(error) === null) throw error;
      findings.push(unreadable(file, error));
    }
  }
  return { loaded, findings };
}

function flowId(name: string): string {
  return basename(name, extname(name));
}

function isFlow(name: string): boolean {
  return /\.ya?ml$/.test(name) && !/\.test\.ya?ml$/.test(name);
}

/** What only shows beside the other flows: calls and jumps to flows or steps that are not there. */
function outside({ flow, source }: Loaded, flows: ReadonlyMap<string, Flow>): Finding[] {
  if (!flow) return [];
  return [...flow.steps].flatMap(([name, step]) =>
    step.jumps.flatMap(({ path, jump }) => {
      const key = 'call' in jump ? 'call' : 'go' in jump ? 'go' : null;
      const target = 'call' in jump ? jump.call : 'go' in jump ? jump.go : null;
      if (key === null || target === null) return [];
      const [id = '', to] = target.split('/');
      const other = flows.get(id);
      const at = ['steps', name, ...path.filter((part) => part !== key), key];
      if (!other)
        return [
          source.finding(
            'unknown-flow',
            at,
            `step '${name}' leads to the flow '${id}', which does not exist or has errors${didYouMean(id, flows.keys())}`,
          ),
        ];
      if (to === undefined || other.steps.has(to)) return [];
      return [
        source.finding(
          'unknown-step',
          at,
          `the flow '${id}' has no step '${to}'${didYouMean(to, other.steps.keys())}`,
        ),
      ];
    }),
  );
}
