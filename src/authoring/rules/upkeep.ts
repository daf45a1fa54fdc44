import type { Finding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { warning } from './warning.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Content that nobody ever checked. */
export const neverChecked: Rule = ({ loaded }) =>
  loaded.flatMap(({ flow, source }) =>
    flow?.checked === null
      ? [
          warning(
            source,
            'never-checked',
            ['flow'],
            `nobody has checked what '${flow.id}' says; check every fact, then write checked: with the date, and review_after: 180 days`,
          ),
        ]
      : [],
  );

/** Content whose next check is due, or was never planned, or whose last one lies in the future. */
export const reviewDue: Rule = ({ loaded, today }) =>
  loaded.flatMap(({ flow, source }): Finding[] => {
    if (!flow || flow.checked === null) return [];
    const { checked, reviewAfterDays, id } = flow;
    if (checked > today)
      return [
        source.finding(
          'review-due',
          ['checked'],
          `'${id}' cannot have been checked on ${checked}: today is ${today}`,
        ),
      ];
    if (reviewAfterDays === null) {
      const message = `'${id}' was checked on ${checked}, but nobody knows until when that holds; add review_after: 180 days`;
      return [warning(source, 'review-due', ['checked'], message, { key: true })];
    }
    const due = new Date(Date.parse(checked) + reviewAfterDays * DAY_MS).toISOString().slice(0, 10);
    if (due > today) return [];
    const message = `'${id}' was checked on ${checked} and should have been checked again by ${due}; check every fact, then set checked: ${today}`;
    return [warning(source, 'review-due', ['checked'], message)];
  });

/** Flows for which nobody answers. */
export const noOwner: Rule = ({ loaded }) =>
  loaded.flatMap(({ flow, source }) =>
    flow?.owner === null
      ? [
          warning(
            source,
            'no-owner',
            ['flow'],
            `nobody answers for '${flow.id}'; add owner: {organization: …, contact: …}: people who are lost are sent there`,
          ),
        ]
      : [],
  );
