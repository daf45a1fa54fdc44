import type { z } from 'zod';
import { fromCompact, toCompact } from './compact.ts';
import { inboundSchema, outboundSchema, type Conversation, type Inbound, type Outbound } from './records.ts';
import type { Secrets } from './secrets.ts';

/** Seals records of one kind, each bound to its conversation, and opens them. */
export interface Drawer<Kept> {
  seal(conversation: string, value: Kept): Buffer;
  /** null: sealed with another key, for another conversation, changed, or of a shape that is not known (any more). */
  open(conversation: string, sealed: Buffer): Kept | null;
}

/** Everything that is stored of people goes through here. */
export interface Vault {
  readonly conversations: Drawer<Conversation> & {
    /** Also from this process' memory. */
    forget(conversation: string): void;
  };
  readonly inbounds: Drawer<Inbound>;
  readonly outbounds: Drawer<Outbound>;
}

export function createVault(secrets: Secrets): Vault {
  return {
    conversations: recent(secrets),
    inbounds: remembering(secrets, inboundSchema),
    outbounds: remembering(secrets, outboundSchema),
  };
}

/** So many are remembered. */
const RECENT_MAX = 1_000;

/**
 * People write several messages in a row, which mostly come to the same process: if what is stored is, byte for byte,
 * what it sealed last, there is no need to open it.
 */
function recent(secrets: Secrets): Vault['conversations'] {
  /** The one sealed last comes last. */
  const last = new Map<string, { readonly sealed: Buffer; readonly value: Conversation }>();
  return {
    seal(conversation, value) {
      const sealed = secrets.seal(conversation, toCompact(value));
      last.delete(conversation);
      last.set(conversation, { sealed, value });
      const [oldest] = last.size > RECENT_MAX ? last.keys() : [];
      if (oldest !== undefined) last.delete(oldest);
      return sealed;
    },
    open(conversation, sealed) {
      const known = last.get(conversation);
      return known?.sealed.equals(sealed) === true
        ? known.value
        : fromCompact(secrets.open(conversation, sealed));
    },
    forget(conversation) {
      last.delete(conversation);
    },
  };
}

/**
 * Most of what comes in and goes out is taken up by the process that sealed it: as long as it holds the very bytes,
 * there is no need to open them.
 */
function remembering<Kept>(secrets: Secrets, schema: z.ZodType<Kept>): Drawer<Kept> {
  const sealedHere = new WeakMap<Buffer, Kept>();
  return {
    seal(conversation, value) {
      const sealed = secrets.seal(conversation, value);
      sealedHere.set(sealed, value);
      return sealed;
    },
    open(conversation, sealed) {
      const known = sealedHere.get(sealed);
      if (known) return known;
      const parsed = schema.safeParse(secrets.open(conversation, sealed));
      return parsed.success ? parsed.data : null;
    },
  };
}
