import type { Bot } from '../../engine/model.ts';
import { coverageOf, newWalked, type Coverage } from './coverage.ts';
import type { Test } from './load.ts';
import type { Rendering } from './conversation.ts';
import { createPlay, mannersOf, type Run } from './play.ts';

export interface Results {
  readonly runs: readonly Run[];
  readonly coverage: readonly Coverage[];
}

/** Narrows what is run; null: everything. */
export interface Only {
  readonly language: string | null;
  readonly as: string | null;
}

/** Plays every test in every language and every rendering that neither it nor `only` leaves out. */
export function runTests(
  bot: Bot,
  tests: readonly Test[],
  renderings: readonly Rendering[],
  only: Only = { language: null, as: null },
): Results {
  const walked = newWalked();
  const play = createPlay(bot, walked);
  const tags = bot.languages.map(({ tag }) => tag);
  const runs = tests.flatMap((test) =>
    tags
      .filter((tag) => (test.languages?.includes(tag) ?? true) && (only.language ?? tag) === tag)
      .flatMap((language) =>
        renderings
          .filter(({ name }) => (test.as?.includes(name) ?? true) && (only.as ?? name) === name)
          .flatMap(mannersOf)
          .map((manner) => play(test, language, manner)),
      ),
  );
  return { runs, coverage: coverageOf(bot, walked) };
}
