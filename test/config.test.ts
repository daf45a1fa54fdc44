import { describe, expect, test } from '@jest/globals';
import { readConfig } from '../src/config.ts';

const problems = (environment: Record<string, string>): readonly string[] => {
  const read = readConfig(environment);
  return read.ok ? [] : read.problems;
};
const SECRET = 'x'.repeat(32);
const META = { META_APP_SECRET: 'a', META_VERIFY_TOKEN: 'b' };
const WHATSAPP = { ...META, WHATSAPP_TOKEN: 'c', WHATSAPP_PHONE_NUMBER_ID: '1' };

describe('settings', () => {
  test('need nothing at all to begin with', () => {
    expect(readConfig({})).toEqual({
      ok: true,
      config: {
        HOST: '127.0.0.1',
        PORT: 3000,
        STORE: 'embedded:./data',
        STORE_REPLICAS: 0,
        STORE_FSYNC: 'off',
        FLOWS: './flows',
        LOCALES: './locales',
        START_FLOW: 'start',
        GRAPH_URL: 'https://graph.facebook.com',
        GRAPH_VERSION: 'v25.0',
        WEBCHAT: 'local',
        WHATSAPP_MESSAGES_PER_SECOND: 80,
        WHATSAPP_WEB: 'off',
        LOG_LEVEL: 'info',
      },
    });
  });

  test('that are empty count as unset, and those of other programs are left alone', () => {
    expect(readConfig({ PORT: '', STORE: '', WHATSAPP_TOKEN: '', PATH: '/bin', HOME: '/' })).toEqual(
      readConfig({}),
    );
  });

  test.each([
    [{ PORT: '0' }, { PORT: 0 }],
    [{ PORT: '65535' }, { PORT: 65_535 }],
    [{ STORE: 'embedded:/var/lib/lotse' }, { STORE: 'embedded:/var/lib/lotse' }],
    [{ STORE: 'redis://localhost:6379/1', LOTSE_SECRET: SECRET }, { STORE: 'redis://localhost:6379/1' }],
    [{ STORE: 'rediss://u:p@redis.example', LOTSE_SECRET: SECRET }, { LOTSE_SECRET: SECRET }],
    [{ STORE: 'redis-cluster://a:1,b:2', LOTSE_SECRET: SECRET }, { STORE: 'redis-cluster://a:1,b:2' }],
    [
      { STORE: 'rediss-sentinel://u:p@a:1,b:2/name', LOTSE_SECRET: SECRET },
      { STORE: 'rediss-sentinel://u:p@a:1,b:2/name' },
    ],
    [{ STORE_REPLICAS: '2' }, { STORE_REPLICAS: 2 }],
    [{ STORE_FSYNC: 'on' }, { STORE_FSYNC: 'on' }],
    [{ STORE_CA: './ca.pem' }, { STORE_CA: './ca.pem' }],
    [{ GRAPH_URL: 'http://127.0.0.1:4000' }, { GRAPH_URL: 'http://127.0.0.1:4000' }],
    [WHATSAPP, WHATSAPP],
    [{ ...META, MESSENGER_PAGE_TOKEN: 'c', MESSENGER_PAGE_ID: '1' }, { MESSENGER_PAGE_ID: '1' }],
    [{ WEBCHAT: 'off' }, { WEBCHAT: 'off' }],
    [META, META],
  ])('are read: %j', (environment, config) => {
    expect(readConfig({ ...environment })).toMatchObject({ ok: true, config });
  });

  test.each([
    [{ PORT: '65536' }, 'PORT must be a whole number from 0 to 65535'],
    [{ PORT: '-1' }, 'PORT must be a whole number from 0 to 65535'],
    [{ PORT: '3000.5' }, 'PORT must be a whole number from 0 to 65535'],
    [{ PORT: '0x50' }, 'PORT must be a whole number from 0 to 65535'],
    [{ PORT: ' ' }, 'PORT must be a whole number from 0 to 65535'],
    [{ PORT: 'http' }, 'PORT must be a whole number from 0 to 65535'],
    [{ HOST: ' ' }, 'HOST must not be empty'],
    [
      { STORE: 'mysql://x' },
      'STORE must be embedded:FOLDER, redis://…, redis-cluster://h1:p1,h2:p2 or redis-sentinel://h1:p1,h2:p2/NAME (rediss… for TLS)',
    ],
    [
      { STORE: 'embedded:' },
      'STORE must be embedded:FOLDER, redis://…, redis-cluster://h1:p1,h2:p2 or redis-sentinel://h1:p1,h2:p2/NAME (rediss… for TLS)',
    ],
    [
      { LOTSE_SECRET: 'short' },
      'LOTSE_SECRET must have at least 32 characters; make one with: openssl rand -hex 32',
    ],
    [
      { STORE: 'redis://x' },
      'LOTSE_SECRET missing: with redis it cannot be generated; it must have at least 32 characters; make one with: openssl rand -hex 32',
    ],
    [
      { STORE: 'redis-sentinel://x:1/y' },
      'LOTSE_SECRET missing: with redis-sentinel it cannot be generated; it must have at least 32 characters; make one with: openssl rand -hex 32',
    ],
    [{ STORE_FSYNC: 'yes' }, 'STORE_FSYNC must be on or off'],
    [{ STORE_REPLICAS: '6' }, 'STORE_REPLICAS must be a whole number from 0 to 5'],
    [{ STORE_REPLICAS: '-1' }, 'STORE_REPLICAS must be a whole number from 0 to 5'],
    [{ GRAPH_URL: 'graph' }, 'GRAPH_URL must be a web address that begins with https:// or http://'],
    [
      { GRAPH_URL: 'file:///etc/passwd' },
      'GRAPH_URL must be a web address that begins with https:// or http://',
    ],
    [{ GRAPH_VERSION: '25' }, 'GRAPH_VERSION must look like v25.0'],
    [{ WEBCHAT: 'yes' }, 'WEBCHAT must be local, on or off'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be a pino level such as info'],
    [
      { WHATSAPP_TOKEN: 'c' },
      'WHATSAPP_PHONE_NUMBER_ID, META_APP_SECRET, META_VERIFY_TOKEN missing: WhatsApp needs WHATSAPP_TOKEN, WHATSAPP_PHONE_NUMBER_ID, META_APP_SECRET, META_VERIFY_TOKEN together',
    ],
    [
      { ...META, MESSENGER_PAGE_ID: '1' },
      'MESSENGER_PAGE_TOKEN missing: Messenger needs MESSENGER_PAGE_TOKEN, MESSENGER_PAGE_ID, META_APP_SECRET, META_VERIFY_TOKEN together',
    ],
  ])('that are bad are named in words: %j', (environment, problem) => {
    expect(problems({ ...environment })).toEqual([problem]);
  });

  test('that are bad are all named at once', () => {
    const named = problems({
      PORT: 'x',
      STORE: 'redis://x',
      GRAPH_URL: 'x',
      WEBCHAT: 'x',
      WHATSAPP_TOKEN: 'x',
      MESSENGER_PAGE_ID: 'x',
    });
    expect(named.map((problem) => problem.split(' ')[0])).toEqual([
      'PORT',
      'GRAPH_URL',
      'WEBCHAT',
      'WHATSAPP_PHONE_NUMBER_ID,',
      'MESSENGER_PAGE_TOKEN,',
      'LOTSE_SECRET',
    ]);
  });

  test('never show a secret when they are bad', () => {
    const environment = {
      STORE: 'redis:user:hunter2@host',
      LOTSE_SECRET: 'hunter2',
      WHATSAPP_TOKEN: 'hunter2',
      GRAPH_URL: 'user:hunter2@x',
      PORT: 'hunter2',
    };
    expect(problems(environment).length).toBeGreaterThan(3);
    expect(problems(environment).join('\n')).not.toContain('hunter2');
  });
});
