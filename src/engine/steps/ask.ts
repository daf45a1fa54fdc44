import { z } from 'zod';
import { parseAnswer } from '../answers/parse.ts';
import { fold } from '../fold.ts';
import { isAnswered, type Input } from '../input.ts';
import { matchExactly, matchLoosely, type Matchable } from '../match.ts';
import type { MenuOption } from '../message.ts';
import { NAME, nextSchema, textSchema } from '../jump.ts';
import type { Bot, Outcome, Texts, Turn } from '../model.ts';
import { references, stepKind } from '../step.ts';
import { YES_NO, fixedOptions, matchFixed } from './fixed-options.ts';

const NAMED = 'must be a short name of small letters, digits and _ that begins with a letter';

const optionSchema = z
  .strictObject({
    label: textSchema.meta({
      description: 'What people tap: at most 20 characters in every language, 24 where options have details.',
      examples: ['A place for tonight'],
    }),
    detail: textSchema.optional().meta({
      description:
        'A line below the label, at most 72 characters; platforms without room for it leave it out.',
      examples: ['Wohnberechtigungsschein (WBS)'],
    }),
    next: nextSchema.optional(),
  })
  .meta({
    description: 'One answer to choose; its name never changes and is in no language.',
    examples: [{ label: 'A flat of my own', detail: 'Wohnberechtigungsschein', next: 'wbs' }],
  });

const askSchema = z
  .strictObject({
    ask: textSchema.meta({ description: 'The question.', examples: ['What do you need?'] }),
    options: z
      .record(z.string().regex(NAME, NAMED), optionSchema)
      .refine((options) => Object.keys(options).length > 0, 'must hold at least one option')
      .optional()
      .meta({
        description:
          'The answers to choose from, by name, at most ten; people tap, or write the number or the label.',
        examples: [
          {
            tonight: { label: 'A place for tonight', next: 'where' },
            other: { label: 'Something else', next: 'menu' },
          },
        ],
      }),
    answer: textSchema.optional().meta({
      description: 'The name of the answer, declared under `answers`, that holds what people type or choose.',
      examples: ['people'],
    }),
    hint: textSchema.optional().meta({
      description: 'Said when the first answer was not understood.',
      examples: ['For example 86150 or Augsburg.'],
    }),
    next: nextSchema.optional(),
  })
  .refine((ask) => ask.options !== undefined || ask.answer !== undefined, {
    message: 'a question needs options, or the name of an answer that is typed',
  })
  .meta({
    title: 'A question',
    description:
      "Asks, and waits for the person: for one of the options, or for a typed answer. An option's `next` goes before the step's.",
    examples: [
      {
        ask: 'Do you have the paper?',
        options: {
          has: { label: 'I have it', next: 'go_there' },
          not_yet: { label: 'Not yet', next: 'get_it' },
        },
      },
      { ask: 'How many people will live there?', answer: 'people', hint: 'For example 4.', next: 'apply' },
    ],
  });

/** A word such as «menu»; no town is called so, and if one is, nobody means it. */
function isCommand(turn: Turn, input: Input): boolean {
  const word = input.kind === 'text' ? turn.bot.words.get(fold(input.text)) : undefined;
  return word !== undefined && word.type !== 'entry';
}

