import type { Jump } from '../../engine/jump.ts';
import type { Bot, Flow, Path } from '../../engine/model.ts';

/** How much of a flow the tests have walked. */
export interface Coverage {
  readonly flow: string;
  readonly steps: { readonly visited: number; readonly of: number };
  readonly ways: { readonly visited: number; readonly of: number };
  /** Step names. */
  readonly unvisitedSteps: readonly string[];
  /** Each `step (option) -> target`. */
  readonly unvisitedWays: readonly string[];
}

/** What has been walked, over all runs. */
export interface Walked {
  /** `flow/step` */
  readonly steps: Set<string>;
  /** `flow/step#way` */
  readonly ways: Set<string>;
}

export function newWalked(): Walked {
  return { steps: new Set(), ways: new Set() };
}

export function coverageOf(bot: Bot, walked: Walked): Coverage[] {
  return [...bot.flows.values()].map((flow) => flowCoverage(flow, walked));
}

function flowCoverage(flow: Flow, walked: Walked): Coverage {
  const steps = [...flow.steps.keys()];
  const unvisitedSteps = steps.filter((name) => !walked.steps.has(`${flow.id}/${name}`));
  const ways = [...flow.steps].flatMap(([name, step]) =>
    step.jumps.map(({ path, jump }, index) => ({
      id: `${flow.id}/${name}#${String(index)}`,
      shown: `${name}${condition(path, jump)} -> ${target(jump)}`,
    })),
  );
  const unvisited = ways.filter(({ id }) => !walked.ways.has(id));
  return {
    flow: flow.id,
    steps: { visited: steps.length - unvisitedSteps.length, of: steps.length },
    ways: { visited: ways.length - unvisited.length, of: ways.length },
    unvisitedSteps,
    unvisitedWays: unvisited.map(({ shown }) => shown),
  };
}

/** Options by their id, other ways by their key or condition. */
function condition(path: Path, jump: Jump): string {
  const [first, second] = path;
  const when = jump.when === undefined ? '' : ` when ${jump.when}`;
  if (first === 'options') return ` (${String(second)}${when})`;
  const key = first === 'next' || first === 'branch' || typeof first !== 'string' ? '' : ` ${first}`;
  return when === '' && key === '' ? '' : ` (${`${key}${when}`.trim()})`;
}

function target(jump: Jump): string {
  if ('to' in jump) return jump.to;
  return 'call' in jump ? `call ${jump.call}` : `go ${jump.go}`;
}

/** One line a flow, and below it what nobody walked. */
export function formatCoverage(coverage: readonly Coverage[]): string[] {
  const share = ({ visited, of }: Coverage['steps']): string =>
    `${String(visited)} of ${String(of)}${of === 0 ? '' : ` (${String(Math.floor((visited / of) * 100))} %)`}`;
  return coverage.flatMap(({ flow, steps, ways, unvisitedSteps, unvisitedWays }) => [
    `${flow}: steps ${share(steps)}, ways ${share(ways)}`,
    ...unvisitedSteps.map((step) => `  never visited: ${step}`),
    ...unvisitedWays.map((way) => `  never taken:   ${way}`),
  ]);
}
