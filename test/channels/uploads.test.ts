import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Channel, SendResult } from '../../src/channels/channel.ts';
import { createMessenger } from '../../src/channels/messenger/channel.ts';
import { createWhatsappCloud } from '../../src/channels/whatsapp-cloud/channel.ts';
import type { Message } from '../../src/engine/message.ts';
import { createLog } from '../../src/log.ts';
import { temporaryFolder } from '../support/lotse.ts';

/** What Graph was asked: uploads as they came, sends as JSON. */
interface Asked {
  readonly path: string;
  readonly type: string;
  readonly authorization: string;
  readonly body: Buffer;
}

const RECORDING = Buffer.from([0x4f, 0x67, 0x67, 0x53, 0, 255, 13, 10, 45, 45]);
const message: Message = {
  text: 'Go to the town hall.',
  language: 'en',
  media: [{ type: 'audio', url: 'media/en/hall.ogg' }],
};

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: Server;
let asked: Asked[];
let answers: { status: number; body: unknown }[];
let open: Channel[];
let options: Omit<Parameters<typeof createWhatsappCloud>[0], 'accounts'>;

beforeEach(async () => {
  [asked, answers, open] = [[], [], []];
  folder = await temporaryFolder();
  await mkdir(join(folder.path, 'media/en'), { recursive: true });
  await writeFile(join(folder.path, 'media/en/hall.ogg'), RECORDING);
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      asked.push({
        path,
        type: request.headers['content-type'] ?? '',
        authorization: request.headers.authorization ?? '',
        body: Buffer.concat(chunks),
      });
      const isUpload = !path.endsWith('/messages');
      const good = isUpload
        ? { id: `file.${String(asked.length)}`, attachment_id: `file.${String(asked.length)}` }
        : { messages: [{ id: 'wamid.1' }], message_id: 'm_1' };
      const { status, body } = (isUpload ? answers.shift() : undefined) ?? { status: 200, body: good };
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const at = server.address();
  if (at === null || typeof at === 'string') throw new Error('the stand-in has no port');
  options = {
    graphUrl: `http://127.0.0.1:${String(at.port)}`,
    version: 'v25.0',
    appSecret: 's',
    verifyToken: 'v',
    mediaFolder: folder.path,
    log: createLog('silent'),
  };
});

afterEach(async () => {
  await Promise.all(open.map(async (channel) => channel.close?.()));
  await new Promise((resolve) => server.close(resolve));
  await folder.remove();
});

const accounts = new Map([
  ['1', 'first'],
  ['2', 'second'],
]);
const whatsapp = (): Channel => {
  const channel = createWhatsappCloud({ ...options, accounts });
  open.push(channel);
  return channel;
};
const sendAll = async (channel: Channel, account = '1', said = message): Promise<SendResult[]> => {
  const address = channel.name === 'whatsapp' ? { phone: '+49151' } : { psid: '7' };
  const results: SendResult[] = [];
  for (const [index, part] of channel.render(said).entries())
    results.push(await channel.send({ account, address }, part, `c.${String(index)}`));
  return results;
};
const uploads = (): Asked[] => asked.filter(({ path }) => !path.endsWith('/messages'));
const lastSent = (): unknown => JSON.parse(asked.at(-1)!.body.toString());

/** The parts of a multipart body, byte for byte: what stands above each, and what is in it. */
function fieldsOf({ type, body }: Asked): [string, Buffer][] {
  const boundary = /boundary=(.+)$/.exec(type)?.[1] ?? '';
  const parts = body.toString('latin1').split(`--${boundary}`);
  expect(parts.at(-1)).toBe('--\r\n');
  return parts.slice(1, -1).map((part) => {
    const end = part.indexOf('\r\n\r\n');
    const head = part
      .slice(0, end)
      .trim()
      .replace(/\r\n/g, ' ')
      .replace(/^content-disposition: /, '');
    return [head, Buffer.from(part.slice(end + 4, -2), 'latin1')];
  });
}

describe('a file beside the flows', () => {
  test('is uploaded to WhatsApp whole, and sent by its id', async () => {
    expect(await sendAll(whatsapp())).toEqual([
      { type: 'sent', platformId: 'wamid.1' },
      { type: 'sent', platformId: 'wamid.1' },
    ]);
    const [upload] = uploads();
    expect(upload).toMatchObject({ path: '/v25.0/1/media', authorization: 'Bearer first' });
    const form = fieldsOf(upload!);
    expect(form).toEqual([
      ['form-data; name="messaging_product"', Buffer.from('whatsapp')],
      ['form-data; name="type"', Buffer.from('audio/ogg')],
      ['form-data; name="file"; filename="hall.ogg" content-type: audio/ogg', RECORDING],
    ]);
    expect(lastSent()).toMatchObject({ type: 'audio', audio: { id: 'file.2' }, to: '+49151' });
  });

  test('is uploaded to Messenger as something to use again', async () => {
    const messenger = createMessenger({ ...options, accounts });
    open.push(messenger);
    await sendAll(messenger);
    const [upload] = uploads();
    expect(upload!.path).toBe('/v25.0/1/message_attachments');
    const form = fieldsOf(upload!);
    expect(form.map(([head]) => head)).toEqual([
      'form-data; name="message"',
      'form-data; name="filedata"; filename="hall.ogg" content-type: audio/ogg',
    ]);
    expect(JSON.parse(form[0]![1].toString())).toEqual({
      attachment: { type: 'audio', payload: { is_reusable: true } },
    });
    expect(lastSent()).toMatchObject({
      message: { attachment: { type: 'audio', payload: { attachment_id: 'file.2' } } },
    });
  });

  test('is uploaded once for each account, and again when it changed', async () => {
    const channel = whatsapp();
    await Promise.all([sendAll(channel), sendAll(channel)]);
    await sendAll(channel, '2');
    expect(uploads().map(({ path }) => path)).toEqual(['/v25.0/1/media', '/v25.0/2/media']);
    const file = join(folder.path, 'media/en/hall.ogg');
    await writeFile(file, 'new');
    await utimes(file, new Date(), new Date(Date.now() + 5_000));
    await sendAll(channel);
    expect(uploads()).toHaveLength(3);
  });

  test('that is not there is refused; the text has been sent by then', async () => {
    const gone = { ...message, media: [{ type: 'audio' as const, url: 'media/en/gone.ogg' }] };
    expect(await sendAll(whatsapp(), '1', gone)).toEqual([
      { type: 'sent', platformId: 'wamid.1' },
      { type: 'refused', reason: 'the file media/en/gone.ogg is not there', why: 'permanent' },
    ]);
  });

  test.each([
    [503, {}, { type: 'retry' }],
    [200, {}, { type: 'retry', reason: expect.stringContaining('upload') }],
    [400, { error: { code: 100 } }, { type: 'refused' }],
    [400, { error: { code: 4 } }, { type: 'retry' }],
  ])('whose upload ends with %i %j is told, and tried anew the next time', async (status, body, result) => {
    answers = [{ status, body }];
    const channel = whatsapp();
    expect((await sendAll(channel))[1]).toMatchObject(result);
    expect((await sendAll(channel))[1]).toMatchObject({ type: 'sent' });
    expect(uploads()).toHaveLength(2);
  });
});
