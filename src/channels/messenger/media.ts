import type { Media } from '../../engine/input.ts';
import type { Fetched } from '../channel.ts';
import { download, type DownloadOptions } from '../graph/media.ts';

/** Where Meta keeps what people send on Messenger. */
const HOSTS = ['*.fbcdn.net', '*.fbsbx.com', '*.facebook.com'];

/** The webhook brought the address; it asks for no token and is shown none. Never rejects. */
export async function fetchMessenger(
  { url, type }: Media,
  options: Omit<DownloadOptions, 'hosts' | 'token'>,
): Promise<Fetched> {
  if (url === undefined) return { type: 'refused', reason: 'it came without an address' };
  return download({ url, sticker: type === 'sticker' }, { ...options, hosts: HOSTS });
}
