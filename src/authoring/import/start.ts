import type { DraftFlow } from './draft.ts';
import type { Export, ExportFlow } from './export.ts';
import { yamlOf } from './write.ts';

/** The flow where conversations begin: as the export says, or the first that no other calls. */
export function startsWith(
  exported: Export,
  ids: ReadonlyMap<ExportFlow, string>,
  flows: readonly DraftFlow[],
): string {
  const named = [...ids].find(([{ uuid }]) => uuid !== null && uuid === exported.start)?.[1];
  const called = new Set(
    flows.flatMap(({ steps }) =>
      steps.flatMap((step) => (step.kind === 'call' || step.kind === 'go' ? [step.flow] : [])),
    ),
  );
  return named ?? flows.find(({ id }) => !called.has(id))?.id ?? flows[0]?.id ?? 'start';
}

/** The flow `start`, which RapidPro does not need and Lotse does: it asks for the language, and goes on. */
export function startFlow(flow: string, severalLanguages: boolean): string {
  const language = {
    welcome: { branch: [{ when: 'language_known', to: 'begin' }, { to: 'language' }] },
    language: { ask: 'Which language do you want?', options: 'languages', next: 'begin' },
  };
  const data = {
    flow: 'start',
    language: 'en',
    title: 'Start',
    everywhere: { menu: 'begin' },
    steps: { ...(severalLanguages ? language : {}), begin: { go: flow } },
  };
  return yamlOf(data, ' Where conversations begin, and where «menu» leads. Written by the import.');
}
