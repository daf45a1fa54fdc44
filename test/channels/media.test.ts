import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { LookupFunction } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Channel, Fetched } from '../../src/channels/channel.ts';
import { createGraphClient } from '../../src/channels/graph/client.ts';
import { INSIDE } from '../../src/channels/graph/hosts.ts';
import { download, type DownloadOptions } from '../../src/channels/graph/media.ts';
import { createMessenger } from '../../src/channels/messenger/channel.ts';
import { createWhatsappCloud } from '../../src/channels/whatsapp-cloud/channel.ts';
import type { Media } from '../../src/engine/input.ts';
import { createLog } from '../../src/log.ts';

const JPEG = Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(100)]);
const MB = 1024 * 1024;

interface Server {
  readonly url: string;
  /** What it was asked, and with which token. */
  readonly heard: { path: string; authorization: string | undefined; agent: string | undefined }[];
  /** Resolves when a connection was cut before the answer was whole. */
  readonly cut: Promise<void>;
}

let stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops) await stop();
  stops = [];
});

async function serve(answer: RequestListener): Promise<Server> {
  const heard: Server['heard'] = [];
  let tellCut = (): void => {};
  const cut = new Promise<void>((resolve) => {
    tellCut = resolve;
  });
  const server = createServer((request, response) => {
    const { authorization, 'user-agent': agent } = request.headers;
    heard.push({ path: request.url ?? '', authorization, agent });
    response.on('close', () => {
      if (!response.writableFinished) tellCut();
    });
    answer(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  stops.push(
    () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  );
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { url: `http://127.0.0.1:${String(port)}`, heard, cut };
}

const give =
  (bytes: Buffer | string, headers: Record<string, string | number> = {}, status = 200): RequestListener =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'image/jpeg', ...headers }).end(bytes);
  };
const image = (server: Server, path = '/file'): { url: string; sticker: boolean } => ({
  url: server.url + path,
  sticker: false,
});
/** From a server that is GRAPH_URL itself. */
const from = (server: Server, more: Partial<DownloadOptions> = {}): DownloadOptions => ({
  hosts: ['lookaside.fbsbx.com', '*.fbcdn.net'],
  graphUrl: server.url,
  ...more,
});
const refused = (reason: string | RegExp): object => ({
  type: 'refused',
  reason: typeof reason === 'string' ? reason : expect.stringMatching(reason),
});

async function fetched(answer: RequestListener, mime?: string, sticker = false): Promise<Fetched> {
  const server = await serve(answer);
  const result = await download({ url: `${server.url}/geheim?hash=geheim`, sticker, mime }, from(server));
  expect(JSON.stringify(result)).not.toContain('geheim');
  expect(JSON.stringify(result)).not.toContain('127.0.0.1');
  return result;
}

