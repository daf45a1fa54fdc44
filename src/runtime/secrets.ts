import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** Everything that needs the deployment's secret: names nobody can guess, and sealing of what is stored. */
export interface Secrets {
  /** 22 characters of base64url (128 bits) that name a person's conversation without naming the person. */
  conversation(channel: string, account: string, user: string): string;
  /** 8 bytes that name a platform's event. */
  event(channel: string, account: string, id: string): Buffer;
  /** `<conversation>.<event>.<position>`: the same for the same event and position, however often it is worked out. */
  outbox(conversation: string, event: Buffer, position: number): string;
  /** AES-256-GCM over the JSON of a value, bound to its conversation: 12 bytes nonce, 16 bytes tag, ciphertext. */
  seal(conversation: string, value: unknown): Buffer;
  /** The value again, unparsed; null if it was sealed with another key, for another conversation, or changed. */
  open(conversation: string, sealed: Buffer): unknown;
}

const NONCE = 12;
const TAG = 16;

/** `secret`: LOTSE_SECRET, 32 characters or more. Changing it makes everything stored unreadable. */
export function createSecrets(secret: string): Secrets {
  const key = (use: string): Buffer => Buffer.from(hkdfSync('sha256', secret, 'lotse', use, 32));
  const hashKey = key('hash');
  const sealKey = key('seal');
  const hash = (...parts: readonly (string | Buffer)[]): Buffer => {
    const hmac = createHmac('sha256', hashKey);
    for (const part of parts) hmac.update(`${String(part.length)}:`).update(part);
    return hmac.digest();
  };
  // Asking the system for random bytes costs more than sealing: they are fetched for many records at a time.
  let nonces = Buffer.alloc(0);
  const nextNonce = (): Buffer => {
    if (nonces.length < NONCE) nonces = randomBytes(NONCE * 256);
    const nonce = nonces.subarray(0, NONCE);
    nonces = nonces.subarray(NONCE);
    return nonce;
  };
  return {
    conversation: (channel, account, user) =>
      hash('conversation', channel, account, user).subarray(0, 16).toString('base64url'),
    event: (channel, account, id) => hash('event', channel, account, id).subarray(0, 8),
    outbox: (conversation, event, position) =>
      `${conversation}.${event.toString('base64url')}.${String(position)}`,
    seal(conversation, value) {
      const nonce = nextNonce();
      const cipher = createCipheriv('aes-256-gcm', sealKey, nonce).setAAD(Buffer.from(conversation));
      // In this mode `final` only makes the tag: it adds no bytes.
      const sealed = cipher.update(JSON.stringify(value), 'utf8');
      cipher.final();
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
    },
    open(conversation, sealed) {
      if (sealed.length < NONCE + TAG) return null;
      const decipher = createDecipheriv('aes-256-gcm', sealKey, sealed.subarray(0, NONCE))
        .setAAD(Buffer.from(conversation))
        .setAuthTag(sealed.subarray(NONCE, NONCE + TAG));
      const text = decipher.update(sealed.subarray(NONCE + TAG));
      try {
        decipher.final();
        const value: unknown = JSON.parse(text.toString('utf8'));
        return value;
      } catch {
        // Node has no other way to say that the tag does not fit; the contract turns it into a value.
        return null;
      }
    },
  };
}

/** The conversation that an outbox id belongs to. */
export function conversationOf(outboxId: string): string {
  return outboxId.split('.')[0] ?? '';
}
