/** The settings of a node that answers to a stand-in for the Graph API. */
export declare function metaSettings(graphUrl: string): Record<string, string>;

/** The same settings, for a channel that is opened by hand. */
export declare function whatsappSettings(settings: Readonly<Record<string, string>>): {
  readonly graphUrl: string;
  readonly version: string;
  readonly accounts: ReadonlyMap<string, string>;
  readonly appSecret: string;
  readonly verifyToken: string;
  readonly mediaFolder: string;
  readonly messagesPerSecond: number;
};

/** A webhook body with a message of a person, written now. `phone`: digits only. */
export declare function messageBody(phone: string, id: string, text: string): string;

/** A webhook body with the word that a reply was sent on, which carries our outbox id back. */
export declare function statusBody(phone: string, id: string, outbox: string): string;

/** Delivers a body once; resolves to the HTTP status, or to a word for why there is none. Never rejects. */
export declare function post(url: string, body: string, timeoutMs?: number): Promise<number | string>;
