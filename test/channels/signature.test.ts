import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createSignatureCheck, sameSecret } from '../../src/channels/graph/signature.ts';

const hmac = (secret: string, body: Uint8Array): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
const bytes = fc.uint8Array({ minLength: 0, maxLength: 300 }).map((array) => Buffer.from(array));
const secrets = fc.string({ minLength: 1, maxLength: 64 });

test('the signature of RFC 4231, case 2, is accepted', () => {
  const header = 'sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
  expect(createSignatureCheck('Jefe')(Buffer.from('what do ya want for nothing?'), header)).toBe(true);
});

test('any bytes signed with the secret are accepted', () => {
  fc.assert(
    fc.property(secrets, bytes, (secret, body) => createSignatureCheck(secret)(body, hmac(secret, body))),
  );
});

test('a changed byte, in the body or in the header, is refused', () => {
  fc.assert(
    fc.property(
      secrets,
      bytes.filter(({ length }) => length > 0),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (secret, body, place, change) => {
        const check = createSignatureCheck(secret);
        const header = hmac(secret, body);
        const other = Buffer.from(body);
        const at = place % other.length;
        other[at] = (other[at] ?? 0) ^ change;
        const digit = 7 + (place % 64);
        const swapped = header[digit] === '0' ? '1' : '0';
        return (
          !check(other, header) &&
          !check(body, header.slice(0, digit) + swapped + header.slice(digit + 1)) &&
          !check(body, hmac(`${secret}x`, body))
        );
      },
    ),
  );
});

test('a header that is missing, short, long or garbage is refused', () => {
  const body = Buffer.from('{}');
  const check = createSignatureCheck('secret');
  const good = hmac('secret', body);
  const bad = [
    undefined,
    null,
    '',
    'sha256=',
    good.slice(0, -1),
    `${good}0`,
    good.slice('sha256='.length),
    good.replace('sha256', 'sha1'),
    good.toUpperCase(),
    ` ${good}`,
    `${good}\n`,
    [good],
    `${good}, ${good}`,
  ];
  expect(bad.map((header) => check(body, header))).toEqual(bad.map(() => false));
  fc.assert(fc.property(fc.anything(), (header) => !check(body, header)));
});

test('bytes that are no UTF-8 are compared as bytes', () => {
  const check = createSignatureCheck('secret');
  expect(check(Buffer.from([0xff]), hmac('secret', Buffer.from([0xff])))).toBe(true);
  expect(check(Buffer.from([0xfe]), hmac('secret', Buffer.from([0xff])))).toBe(false);
});

test('secrets are the same only if every character is', () => {
  expect(sameSecret('token', 'token')).toBe(true);
  expect(
    ['toke', 'token ', '', 'TOKEN', undefined, ['token']].map((given) => sameSecret(given, 'token')),
  ).toEqual(Array.from({ length: 6 }, () => false));
});
