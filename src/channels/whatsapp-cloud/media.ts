import { z } from 'zod';
import type { Media } from '../../engine/input.ts';
import type { Fetched } from '../channel.ts';
import type { GraphClient } from '../graph/client.ts';
import { numberSchema, textSchema } from '../graph/json.ts';
import { bytesMax, essence } from '../graph/media-types.ts';
import { download, tooLarge, untaken, type DownloadOptions } from '../graph/media.ts';

/** Where Meta keeps what people send on WhatsApp; beside the Graph API's own host. */
const HOSTS = ['lookaside.fbsbx.com', '*.fbcdn.net', '*.whatsapp.net', 'graph.facebook.com'];

const foundSchema = z.object({ url: z.string(), mime_type: textSchema, file_size: numberSchema });
const errorSchema = z.object({ error: z.object({ code: numberSchema }) });

/** The Graph API tells an address that is good for five minutes; it asks for the token again. Never rejects. */
export async function fetchWhatsapp(
  client: GraphClient,
  media: Media,
  options: Omit<DownloadOptions, 'hosts'>,
): Promise<Fetched> {
  const { id = '', type } = media;
  if (!/^\w{1,128}$/u.test(id)) return { type: 'refused', reason: 'it has no id to fetch it by' };
  const answer = await client.get(`/${id}`);
  if (answer.type !== 'answer') return { type: 'refused', reason: answer.reason };
  const found = foundSchema.safeParse(answer.body);
  if (answer.status !== 200 || !found.success) return { type: 'refused', reason: why(answer) };
  const { url, mime_type, file_size = 0 } = found.data;
  const sticker = type === 'sticker';
  const mime = essence(mime_type);
  const most = mime === '' ? null : bytesMax(mime, sticker);
  if (mime !== '' && most === null) return { type: 'refused', reason: untaken(mime) };
  if (most !== null && file_size > most) return tooLarge(most);
  return download({ url, sticker, mime }, { ...options, hosts: HOSTS });
}

/** Ids of what people sent end after seven days. */
function why({ status, body }: { readonly status: number; readonly body: unknown }): string {
  const { error } = errorSchema.safeParse(body).data ?? {};
  const code = error?.code === undefined ? '' : `, code ${String(error.code)}`;
  return `the platform has it no longer, or does not give it out (HTTP ${String(status)}${code})`;
}