describe('a file', () => {
  test('comes as it was sent, with its plain type', async () => {
    const server = await serve(give(JPEG, { 'content-type': 'Image/JPEG; charset=x' }));
    expect(await download(image(server), from(server))).toEqual({
      type: 'fetched',
      mime: 'image/jpeg',
      bytes: JPEG,
    });
    expect(server.heard).toEqual([{ path: '/file', authorization: undefined, agent: 'lotse' }]);
  });

  const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
  test.each<[string, Buffer]>([
    ['image/jpeg', JPEG],
    ['image/png', bytes('\x89PNG\r\n\x1a\n…')],
    ['image/webp', bytes('RIFF\0\0\0\0WEBPVP8 ')],
    ['audio/ogg', bytes('OggS…')],
    ['audio/mpeg', bytes('ID3…')],
    ['audio/mp4', bytes('\0\0\0\x18ftypM4A ')],
    ['audio/aac', bytes('\xff\xf1…')],
    ['audio/amr', bytes('#!AMR\n')],
    ['video/mp4', bytes('\0\0\0\x18ftypmp42')],
    ['video/3gpp', bytes('\0\0\0\x18ftyp3gp4')],
    ['application/pdf', bytes('%PDF-1.7')],
    ['text/plain', bytes('Hallo')],
    ['application/msword', Buffer.from('d0cf11e0a1b11ae100', 'hex')],
    ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', bytes('PK\x03\x04…')],
    ['application/vnd.oasis.opendocument.text', bytes('PK\x03\x04…')],
  ])('of the type %s is taken', async (mime, content) => {
    expect(await fetched(give(content, { 'content-type': mime }))).toEqual({
      type: 'fetched',
      mime,
      bytes: content,
    });
  });

  test.each(['text/html', 'image/svg+xml', 'application/zip', 'application/x-msdownload', 'image/gif'])(
    'of the type %s is not',
    async (mime) => {
      expect(await fetched(give(JPEG, { 'content-type': mime }), 'image/jpeg')).toEqual(
        refused(`files of the type ${mime} are not taken`),
      );
    },
  );

  test.each([
    ['image/jpeg', '<html>'],
    ['image/jpeg', '%PDF-1.7'],
    ['image/png', '\x89PNG'],
    ['image/webp', 'RIFF\0\0\0\0WAVEfmt '],
    ['audio/ogg', 'ID3'],
    ['application/pdf', ' %PDF-1.7'],
    ['application/msword', 'PK\x03\x04'],
  ])('that says %s and is another thing (%j) is not', async (mime, content) => {
    expect(await fetched(give(bytes(content), { 'content-type': mime }))).toEqual(
      refused(`it is no ${mime} inside`),
    );
  });

  test.each(['', 'application/octet-stream', 'binary/octet-stream', 'nonsense'])(
    'that is told as %j is what the platform said it is',
    async (told) => {
      expect(await fetched(give(JPEG, { 'content-type': told }), 'image/jpeg')).toMatchObject({
        mime: 'image/jpeg',
      });
      expect(await fetched(give(JPEG, { 'content-type': told }), 'image/png')).toEqual(
        refused('it is no image/png inside'),
      );
      expect(await fetched(give(JPEG, { 'content-type': told }))).toEqual(refused('its type is unknown'));
    },
  );

  test('that is empty, compressed, or only a part is not taken', async () => {
    expect(await fetched(give(''))).toEqual(refused('it is empty'));
    expect(await fetched(give(JPEG, { 'content-encoding': 'gzip' }))).toEqual(refused('it is compressed'));
    expect(await fetched(give(JPEG, {}, 206))).toEqual(refused('HTTP 206'));
    expect(await fetched(give('geheim', {}, 404))).toEqual(refused('HTTP 404'));
    expect(await fetched(give('geheim', {}, 302))).toEqual(refused('HTTP 302'));
  });
});

describe('too much', () => {
  const promise =
    (length: number, mime: string): RequestListener =>
    (_, response) => {
      response.writeHead(200, { 'content-type': mime, 'content-length': length }).write('x');
    };

  test.each<[string, number, boolean]>([
    ['image/jpeg', 5 * MB, false],
    ['audio/ogg', 16 * MB, false],
    ['video/mp4', 16 * MB, false],
    ['application/pdf', 25 * MB, false],
    ['image/webp', 512_000, true],
  ])('is refused when it is announced: %s over %d bytes', async (mime, most, sticker) => {
    const server = await serve(promise(most + 1, mime));
    expect(await download({ url: server.url, sticker }, from(server))).toEqual(refused(/^it is larger than/));
    await server.cut;
  });

  test('exactly as much as allowed is not', async () => {
    const full = Buffer.concat([JPEG, Buffer.alloc(5 * MB - JPEG.length)]);
    const server = await serve((request, response) => {
      const more = request.url === '/more' ? Buffer.alloc(1) : Buffer.alloc(0);
      give(Buffer.concat([full, more]))(request, response);
    });
    const result = await download(image(server), from(server));
    expect(result.type === 'fetched' && result.bytes.equals(full)).toBe(true);
    expect(await download(image(server, '/more'), from(server))).toEqual(
      refused('it is larger than 5242 kB'),
    );
  });

  test('is cut off when it comes without an end, and without having been announced', async () => {
    const pour = (_: IncomingMessage, response: ServerResponse): void => {
      response.writeHead(200, { 'content-type': 'image/jpeg' });
      response.write(JPEG);
      const more = (): void => {
        while (response.write(Buffer.alloc(64 * 1024)));
      };
      response.on('drain', more);
      more();
    };
    const server = await serve(pour);
    expect(await download(image(server), from(server))).toEqual(refused('it is larger than 5242 kB'));
    await server.cut;
  });

  test('a length that is a lie does not help', async () => {
    const server = await serve((request) => {
      const { socket } = request;
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: image/jpeg\r\ncontent-length: 1000\r\n\r\n');
      socket.end(JPEG);
    });
    expect(await download(image(server), from(server))).toEqual(refused(/^UND_ERR|^ECONN/));
  });
});

