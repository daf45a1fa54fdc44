import type { Bot } from '../../engine/model.ts';

type Danger = Bot['crisis'][number];

/** Finds the danger phrase in a folded text as the engine does, by its first word instead of by trying them all. */
export function dangerIn(bot: Bot): (folded: string) => Danger | null {
  const byWord = new Map<string, Danger[]>();
  for (const danger of bot.crisis) {
    const [first = ''] = danger.phrase.trim().split(' ');
    const before = byWord.get(first);
    if (before) before.push(danger);
    else byWord.set(first, [danger]);
  }
  return (folded) => {
    if (byWord.size === 0) return null;
    const padded = ` ${folded} `;
    for (const word of folded.split(' '))
      for (const danger of byWord.get(word) ?? []) if (padded.includes(danger.phrase)) return danger;
    return null;
  };
}
