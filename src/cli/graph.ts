import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { codeOf, reasonOf } from '../authoring/failure.ts';
import { didYouMean } from '../authoring/finding.ts';
import { graphDot } from '../authoring/graph/dot.ts';
import { graphMermaid } from '../authoring/graph/mermaid.ts';
import { flowGraph, type FlowGraph } from '../authoring/graph/model.ts';
import { graphSvg } from '../authoring/graph/svg.ts';
import { loadBot, settings } from './project.ts';
import { EXIT, complain } from './terminal.ts';

const FORMATS = {
  mermaid: (graph: FlowGraph) => Promise.resolve(graphMermaid(graph)),
  svg: graphSvg,
  dot: (graph: FlowGraph) => Promise.resolve(graphDot(graph)),
} as const;

export type GraphFormat = keyof typeof FORMATS;

export interface GraphOptions {
  readonly language?: string;
  /** Without it the name of the file tells, else Mermaid. */
  readonly format?: GraphFormat;
  readonly out?: string;
}

/** `lotse graph FLOW`: the flow's state machine as a drawing. */
export async function graph(id: string, { language, format, out }: GraphOptions): Promise<void> {
  const bot = await loadBot(settings());
  const flow = bot.flows.get(id);
  if (!flow) {
    const known = [...bot.flows.keys()];
    refuse(`There is no usable flow '${id}'${didYouMean(id, known)}; there are: ${known.join(', ')}`);
    return;
  }
  const tags = bot.languages.map(({ tag }) => tag);
  if (language !== undefined && !tags.includes(language)) {
    refuse(`There is no language '${language}'${didYouMean(language, tags)}; there are: ${tags.join(', ')}`);
    return;
  }
  const drawn = await FORMATS[format ?? formatOf(out)](flowGraph(bot, flow, language ?? flow.language));
  if (out === undefined) {
    process.stdout.write(drawn);
    return;
  }
  try {
    await writeFile(out, drawn);
  } catch (error) {
    if (codeOf(error) === null) throw error;
    refuse(`${out} cannot be written: ${reasonOf(error)}; choose another file with --out`);
  }
}

function formatOf(out = ''): GraphFormat {
  const named: Readonly<Record<string, GraphFormat>> = { '.svg': 'svg', '.dot': 'dot', '.gv': 'dot' };
  return named[extname(out).toLowerCase()] ?? 'mermaid';
}

function refuse(message: string): void {
  complain(message);
  process.exitCode = EXIT.wrongUse;
}
