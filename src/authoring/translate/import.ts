import type { GivenRow } from './grid.ts';
import { notesOf, withNotes, withReview } from './marks.ts';
import { placeholderFaults } from './placeholders.ts';
import { markFuzzy, without, type PoEntry } from './po.ts';
import { changedSince, isState, keyOf, stateOfEntry, type Row } from './rows.ts';
import { STATES } from './status.ts';

/** Who looked at every imported row, and when (ISO 8601 date). */
export interface Reviewer {
  readonly by: string;
  readonly on: string;
}

/** What one row does to its entry. */
export type Outcome =
  | { readonly type: 'same' }
  | { readonly type: 'changed'; readonly entry: PoEntry }
  /** Nothing is wrong, but a person should know. */
  | { readonly type: 'kept'; readonly note: string }
  | { readonly type: 'refused'; readonly problem: string };

/**
 * Brings what a person wrote in a row into the entry of its text. Cells they did not touch change nothing, even
 * where the PO file has gone on since; what does not fit is refused with the address of the cell. Pure.
 */
export function applyRow({ row, has, at }: GivenRow, entry: PoEntry, reviewer: Reviewer | null): Outcome {
  const refused = (column: keyof Row, why: string): Outcome => ({
    type: 'refused',
    problem: `${at(column)}: ${why}`,
  });
  if (row.source !== entry.source)
    return refused(
      'source',
      'the source text has changed since the export, or in the spreadsheet; export it again',
    );
  const current = entry.forms[0] ?? '';
  const comment = entry.comments.translator ?? '';
  const now = { translation: current, note: notesOf(comment), state: stateOfEntry(entry) };
  // Without a key, what differs from the PO file counts as changed by hand.
  const changed = changedSince(row.key, row) ?? changedSince(keyOf(now), row);
  const meanwhile = changedSince(row.key, now);
  const isNew = changed?.translation === true;
  const isWritten = isNew && row.translation !== current;
  if (isNew && row.translation.trim() === '')
    return current === ''
      ? { type: 'same' }
      : { type: 'kept', note: `${at('translation')}: is empty; the translation there is kept` };
  if (isWritten && meanwhile?.translation === true)
    return refused(
      'translation',
      `was changed in the PO file as well («${current}»); export it again and decide`,
    );
  const faults = isWritten ? placeholderFaults(row.source, row.translation) : [];
  if (faults.length > 0) return refused('translation', faults.join(', and '));
  if (has.has('state') && row.state !== '' && !isState(row.state))
    return refused('state', `'${row.state}' is no state; it must be one of ${STATES.join(', ')}`);
  if (row.state === 'reviewed' && now.state !== 'reviewed' && reviewer === null)
    return refused('state', 'says reviewed, but not by whom; import with --reviewed-by NAME');

  let next = entry;
  if (isWritten)
    next = withComment(markFuzzy({ ...next, forms: [row.translation] }, false), withReview(comment, null));
  else if (has.has('state') && changed?.state === true && row.translation === current)
    next = settled(next, row.state);
  if (has.has('note') && changed?.note === true) {
    // Two people wrote a note at the same time: both stay.
    const note = meanwhile?.note === true ? `${now.note}\n${row.note}` : row.note;
    next = withComment(next, withNotes(next.comments.translator ?? '', note));
  }
  // A row still in doubt was not reviewed, nor was a text that the reviewer did not see.
  const isSeen =
    row.translation !== '' && row.translation === next.forms[0] && stateOfEntry(next) !== 'fuzzy';
  if (reviewer && isSeen) next = withComment(next, withReview(next.comments.translator ?? '', reviewer));
  return next === entry ? { type: 'same' } : { type: 'changed', entry: next };
}

/** The state a person set without changing the text: no doubt any more, or no longer only a machine's. */
function settled(entry: PoEntry, wanted: string): PoEntry {
  const state = stateOfEntry(entry);
  const isSettling = wanted === 'translated' || wanted === 'reviewed';
  if (isSettling && (state === 'fuzzy' || state === 'machine'))
    return withComment(markFuzzy(entry, false), withReview(entry.comments.translator ?? '', null));
  return wanted === 'fuzzy' && state !== 'fuzzy' && state !== 'missing' ? markFuzzy(entry, true) : entry;
}

function withComment(entry: PoEntry, translator: string): PoEntry {
  if (translator === (entry.comments.translator ?? '')) return entry;
  const others = without(entry.comments, 'translator');
  return { ...entry, comments: { ...others, ...(translator === '' ? {} : { translator }) } };
}
