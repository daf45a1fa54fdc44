import type { Bot } from '../engine/model.ts';
import type { Catalog } from './catalog.ts';
import type { Finding } from './finding.ts';
import type { Loaded } from './load.ts';

/** What a rule may look at: flows that load without errors, with their places, and all translations. */
export interface Checked {
  readonly bot: Bot;
  /** Only those whose `flow` is not null. */
  readonly loaded: readonly Loaded[];
  readonly catalogs: readonly Catalog[];
  /** ISO 8601 date on which the check is made. */
  readonly today: string;
}

/** One thing that can be wrong though every file can be read. Pure. */
export type Rule = (checked: Checked) => readonly Finding[];
