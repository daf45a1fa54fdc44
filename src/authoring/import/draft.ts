import type { Value } from '../../engine/session.ts';
import type { Answer } from './answers.ts';
import type { Words } from './words.ts';

/** Where a step leads: a node of the export, whatever it becomes, or a step; null: the flow ends. */
export type Target = { readonly node: string } | { readonly step: string } | null;

export interface Way {
  readonly when?: string;
  readonly to: Target;
}

export interface DraftOption {
  readonly id: string;
  readonly label: Words;
  readonly detail: Words | null;
  readonly to: Target;
}

/** What a step does, before it is known what it leads to. */
export type Body =
  | { readonly kind: 'say'; readonly text: Words }
  | { readonly kind: 'handoff'; readonly text: Words; readonly failed: Target | undefined }
  | { readonly kind: 'set'; readonly values: Readonly<Record<string, Exclude<Value, object>>> }
  | { readonly kind: 'call'; readonly flow: string }
  | { readonly kind: 'go'; readonly flow: string }
  | { readonly kind: 'remind'; readonly after: string; readonly to: Target };

/** A step of a flow in the making. */
export type Draft =
  | (Body & { readonly name: string; readonly next: Target })
  | { readonly kind: 'end'; readonly name: string }
  | { readonly kind: 'branch'; readonly name: string; readonly ways: readonly Way[] }
  | {
      readonly kind: 'ask';
      readonly name: string;
      readonly text: Words;
      /** `languages`: one for each language of the bot. */
      readonly options: readonly DraftOption[] | 'languages';
      readonly answer: string | null;
      readonly hint: Words | null;
      /** Where an answer leads that no option does; one way without a condition, the last. */
      readonly ways: readonly Way[];
    };

export interface DraftFlow {
  readonly id: string;
  readonly language: string;
  readonly title: string;
  readonly entry: readonly string[];
  readonly answers: readonly Answer[];
  /** The first one is where the flow begins; their nodes are steps by now. */
  readonly steps: readonly Draft[];
}
