/** What the channel is doing, for people who look after it. */
export interface WhatsappWebStatus {
  readonly state: 'starting' | 'qr' | 'ready' | 'waiting' | 'elsewhere' | 'off';
  /** While `state` is `qr`: the code to scan, one `<svg>` element. */
  readonly qr?: string;
  /** While `state` is `waiting`: what is wrong, without a full stop. */
  readonly reason?: string;
  /** When this state began. Milliseconds since 1970. */
  readonly since: number;
}
