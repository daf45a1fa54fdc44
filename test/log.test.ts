import { describe, expect, test } from '@jest/globals';
import { createLog } from '../src/log.ts';

const WORDS = 'I-want-nobody-to-read-this';

function logged(write: (log: ReturnType<typeof createLog>) => void, level = 'trace'): string {
  const lines: string[] = [];
  write(createLog(level, { write: (line) => void lines.push(line) }));
  return lines.join('');
}

const SECRETS = [
  'text',
  'phone',
  'from',
  'user',
  'address',
  'payload',
  'token',
  'authorization',
  'body',
  'Authorization',
];

describe('what people say and who they are, and keys, never stand in a log line', () => {
  test.each(SECRETS)('not as «%s», at any depth, in lists and in errors', (name) => {
    const secret = { [name]: WORDS };
    const output = logged((log) => {
      log.info(secret, 'top');
      log.info({ event: secret }, 'one');
      log.info({ event: { message: secret } }, 'two');
      log.info({ a: { b: { c: { d: { e: secret } } } } }, 'deep');
      log.info({ entry: [{ changes: [{ value: secret }] }] }, 'lists');
      log.info({ [name]: { inner: WORDS } }, 'all below');
      log.error({ err: Object.assign(new Error('failed'), secret) }, 'error');
      log.error({ err: Object.assign(new Error('failed'), { request: { headers: secret } }) }, 'error');
      log.error(Object.assign(new Error('failed'), secret), 'bare error');
    });
    expect(output.trim().split('\n')).toHaveLength(9);
    expect(output).toContain('[Redacted]');
    expect(output).not.toContain(WORDS);
  });

  test('not in the message of a JSON error, which quotes what it could not read', () => {
    for (const text of [
      WORDS,
      `{"a": ${WORDS} and much more text behind it that is cut`,
      `{"a": 1} ${WORDS}`,
    ]) {
      const output = logged((log) => {
        try {
          JSON.parse(text);
        } catch (error) {
          log.error({ err: error }, 'unreadable');
        }
      });
      expect(output).toContain('SyntaxError');
      expect(output).not.toContain('nobody');
    }
  });

  test('not below the depth that is logged, and a circle does no harm', () => {
    const circle: Record<string, unknown> = { count: 1 };
    circle['again'] = circle;
    expect(
      logged((log) => {
        log.info({ circle }, 'round');
      }),
    ).toContain('"count":1');
  });
});

test('events are logged with their labels and time, without process or host', () => {
  const line: unknown = JSON.parse(
    logged((log) => {
      log.info({ count: 'crisis', flow: 'emergency', list: [1, null, 'a'] }, 'count');
    }),
  );
  expect(line).toEqual({
    level: 30,
    time: expect.any(Number),
    count: 'crisis',
    flow: 'emergency',
    list: [1, null, 'a'],
    msg: 'count',
  });
});

test('an error keeps its type, message and stack', () => {
  const output = logged((log) => {
    log.error({ err: new TypeError('bad thing') }, 'failed');
  });
  expect(JSON.parse(output)).toMatchObject({
    err: { type: 'TypeError', message: 'bad thing', stack: expect.stringContaining('log.test') },
  });
});

test('below its level nothing is written', () => {
  expect(
    logged((log) => {
      log.info('x');
    }, 'warn'),
  ).toBe('');
});
