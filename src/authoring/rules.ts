import type { Rule } from './rule.ts';
import { ranges, typedChoices, unneededAnswers, vaguePurposes } from './rules/answers.ts';
import { neverTrue, uselessConditions } from './rules/conditions.ts';
import { deadEnds } from './rules/dead-ends.ts';
import { ignoredEverywhere, movedSteps, uselessNext } from './rules/ignored.ts';
import { keptTooLong } from './rules/kept-too-long.ts';
import { labelWords } from './rules/label-words.ts';
import { cyclicCalls, endlessLoops } from './rules/loops.ts';
import { neverAsked } from './rules/never-asked.ts';
import { neverReturns } from './rules/never-returns.ts';
import { collidingOptions, numberLabels, tooManyOptions } from './rules/options.ts';
import { longTranslations, translatedPlaceholders, unbalancedBold } from './rules/translation-content.ts';
import { unprotectedNumbers, untranslated } from './rules/translation-language.ts';
import { fuzzyTranslations, machineTranslations, missingTranslations } from './rules/translation-progress.ts';
import { unreachableFlows, unreachableSteps } from './rules/unreachable.ts';
import { neverChecked, noOwner, reviewDue } from './rules/upkeep.ts';
import { outsideWindow } from './rules/window.ts';
import { collidingWords, commonDangerPhrases, noDangerPhrases } from './rules/words.ts';

/** Every rule of `lotse check`. */
export const rules: readonly Rule[] = [
  unreachableSteps,
  unreachableFlows,
  endlessLoops,
  cyclicCalls,
  neverReturns,
  deadEnds,
  neverAsked,
  unneededAnswers,
  vaguePurposes,
  keptTooLong,
  ranges,
  typedChoices,
  uselessConditions,
  neverTrue,
  collidingOptions,
  numberLabels,
  tooManyOptions,
  labelWords,
  collidingWords,
  commonDangerPhrases,
  noDangerPhrases,
  ignoredEverywhere,
  movedSteps,
  uselessNext,
  neverChecked,
  reviewDue,
  noOwner,
  outsideWindow,
  missingTranslations,
  fuzzyTranslations,
  machineTranslations,
  translatedPlaceholders,
  longTranslations,
  unbalancedBold,
  untranslated,
  unprotectedNumbers,
];
