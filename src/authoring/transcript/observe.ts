import type { Jump } from '../../engine/jump.ts';
import type { Bot, Flow, Outcome, Step, Turn } from '../../engine/model.ts';

/** Hears what happens inside a bot while it walks; `step`: `flow/step`. */
export interface Listener {
  entered(step: string): void;
  /** `way`: its number among the step's jumps. */
  left(step: string, way: number): void;
}

/** The same bot, telling a listener every step it enters and every way it takes. */
export function observed(bot: Bot, listener: Listener): Bot {
  const flows = new Map([...bot.flows].map(([id, flow]) => [id, observedFlow(flow, listener)]));
  return { ...bot, flows, start: flows.get(bot.start.id) ?? bot.start };
}

function observedFlow(flow: Flow, listener: Listener): Flow {
  const steps = [...flow.steps].map(([name, step]): [string, Step] => [
    name,
    observedStep(`${flow.id}/${name}`, step, listener),
  ]);
  return { ...flow, steps: new Map(steps) };
}

function observedStep(name: string, step: Step, listener: Listener): Step {
  const ways = new Map<Jump, number>(step.jumps.map(({ jump }, index) => [jump, index]));
  const heard = <O extends Outcome | null>(turn: Turn, outcome: O): O => {
    const jump = outcome?.type === 'follow' ? turn.choose(outcome.next) : null;
    const way = jump && ways.get(jump);
    if (typeof way === 'number') listener.left(name, way);
    return outcome;
  };
  return {
    ...step,
    enter(turn) {
      listener.entered(name);
      return heard(turn, step.enter(turn));
    },
    receive: (turn, input, strictness) => heard(turn, step.receive(turn, input, strictness)),
    tap: (turn, option) => heard(turn, step.tap(turn, option)),
  };
}
