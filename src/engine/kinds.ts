import type { StepKind } from './step.ts';
import { ask } from './steps/ask.ts';
import { branch } from './steps/branch.ts';
import { call } from './steps/call.ts';
import { chooseLanguage } from './steps/choose-language.ts';
import { end } from './steps/end.ts';
import { feedback } from './steps/feedback.ts';
import { find } from './steps/find.ts';
import { go } from './steps/go.ts';
import { handoff } from './steps/handoff.ts';
import { lookUp } from './steps/look-up.ts';
import { refer } from './steps/refer.ts';
import { remind } from './steps/remind.ts';
import { say } from './steps/say.ts';
import { set } from './steps/set.ts';

/** Every kind of step there is; the YAML key names the kind. */
export const kinds: readonly StepKind[] = [
  say,
  ask,
  chooseLanguage,
  branch,
  set,
  call,
  go,
  end,
  find,
  lookUp,
  refer,
  handoff,
  remind,
  feedback,
];

/** The kind an author's step is of, by its first key that names one; null: none. */
export function kindOf(raw: Readonly<Record<string, unknown>>): StepKind | null {
  if ('ask' in raw && raw['options'] === 'languages') return chooseLanguage;
  return kinds.find(({ key }) => key in raw) ?? null;
}
