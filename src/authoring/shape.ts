import type { z } from 'zod';
import { didYouMean, type Finding } from './finding.ts';
import type { Source } from './source.ts';

/** Every key of the flow language, for suggestions. */
const KEYS = [
  'flow',
  'language',
  'title',
  'entry',
  'crisis',
  'owner',
  'organization',
  'contact',
  'checked',
  'review_after',
  'answers',
  'type',
  'purpose',
  'keep',
  'min',
  'max',
  'everywhere',
  'moved',
  'steps',
  'menu',
  'help',
  'person',
  'say',
  'ask',
  'options',
  'label',
  'detail',
  'answer',
  'hint',
  'next',
  'branch',
  'set',
  'call',
  'then',
  'go',
  'to',
  'when',
  'end',
];

const NO_FLOW = 'the file: must hold keys such as flow, language, title and steps';

/** zod's issues in words an author understands, each at its place. `base`: the path of what was parsed. */
export function findingsOf(error: z.ZodError, base: readonly (string | number)[], source: Source): Finding[] {
  return error.issues.flatMap((issue) => {
    const path = [...base, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) =>
        source.finding(
          'unknown-key',
          [...path, key],
          `'${key}' is not known here${KEYS.includes(key) ? '' : didYouMean(key, KEYS)}`,
          {
            key: true,
          },
        ),
      );
    if (path.length === 0 && issue.code === 'invalid_type')
      return [source.finding('wrong-shape', path, NO_FLOW)];
    return [source.finding('wrong-shape', path, `${path.join('.') || 'the file'}: ${explain(issue)}`)];
  });
}

function explain(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined && issue.message.includes('received undefined')
        ? 'is missing'
        : issue.message.replace(/^Invalid input: /, '');
    case 'invalid_union':
      return issue.message === 'Invalid input'
        ? 'must be the name of a step, {to: step}, {call: flow, then: step} or {go: flow}, each with an optional when'
        : issue.message;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_key':
      return 'must be a short name of small letters, digits and _ that begins with a letter';
    default:
      return issue.message;
  }
}
