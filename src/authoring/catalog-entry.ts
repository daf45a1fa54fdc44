import type { Review } from './translate/marks.ts';

/** One translation: its place in the flow, the source text it was made from, and how far it can be trusted. */
export interface CatalogEntry {
  /** `msgctxt`: the path of the text in its flow, e.g. `steps.need.ask`. */
  readonly path: string;
  /** `msgid`: the source text as it stood when this was translated. */
  readonly source: string;
  /** `msgstr`; empty while missing. */
  readonly text: string;
  readonly fuzzy: boolean;
  /** `# machine`, or `# reviewed by NAME on 2026-11-23`; null: a person translated it and nobody reviewed it. */
  readonly review: Review;
  /** 1-based line of its `msgctxt`. */
  readonly line: number;
}
