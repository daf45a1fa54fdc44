import { IDLE, type Conversation } from './conversation.ts';
import type { Files } from './embedded-layout.ts';
import { StoreUnavailable } from './store.ts';

/** What the files look like. Raise it with a step in `migrate` whenever older files would be read wrongly. */
const VERSION = 2;

/** Brings the files of an older Lotse to this one's form, in one transaction. Throws StoreUnavailable for a later one's. */
export async function migrate(folder: string, files: Files): Promise<void> {
  const found = files.counters.get('schema') ?? 1;
  if (found > VERSION)
    throw new StoreUnavailable(
      `The data folder '${folder}' was written by a later version of Lotse (its form is ${String(found)}, this one knows ${String(VERSION)}): update Lotse, or restore an older backup`,
    );
  if (found === VERSION) return;
  await files.root.transaction(() => {
    fromOne(files);
    void files.counters.put('schema', VERSION);
  });
}

/** A conversation of version 1; sessions and seen ids were kept apart. */
interface First extends Pick<Conversation, 'alarmAtMs' | 'inbox' | 'outbox'> {
  readonly lease: { readonly epoch: number; readonly endsMs: number } | null;
}

const EXPIRY_BYTES = 8;

function fromOne({ root, conversations, counters }: Files): void {
  const first = root.openDB<First, string>({ name: 'conversations', encoding: 'msgpack' });
  const sessions = root.openDB<Buffer, string>({ name: 'sessions', encoding: 'binary' });
  const seen = root.openDB<Buffer, string>({ name: 'seen', encoding: 'binary' });
  const epoch = counters.get('epoch') ?? 0;
  const change = (id: string, more: Partial<Conversation>): void =>
    void conversations.put(id, { ...(conversations.get(id) ?? IDLE), epoch, ...more });
  for (const { key, value } of [...first.getRange({})]) {
    const { alarmAtMs, inbox, outbox, lease } = value;
    change(key, { alarmAtMs, inbox, outbox, endsMs: lease?.endsMs ?? null });
  }
  for (const { key, value } of [...sessions.getRange({})])
    change(key, { session: value.subarray(EXPIRY_BYTES), sessionUntilMs: value.readDoubleLE(0) });
  for (const { key, value } of [...seen.getRange({})]) change(key, { seen: value });
  for (const old of [first, sessions, seen]) void old.drop();
}