/** A question: with options to choose from, or with an answer to type; both together store the option's id. */
export const ask = stepKind('ask', askSchema, (data, name) => {
  const at = (path: string): string => `steps.${name}.${path}`;
  const options = Object.entries(data.options ?? {});
  const byId = new Map(options);
  const optional = (path: string, source: string | undefined): { path: string; source: string }[] =>
    source === undefined ? [] : [{ path: at(path), source }];
  const places = [
    references(data.next, ['next']),
    ...options.map(([id, option]) => references(option.next, ['options', id, 'next'])),
  ];

  const worded = (turn: Turn): MenuOption[] =>
    options.map(([id, option]) => ({
      id: `${turn.flow.id}/${name}/${id}`,
      label: turn.text(at(`options.${id}.label`)).text,
      ...(option.detail === undefined ? {} : { detail: turn.text(at(`options.${id}.detail`)).text }),
    }));

  const isFixed = ({ bot, flow }: Turn): boolean =>
    options.every(([id]) =>
      ['label', 'detail'].every((part) =>
        [...bot.texts.forms(flow.id, at(`options.${id}.${part}`)).values()].every(
          (text) => !text.includes('{{'),
        ),
      ),
    );

  // Options without placeholders are worded once in each language, and shown again and again.
  const wordings = new WeakMap<Texts, Map<string, MenuOption[]>>();
  const shown = (turn: Turn): MenuOption[] => {
    const known = wordings.get(turn.bot.texts);
    const before = known?.get(turn.language);
    if (before) return before;
    const made = worded(turn);
    if (known) known.set(turn.language, made);
    else if (isFixed(turn)) wordings.set(turn.bot.texts, new Map([[turn.language, made]]));
    return made;
  };

  const labels = new WeakMap<Bot, readonly Matchable[]>();
  const matchable = ({ bot, flow }: Turn): readonly Matchable[] => {
    const known = labels.get(bot);
    if (known) return known;
    const made = options.map(([id]) => ({ id, forms: bot.folded(flow.id, at(`options.${id}.label`)) }));
    labels.set(bot, made);
    return made;
  };

  const choose = (turn: Turn, id: string | null): Outcome | null => {
    const option = byId.get(id ?? '');
    if (id === null || !option) return null;
    if (data.answer !== undefined) turn.keep(data.answer, id);
    return { type: 'follow', next: option.next ?? data.next ?? [] };
  };

  const chooseByText = (turn: Turn, text: string, exact: boolean): Outcome | null =>
    choose(
      turn,
      exact
        ? matchExactly(text, matchable(turn), turn.session.asked?.options ?? [], turn.language)
        : matchLoosely(text, matchable(turn), turn.language),
    );

  const typed = (turn: Turn, input: Input, exact: boolean): Outcome | null => {
    const type = turn.flow.answers.get(data.answer ?? '');
    if (data.answer === undefined || !type) return null;
    const parsed = parseAnswer(type, input, turn);
    // What could be meant otherwise gives way to the words that work everywhere.
    if (exact && !(parsed.ok && parsed.certain && !isCommand(turn, input))) return null;
    if (!parsed.ok) return { type: 'miss', ...parsed };
    turn.keep(data.answer, parsed.value);
    return { type: 'follow', next: data.next ?? [] };
  };

  const isYesNo = (turn: Turn): boolean =>
    options.length === 0 && turn.flow.answers.get(data.answer ?? '')?.type === 'yes_no';

  const chooseYesNo = (turn: Turn, id: string | null): Outcome | null => {
    if ((id !== 'yes' && id !== 'no') || data.answer === undefined) return null;
    turn.keep(data.answer, id === 'yes');
    return { type: 'follow', next: data.next ?? [] };
  };

  const menuOf = (turn: Turn): MenuOption[] =>
    isYesNo(turn) ? fixedOptions(turn, name, YES_NO) : shown(turn);

  return {
    waits: true,
    texts: [
      { path: at('ask'), source: data.ask },
      ...optional('hint', data.hint),
      ...options.flatMap(([id, option]) => [
        { path: at(`options.${id}.label`), source: option.label },
        ...optional(`options.${id}.detail`, option.detail),
      ]),
    ],
    jumps: places.flatMap(({ jumps }) => jumps),
    conditions: places.flatMap(({ conditions }) => conditions),
    writes:
      data.answer === undefined
        ? []
        : [{ path: ['answer'], answer: data.answer, ...(options[0] ? { value: options[0][0] } : {}) }],

    enter(turn) {
      const misses = turn.session.asked?.misses ?? 0;
      const hint = misses === 1 && data.hint !== undefined ? `${turn.text(at('hint')).text}\n` : '';
      const { text, language } = turn.text(at('ask'));
      const offered = menuOf(turn);
      const menu = offered.length === 0 ? null : turn.menu(offered, misses >= 2 ? 'numbers' : 'auto');
      const place = menu === null && turn.flow.answers.get(data.answer ?? '')?.type === 'place';
      turn.say(hint + text, language, {
        ...(menu ? { menu } : {}),
        ...(place ? { request: 'location' } : {}),
      });
      const ids = isYesNo(turn) ? Object.keys(YES_NO) : options.map(([id]) => id);
      turn.session.asked = { options: ids, misses };
      return { type: 'wait' };
    },

    receive(turn, input, strictness) {
      const exact = strictness === 'exact';
      if (isAnswered(input)) return null;
      const fixed = isYesNo(turn) && input.kind === 'text';
      const tapped = fixed ? chooseYesNo(turn, matchFixed(turn, input.text, YES_NO, exact)) : null;
      if (options.length === 0) return tapped ?? typed(turn, input, exact);
      if (input.kind !== 'text') return null;
      return chooseByText(turn, input.text, exact);
    },

    tap: (turn, id) => (isYesNo(turn) ? chooseYesNo(turn, id) : choose(turn, id)),
  };
});
