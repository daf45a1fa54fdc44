/** Sheets upright, in millimetres (ISO 216). */
export const PAPERS = {
  a4: { width: 210, height: 297 },
  a5: { width: 148, height: 210 },
  a6: { width: 105, height: 148 },
} as const;

export type PaperSize = keyof typeof PAPERS;

/** A width and a height in millimetres. */
export interface Paper {
  readonly width: number;
  readonly height: number;
}
