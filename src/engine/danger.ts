/** Words that mean danger, folded, with a space before and behind. */
export interface Danger {
  readonly phrase: string;
  readonly flow: string;
  readonly language: string;
}

/** Finds the danger phrase in a folded text: by its first word, instead of by trying them all on every message. */
export function dangerFinder(all: readonly Danger[]): (folded: string) => Danger | null {
  const byWord = new Map<string, Danger[]>();
  for (const danger of all) {
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
