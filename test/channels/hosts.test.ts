import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { guarded, INSIDE, isPublic, mayAsk } from '../../src/channels/graph/hosts.ts';

const hosts = ['lookaside.fbsbx.com', '*.fbcdn.net'];
const graphUrl = 'https://graph.facebook.com';
const may = (url: string, own = graphUrl): boolean =>
  URL.canParse(url) && mayAsk(new URL(url), { hosts, graphUrl: own });

describe('what a webhook names is asked for', () => {
  test.each([
    'https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1&hash=x',
    'https://LOOKASIDE.fbsbx.com/x',
    'https://lookaside.fbsbx.com:443/x',
    'https://scontent.xx.fbcdn.net/v/t1?oh=1',
    'https://graph.facebook.com/v25.0/1',
  ])('at %s', (url) => {
    expect(may(url)).toBe(true);
  });

  test.each([
    'http://lookaside.fbsbx.com/x',
    'https://lookaside.fbsbx.com:8443/x',
    'https://lookaside.fbsbx.com:80/x',
    'https://lookaside.fbsbx.com./x',
    'https://lookaside.fbsbx.com.evil.test/x',
    'https://evil.lookaside.fbsbx.com/x',
    'https://fbsbx.com/x',
    'https://fbcdn.net/x',
    'https://evilfbcdn.net/x',
    'https://fbcdn.net.evil.test/x',
    'https://.fbcdn.net/x',
    'https://evil.test/lookaside.fbsbx.com',
    'https://evil.test/?lookaside.fbsbx.com',
    'https://evil.test#.fbcdn.net',
    'https://evil.test\\.fbcdn.net/x',
    'https://lookaside.fbsbx.com@evil.test/x',
    'https://lookaside.fbsbx.com:x@evil.test/x',
    'https://user@lookaside.fbsbx.com/x',
    'https://user:word@lookaside.fbsbx.com/x',
    'https://user@graph.facebook.com/x',
    'http://graph.facebook.com/x',
    'https://graph.facebook.com:8443/x',
    'https://lооkaside.fbsbx.com/x',
    'https://127.0.0.1/x',
    'https://2130706433/x',
    'https://0x7f000001/x',
    'https://0177.0.0.1/x',
    'https://127.1/x',
    'https://[::1]/x',
    'https://[::ffff:127.0.0.1]/x',
    'https://[fe80::1]/x',
    'https://169.254.169.254/latest/meta-data',
    'https://localhost/x',
    'ftp://lookaside.fbsbx.com/x',
    'file:///etc/passwd',
    'data:image/png;base64,AA==',
    'javascript:alert(1)',
    '//lookaside.fbsbx.com/x',
    'lookaside.fbsbx.com',
    '',
  ])('never at %s', (url) => {
    expect(may(url)).toBe(false);
  });

  test('at GRAPH_URL itself, also where it is a stand-in without TLS', () => {
    const own = 'http://127.0.0.1:4000/graph';
    expect(may('http://127.0.0.1:4000/file/1', own)).toBe(true);
    expect(may('http://user@127.0.0.1:4000/file/1', own)).toBe(false);
    expect(may('http://127.0.0.1:4001/file/1', own)).toBe(false);
    expect(may('http://lookaside.fbsbx.com/x', own)).toBe(false);
  });

  test('whatever is put together: only by TLS, at hosts that end as listed', () => {
    const piece = fc.constantFrom(
      'lookaside.fbsbx.com',
      'scontent.fbcdn.net',
      'fbcdn.net',
      'evil.test',
      '127.0.0.1',
      '[::1]',
      '.',
      '@',
      ':',
      '#',
      '?',
      '/',
      '\\',
      '%2e',
      '%40',
      '\t',
      '8443',
      'a',
      '。',
    );
    const address = fc
      .tuple(fc.constantFrom('https://', 'http://', 'HTTPS:', 'https:\\\\', '//'), fc.array(piece))
      .map(([scheme, pieces]) => scheme + pieces.join(''));
    fc.assert(
      fc.property(address, (url) => {
        if (!may(url)) return;
        const { protocol, host, username, password } = new URL(url);
        expect([protocol, username, password]).toEqual(['https:', '', '']);
        const labels = host.split('.').reverse();
        const listed =
          host === 'lookaside.fbsbx.com' ||
          (labels[0] === 'net' && labels[1] === 'fbcdn' && labels.length > 2 && !labels.includes(''));
        expect(listed).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('addresses', () => {
  test.each(['157.240.20.19', '8.8.8.8', '2a03:2880:f11c:8083:face:b00c:0:25de', '::ffff:8.8.8.8'])(
    '%s is public',
    (address) => {
      expect(isPublic(address)).toBe(true);
    },
  );

  test.each([
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.1',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::7f00:1',
    '::a00:1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::127.0.0.1',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    'localhost',
    '',
  ])('%s is not', (address) => {
    expect(isPublic(address)).toBe(false);
  });
});

describe('looking up names', () => {
  type Answer = LookupAddress[] | string | Error;
  const lookup =
    (...answers: Answer[]): LookupFunction =>
    (_, __, callback) => {
      const answer = answers.shift() ?? new Error('asked too often');
      if (answer instanceof Error) callback(answer, []);
      else callback(null, answer);
    };
  const ask = (look: LookupFunction, all: boolean): Promise<unknown> =>
    new Promise((resolve) => {
      look('media.test', { all }, (error, address, family) => {
        resolve(error ? error.message : { address, family });
      });
    });
  const one = (address: string): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 });
  const good = [one('157.240.20.19'), one('2a03:2880::1')];

  test('public addresses are given on, in the shape that was asked for', async () => {
    expect(await ask(guarded(lookup(good)), true)).toEqual({ address: good, family: undefined });
    expect(await ask(guarded(lookup(good)), false)).toEqual({ address: '157.240.20.19', family: 4 });
    expect(await ask(guarded(lookup('2a03:2880::1')), false)).toEqual({ address: '2a03:2880::1', family: 6 });
  });

  test.each([
    ['one that is not', [one('10.0.0.1')]],
    ['one of several', [...good, one('::ffff:127.0.0.1')]],
    ['a single one', '169.254.169.254'],
    ['none at all', []],
  ])('refused: %s', async (_, answer) => {
    expect(await ask(guarded(lookup(answer)), true)).toBe(INSIDE);
    expect(await ask(guarded(lookup(answer)), false)).toBe(INSIDE);
  });

  test('a name that changes its address is refused as soon as it does', async () => {
    const rebinding = guarded(lookup(good, [one('127.0.0.1')]));
    expect(await ask(rebinding, true)).toMatchObject({ address: good });
    expect(await ask(rebinding, true)).toBe(INSIDE);
  });

  test('a failure stays one', async () => {
    expect(await ask(guarded(lookup(new Error('ENOTFOUND'))), true)).toBe('ENOTFOUND');
  });
});