describe('servers that do not end', () => {
  test.each<[string, RequestListener]>([
    ['never answer', () => {}],
    [
      'drip',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'image/jpeg' }).write(JPEG.subarray(0, 4));
      },
    ],
    [
      'redirect slowly',
      (request, response) => {
        if (request.url === '/file') response.writeHead(302, { location: '/other' }).end();
      },
    ],
  ])('%s: given up, and the connection is closed', async (_, answer) => {
    const server = await serve(answer);
    expect(await download(image(server), from(server, { timeoutMs: 200 }))).toEqual(refused('time-out'));
    await server.cut;
  });

  test('a connection that is cut or refused is told by its code', async () => {
    const cutting = await serve((request) => request.socket.destroy());
    expect(await download(image(cutting), from(cutting))).toEqual(refused(/^UND_ERR_SOCKET$|^ECONNRESET$/));
    const closed = await serve(give(JPEG));
    for (const stop of stops) await stop();
    stops = [];
    expect(await download(image(closed), from(closed))).toEqual(refused('ECONNREFUSED'));
  });
});

describe('redirections', () => {
  const to =
    (location: string, status = 302): RequestListener =>
    (request, response) => {
      if (request.url === '/file') response.writeHead(status, { location }).end('x');
      else give(JPEG)(request, response);
    };

  test.each([301, 302, 303, 307, 308])('HTTP %d is followed within the list', async (status) => {
    const server = await serve(to('/other', status));
    expect(await download(image(server), from(server))).toMatchObject({ type: 'fetched' });
    expect(server.heard.map(({ path }) => path)).toEqual(['/file', '/other']);
  });

  test.each([
    'http://169.254.169.254/latest/meta-data',
    'https://169.254.169.254/latest/meta-data',
    'https://127.0.0.1/x',
    'https://2130706433/x',
    'https://[::1]/x',
    'https://[::ffff:127.0.0.1]/x',
    'https://evil.test/x',
    'https://lookaside.fbsbx.com.evil.test/x',
    'https://lookaside.fbsbx.com@evil.test/x',
    'https://lookaside.fbsbx.com:8443/x',
    'http://lookaside.fbsbx.com/x',
    '//evil.test/x',
    'file:///etc/passwd',
  ])('to %s is not followed', async (location) => {
    const server = await serve(to(location));
    const lookup: LookupFunction = () => {
      throw new Error('nothing is to be looked up');
    };
    expect(await download(image(server), from(server, { lookup }))).toEqual(
      refused("its address is not one of the platform's"),
    );
  });

  test('to a neighbour on this machine is not followed', async () => {
    const neighbour = await serve(give(JPEG));
    const server = await serve(to(neighbour.url));
    expect(await download(image(server), from(server))).toEqual(
      refused("its address is not one of the platform's"),
    );
    expect(neighbour.heard).toEqual([]);
  });

  test('to nowhere is told', async () => {
    const server = await serve(to('https://['));
    expect(await download(image(server), from(server))).toEqual(refused('its address is none'));
  });

  test('three are followed, a fourth is not', async () => {
    const hops = (most: number): RequestListener => {
      let count = 0;
      return (request, response) => {
        if (count === most) {
          give(JPEG)(request, response);
          return;
        }
        count += 1;
        response.writeHead(302, { location: `/${String(count)}` }).end();
      };
    };
    const three = await serve(hops(3));
    expect(await download(image(three), from(three))).toMatchObject({ type: 'fetched' });
    const four = await serve(hops(4));
    expect(await download(image(four), from(four))).toEqual(refused('more than 3 redirections'));
    expect(four.heard).toHaveLength(4);
  });

  test('the token goes to the first host, and no further', async () => {
    const other = await serve(give(JPEG));
    const server = await serve((request, response) => {
      const location = request.url === '/file' ? '/again' : `${other.url}/there`;
      response.writeHead(302, { location }).end();
    });
    const options = from(server, { token: 'T', may: () => true });
    expect(await download(image(server), options)).toMatchObject({ type: 'fetched' });
    expect(server.heard.map(({ authorization }) => authorization)).toEqual(['Bearer T', 'Bearer T']);
    expect(other.heard).toEqual([{ path: '/there', authorization: undefined, agent: 'lotse' }]);
  });
});

