import type { Aside } from './store.ts';

/** A dead letter's id: `<conversation>.` and 11 characters for a message, `session` for a session. */
export function deadId(conversation: string, { kind, id }: Aside): string {
  return `${conversation}.${kind === 'session' ? 'session' : id.toString('base64url')}`;
}

/** The id of the message that a dead letter was, 8 bytes; for others, of no use. */
export function messageId(id: string): Buffer {
  return Buffer.from(id.slice(id.indexOf('.') + 1), 'base64url');
}

/** The conversation of a dead letter; '' where the id is none. */
export function conversationOfDead(id: string): string {
  return /^([\w-]{22})\.[\w.-]+$/u.exec(id)?.[1] ?? '';
}
