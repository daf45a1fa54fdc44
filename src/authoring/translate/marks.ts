/** `machine`: nobody has looked at it yet; null: a person translated it and nobody reviewed it. */
export type Review = 'machine' | { readonly by: string; readonly on: string } | null;

const MACHINE = 'machine';
const REVIEWED = /^reviewed by (.+) on (\d{4}-\d{2}-\d{2})$/;

/** How far a translation can be trusted, by the translator's comment above it. */
export function reviewOf(comment: string): Review {
  const lines = linesOf(comment);
  for (const line of lines) {
    const [, by, on] = REVIEWED.exec(line) ?? [];
    if (by !== undefined && on !== undefined) return { by, on };
  }
  return lines.includes(MACHINE) ? MACHINE : null;
}

/** The comment with that review instead of any other; what people wrote stays. */
export function withReview(comment: string, review: Review): string {
  const mark =
    review === null ? [] : review === MACHINE ? [MACHINE] : [`reviewed by ${review.by} on ${review.on}`];
  return [...mark, ...linesOf(notesOf(comment))].join('\n');
}

/** What people wrote for one another: the comment without Lotse's marks. */
export function notesOf(comment: string): string {
  return linesOf(comment)
    .filter((line) => line !== MACHINE && !REVIEWED.test(line))
    .join('\n');
}

/** The comment with other notes; the marks stay. */
export function withNotes(comment: string, notes: string): string {
  const marks = linesOf(comment).filter((line) => line === MACHINE || REVIEWED.test(line));
  return [...marks, ...linesOf(notesOf(notes))].join('\n');
}

/** A review holds for the text it saw: a changed source leaves it as history only. */
export function withPastReview(comment: string): string {
  return linesOf(comment)
    .map((line) => (REVIEWED.test(line) ? `was ${line}` : line))
    .join('\n');
}

function linesOf(comment: string): string[] {
  return comment
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
