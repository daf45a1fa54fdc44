import { menuNumber } from '../../engine/fold.ts';
import type { Finding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { graphOf, optionsOf } from './graph.ts';
import { findingAt, labelsOf, type Label } from './texts.ts';
import { warning } from './warning.ts';

/** Options of one question that cannot be told apart in a language by what people type. */
export const collidingOptions: Rule = (checked) =>
  [...graphOf(checked).values()].flatMap((node) =>
    [...labelsOf(checked, node)].flatMap(([language, labels]) =>
      labels.flatMap((label, index): Finding[] => {
        const at = { flow: node.flow.id, path: label.path, language };
        const earlier = labels.slice(0, index);
        const same = earlier.find(({ folded }) => folded === label.folded && folded !== '');
        if (same) {
          const message = `${shown(label, language)} is also the label of the option '${same.option}': who writes it cannot be understood; word one of the two in another way`;
          return [findingAt(checked, at, { severity: 'error', code: 'options-collide', message })];
        }
        const longer = labels.find(
          ({ folded }) => label.folded !== '' && folded !== label.folded && folded.startsWith(label.folded),
        );
        if (!longer) return [];
        const message = `${shown(label, language)} is the beginning of '${longer.text}' (option '${longer.option}'), so it is only understood when written in full; let the two begin in different ways`;
        return [findingAt(checked, at, { severity: 'warning', code: 'options-collide', message })];
      }),
    ),
  );

/** Labels that are a number and stand in another place of the menu, and labels without a letter to type. */
export const numberLabels: Rule = (checked) =>
  [...graphOf(checked).values()].flatMap((node) =>
    [...labelsOf(checked, node)].flatMap(([language, labels]) =>
      labels.flatMap((label): Finding[] => {
        // Most labels are words, and there are many.
        if (!/^\d{0,2}$/.test(label.folded)) return [];
        const at = { flow: node.flow.id, path: label.path, language };
        const place = optionsOf(node.step).indexOf(label.option) + 1;
        const number = menuNumber(label.text);
        if (number === null && label.folded !== '') return [];
        if (number === place) return [];
        const message =
          number === null
            ? `${shown(label, language)} has no letter or digit, so nobody can write it; add a word`
            : `${shown(label, language)} is a number, but stands in place ${String(place)}: who writes ${String(number)} means whatever stands in place ${String(number)}; add a word, e.g. '${String(number)} people', or put it in its place`;
        return [findingAt(checked, at, { severity: 'error', code: 'label-number', message })];
      }),
    ),
  );

const shown = ({ text }: Label, language: string): string => `'${text}' (${language})`;

/** A list on WhatsApp has no more rows. */
const OPTIONS_MAX = 10;

/** Questions with more options than a menu can show. */
export const tooManyOptions: Rule = (checked) =>
  [...graphOf(checked).values()].flatMap(({ step, source, name }) => {
    const count = optionsOf(step).length;
    if (count <= OPTIONS_MAX) return [];
    const message = `'${name}' has ${String(count)} options; WhatsApp lists show ${String(OPTIONS_MAX)}, so people see them in pages: split the question in two`;
    return [warning(source, 'too-many-options', ['steps', name, 'options'], message, { key: true })];
  });
