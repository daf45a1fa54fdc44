/** What one message looks like within a platform's limits. Ids are option ids; lengths are UTF-16 units. */
export type Rendering =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'buttons'; readonly text: string; readonly buttons: readonly Choice[] }
  | { readonly type: 'list'; readonly text: string; readonly button: string; readonly rows: readonly Row[] }
  | { readonly type: 'quick_replies'; readonly text: string; readonly replies: readonly Choice[] }
  | { readonly type: 'location_request'; readonly text: string };

export interface Choice {
  readonly id: string;
  readonly title: string;
}

export interface Row extends Choice {
  readonly description?: string;
}