describe('names that lead inside', () => {
  const saying =
    (address: string): LookupFunction =>
    (_, __, callback) => {
      callback(null, [{ address, family: address.includes(':') ? 6 : 4 }]);
    };

  test.each(['127.0.0.1', '::ffff:127.0.0.1', '::1', '10.1.2.3', '100.64.1.1', '169.254.169.254', 'fd00::1'])(
    '%s is never called',
    async (address) => {
      const inside = await serve(give(JPEG));
      const url = inside.url.replace('127.0.0.1', 'media.test');
      const options = { hosts: [], graphUrl: 'https://graph.facebook.com', may: () => true };
      expect(await download({ url, sticker: false }, { ...options, lookup: saying(address) })).toEqual(
        refused(INSIDE),
      );
      expect(inside.heard).toEqual([]);
    },
  );

  test('also where the host is on the list', async () => {
    const options = { hosts: ['*.fbcdn.net'], graphUrl: 'https://graph.facebook.com' };
    const url = 'https://scontent.fbcdn.net/x';
    expect(await download({ url, sticker: false }, { ...options, lookup: saying('127.0.0.1') })).toEqual(
      refused(INSIDE),
    );
  });

  test('a name that is not found is told by its code', async () => {
    const options = { hosts: ['*.fbcdn.net'], graphUrl: 'https://graph.facebook.com' };
    const lookup: LookupFunction = (_, __, callback) => {
      callback(Object.assign(new Error('getaddrinfo ENOTFOUND scontent'), { code: 'ENOTFOUND' }), []);
    };
    const url = 'https://scontent.fbcdn.net/x';
    expect(await download({ url, sticker: false }, { ...options, lookup })).toEqual(refused('ENOTFOUND'));
  });
});

const options = {
  version: 'v25.0',
  appSecret: 's',
  verifyToken: 'v',
  mediaFolder: '.',
  log: createLog('silent'),
};
const closing = <T extends Channel>(channel: T): T => {
  stops.push(async () => channel.close?.());
  return channel;
};
const sent: Media = { type: 'image', id: '777' };

describe('what came by WhatsApp', () => {
  const whatsapp = (graphUrl: string): Channel =>
    closing(createWhatsappCloud({ ...options, graphUrl, accounts: new Map([['1', 'WT']]) }));
  const json = (response: ServerResponse, body: unknown, status = 200): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  /** Tells of media as the Graph API does; `told` stands in for parts of that. */
  const graph = async (told: Record<string, unknown> = {}, status = 200): Promise<Server> => {
    const server = await serve((request, response) => {
      const url = `http://${request.headers.host ?? ''}/file/1?hash=x`;
      if (request.url === '/v25.0/777')
        json(response, { url, mime_type: 'image/jpeg', file_size: JPEG.length, id: '777', ...told }, status);
      else give(JPEG)(request, response);
    });
    return server;
  };

  test('is asked for by its id, then fetched with the same token', async () => {
    const server = await graph();
    expect(await whatsapp(server.url).fetch?.('1', sent)).toEqual({
      type: 'fetched',
      mime: 'image/jpeg',
      bytes: JPEG,
    });
    expect(server.heard.map(({ path, authorization }) => [path, authorization])).toEqual([
      ['/v25.0/777', 'Bearer WT'],
      ['/file/1?hash=x', 'Bearer WT'],
    ]);
  });

  test.each<[string, Record<string, unknown>, string | RegExp]>([
    ['too large', { file_size: 6 * MB }, 'it is larger than 5242 kB'],
    ['too large, as a string', { file_size: String(6 * MB) }, 'it is larger than 5242 kB'],
    ['of a type that is not taken', { mime_type: 'text/html' }, 'files of the type text/html are not taken'],
    ['elsewhere', { url: 'https://evil.test/x' }, "its address is not one of the platform's"],
    ['inside', { url: 'http://127.0.0.1:1/x' }, "its address is not one of the platform's"],
    ['nowhere', { url: 'x' }, 'its address is none'],
    ['without an address', { url: undefined }, /has it no longer, or does not give it out \(HTTP 200\)/],
  ])('and is %s is not fetched', async (_, told, reason) => {
    const server = await graph(told);
    expect(await whatsapp(server.url).fetch?.('1', sent)).toEqual(refused(reason));
    expect(server.heard).toHaveLength(1);
  });

  test('a sticker has a limit of its own', async () => {
    const server = await graph({ mime_type: 'image/webp', file_size: 600_000 });
    expect(await whatsapp(server.url).fetch?.('1', { type: 'sticker', id: '777' })).toEqual(
      refused('it is larger than 512 kB'),
    );
  });

  test('and is gone after a week is told in our words', async () => {
    const error = { message: 'Unsupported get request for +49151', code: 100, error_subcode: 33 };
    const server = await graph({ error }, 400);
    expect(await whatsapp(server.url).fetch?.('1', sent)).toEqual(
      refused('the platform has it no longer, or does not give it out (HTTP 400, code 100)'),
    );
  });

  test('without an id that is one, or for another number, nobody is asked', async () => {
    const server = await graph();
    const channel = whatsapp(server.url);
    const told = refused('it has no id to fetch it by');
    for (const id of ['', '../me', 'a/b', '7?x=1', '7#', 'x'.repeat(129)])
      expect(await channel.fetch?.('1', { type: 'image', id })).toEqual(told);
    expect(await channel.fetch?.('1', { type: 'image', url: `${server.url}/file/1` })).toEqual(told);
    expect(await channel.fetch?.('2', sent)).toEqual(refused('the number is not set up'));
    expect(server.heard).toEqual([]);
  });

  test('is told by a code where Meta cannot be reached', async () => {
    const server = await serve((request) => request.socket.destroy());
    expect(await whatsapp(server.url).fetch?.('1', sent)).toEqual(refused(/^UND_ERR_SOCKET$|^ECONNRESET$/));
  });
});

