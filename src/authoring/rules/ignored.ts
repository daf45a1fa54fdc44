import type { Rule } from '../rule.ts';
import { graphOf, optionsOf } from './graph.ts';
import { warning } from './warning.ts';

/** `everywhere` in a flow that is not the start flow has no effect. */
export const ignoredEverywhere: Rule = ({ bot, loaded }) =>
  loaded.flatMap(({ flow, source }) =>
    !flow || flow.everywhere.size === 0 || flow.id === bot.start.id
      ? []
      : [
          warning(
            source,
            'everywhere-ignored',
            ['everywhere'],
            `everywhere has an effect in the start flow '${bot.start.id}' only; move it there`,
            { key: true },
          ),
        ],
  );

/** A `moved` name that is still a step: whoever waits there would be taken away. */
export const movedSteps: Rule = ({ loaded }) =>
  loaded.flatMap(({ flow, source }) =>
    [...(flow?.moved ?? [])].flatMap(([old, now]) =>
      flow?.steps.has(old) === true
        ? [
            source.finding(
              'moved-exists',
              ['moved', old],
              `'${old}' is still a step of this flow, but whoever waits there is taken to '${now}'; remove it from moved, or remove the step`,
              { key: true },
            ),
          ]
        : [],
    ),
  );

/** The `next` of a question all of whose options have their own. */
export const uselessNext: Rule = (checked) =>
  [...graphOf(checked).values()].flatMap(({ step, ways, source, name }) => {
    const options = optionsOf(step);
    const own = new Set(ways.flatMap(({ option }) => option ?? []));
    if (options.length === 0 || !options.every((id) => own.has(id))) return [];
    if (!ways.some(({ path: [section] }) => section === 'next')) return [];
    const message = `this next is never taken, because every option of '${name}' has its own; remove it`;
    return [warning(source, 'useless-next', ['steps', name, 'next'], message, { key: true })];
  });
