import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readEmail } from '../../src/understanding/email.ts';
import { groupPhone, readPhone } from '../../src/understanding/phone.ts';

describe('a phone number', () => {
  test.each([
    ['+49 (911) 94-30', '+499119430'],
    ['0049/911.9430', '+499119430'],
    ['+49 (0) 821 324-0', '+498213240'],
    ['0821 / 324 0', '+498213240'],
    ['\u202a+49 911 9430\u202c', '+499119430'],
    ['٠١٥١٢٣٤٥٦٧٨٩', '+4915123456789'],
    ['۰۱۷۶ ۱۲۳۴۵۶۷۸', '+4917612345678'],
    ['mein Handy: 0176/12345678', '+4917612345678'],
    ['176 12345678', '+4917612345678'],
    ['4915112345678', '+4915112345678'],
    ['tel:+49-911-9430', '+499119430'],
    ['+380 67 123 45 67', '+380671234567'],
    ['00963 944 123456', '+963944123456'],
  ])('%s', (text, value) => {
    expect(readPhone(text)).toEqual({ ok: true, value });
  });

  test.each([
    ['1234', 'short'],
    ['110', 'short'],
    ['0821', 'short'],
    ['+49 911', 'short'],
    ['1'.repeat(16), 'long'],
    ['+49 176 1234567890123', 'long'],
    ['call me', 'none'],
    ['', 'none'],
    ['0821 3240 oder 0911 9430', 'none'],
    ['+999 123456789', 'none'],
    ['12345678', 'none'],
  ])('%s is refused: %s', (text, why) => {
    expect(readPhone(text)).toEqual({ ok: false, why });
  });

  test('is grouped for reading, at home without the country', () => {
    expect(groupPhone('+4917612345678')).toBe('+49 176 12345678');
    expect(groupPhone('+4917612345678', 'national')).toBe('0176 12345678');
    expect(groupPhone('+380671234567', 'national')).toBe('+380 67 123 4567');
    expect(groupPhone('x')).toBe('x');
  });
});

describe('an e-mail address', () => {
  test.each([
    ['name@example.org', 'name@example.org'],
    ['Mailto:Name.Surname+x@sub.example.org', 'Name.Surname+x@sub.example.org'],
    ['name@example.org.', 'name@example.org'],
    ['name @ example.org', 'name@example.org'],
    ['<name@example.org>,', 'name@example.org'],
    ['my mail is name@example.org thanks', 'name@example.org'],
    ['name[at]example.org', 'name@example.org'],
    ['имя@пример.укр', 'имя@пример.укр'],
    ['name١@example.org', 'name1@example.org'],
  ])('%s', (text, address) => {
    expect(readEmail(text)).toBe(address);
  });

  test.each([
    'name',
    'name@example',
    '@example.org',
    'a@b@example.org',
    'a@example.org b@example.org',
    'a..b@example.org',
    '.@example.org',
    '',
  ])('is not %s', (text) => {
    expect(readEmail(text)).toBeNull();
  });
});

test('phone numbers and addresses read from any text read as themselves', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[+()\d/ .@a-z-]{0,40}$/)),
      (text) => {
        const phone = readPhone(text);
        if (phone.ok) expect(readPhone(phone.value)).toEqual(phone);
        const address = readEmail(text);
        if (address !== null) expect(readEmail(address)).toBe(address);
      },
    ),
    { numRuns: 2000 },
  );
});