describe('what came by Messenger', () => {
  const messenger = (graphUrl: string): Channel =>
    closing(createMessenger({ ...options, graphUrl, accounts: new Map([['9', 'PT']]) }));

  test('is fetched from where the webhook said, without a token', async () => {
    const server = await serve(give(JPEG));
    const media = { type: 'image', url: `${server.url}/v/t1?oh=1` };
    expect(await messenger(server.url).fetch?.('9', media)).toMatchObject({ type: 'fetched', bytes: JPEG });
    expect(server.heard).toEqual([{ path: '/v/t1?oh=1', authorization: undefined, agent: 'lotse' }]);
  });

  test.each([
    'https://evil.test/x',
    'http://169.254.169.254/',
    'https://fbcdn.net.evil.test/',
    'http://a.fbcdn.net/',
  ])('is not fetched from %s', async (url) => {
    expect(await messenger('https://graph.facebook.com').fetch?.('9', { type: 'image', url })).toEqual(
      refused("its address is not one of the platform's"),
    );
  });

  test('without an address is told', async () => {
    expect(await messenger('https://graph.facebook.com').fetch?.('9', { type: 'sticker', id: '1' })).toEqual(
      refused('it came without an address'),
    );
  });
});

describe('asking the Graph API', () => {
  test('goes below the version, with the token, and tells answers as they are', async () => {
    const server = await serve((_, response) => {
      response.writeHead(404, { 'content-type': 'application/json', 'retry-after': '3' }).end('{"a":1}');
    });
    const client = createGraphClient({ graphUrl: `${server.url}/graph`, version: 'v25.0', token: 'T' });
    try {
      expect(await client.get('/1?fields=a%2Cb')).toEqual({
        type: 'answer',
        status: 404,
        body: { a: 1 },
        retryAfterMs: 3_000,
      });
      expect(server.heard).toMatchObject([
        { path: '/graph/v25.0/1?fields=a%2Cb', authorization: 'Bearer T' },
      ]);
    } finally {
      await client.close();
    }
  });

  test('that fails is told, never thrown', async () => {
    const server = await serve(() => {});
    const options = { graphUrl: server.url, version: 'v25.0', token: 'T' };
    const slow = createGraphClient({ ...options, timeoutMs: 200 });
    const closed = createGraphClient(options);
    await closed.close();
    try {
      expect(await slow.get('/1')).toEqual({ type: 'unclear', reason: 'time-out' });
      expect(await closed.get('/1')).toMatchObject({ type: 'unsent' });
    } finally {
      await slow.close();
    }
  });
});
