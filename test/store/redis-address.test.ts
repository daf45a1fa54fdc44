import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { describeAddress, parseAddress } from '../../src/store/redis-address.ts';
import { StoreUnavailable } from '../../src/store/store.ts';

const node = (host: string, port: number): { host: string; port: number } => ({ host, port });

describe('the address of Redis', () => {
  test.each([
    [
      'redis://localhost',
      { kind: 'single', nodes: [node('localhost', 6379)], tls: false, credentials: {}, db: 0 },
    ],
    ['redis://localhost/', { nodes: [node('localhost', 6379)], db: 0 }],
    ['redis://10.0.0.1:6380/3', { nodes: [node('10.0.0.1', 6380)], db: 3 }],
    ['redis://[::1]:6380', { nodes: [node('::1', 6380)] }],
    ['redis://:secret@localhost', { credentials: { password: 'secret' } }],
    ['redis://user:p:a%40b%2Fc@localhost', { credentials: { username: 'user', password: 'p:a@b/c' } }],
    [
      'redis://user:p@ss/w@localhost:1',
      { nodes: [node('localhost', 1)], credentials: { password: 'p@ss/w' } },
    ],
    ['rediss://user:x@redis.example', { kind: 'single', tls: true }],
    [
      'redis-cluster://user:x@one:1, two:2,[fd00::1]:3',
      {
        kind: 'cluster',
        nodes: [node('one', 1), node('two', 2), node('fd00::1', 3)],
        tls: false,
        credentials: { username: 'user', password: 'x' },
      },
    ],
    ['rediss-cluster://one:1/', { kind: 'cluster', tls: true, nodes: [node('one', 1)] }],
    [
      'redis-sentinel://user:x@one:26379,two:26380/my%20master?sentinelUser=s&sentinelPassword=p%26q&db=2',
      {
        kind: 'sentinel',
        nodes: [node('one', 26379), node('two', 26380)],
        name: 'my master',
        db: 2,
        credentials: { username: 'user', password: 'x' },
        sentinelCredentials: { username: 's', password: 'p&q' },
      },
    ],
    ['rediss-sentinel://one:1/m', { kind: 'sentinel', tls: true, name: 'm', db: 0, sentinelCredentials: {} }],
  ])('%s is understood', (url, address) => {
    expect(parseAddress(url)).toMatchObject(address);
  });

  test.each([
    ['mysql://x', 'must begin with redis://'],
    ['redis://', 'address 1 must look like host:port'],
    ['redis://host:0', 'a port from 1 to 65535'],
    ['redis://host:65536', 'a port from 1 to 65535'],
    ['redis://one:1,two:2', 'takes one host'],
    ['redis://host/db', 'the database must be a number from 0 to 9999'],
    ['redis://host?family=6', 'nothing may follow a question mark'],
    ['redis://user:100%@host', 'a percent sign must be written as %25'],
    ['redis-cluster://one:1,two', 'address 2 must look like host:port'],
    ['redis-cluster://one:1/2', 'a cluster has no database number'],
    ['redis-sentinel://one:1', 'put the name of the master group'],
    ['redis-sentinel://one:1/m?password=x', 'only sentinelUser, sentinelPassword, db may follow'],
  ])('%s is refused in words', (url, problem) => {
    expect(() => parseAddress(url)).toThrow(StoreUnavailable);
    expect(() => parseAddress(url)).toThrow(problem);
  });

  test('whatever is written, nothing but that is thrown, and no part of a password is shown', () => {
    const scheme = fc.constantFrom('redis', 'rediss', 'redis-cluster', 'rediss-sentinel', 'http', '');
    const noise = fc.string({ unit: fc.constantFrom(...Array.from('@:/?#,%&=[]ab1. ')), maxLength: 6 });
    const parts = fc.tuple(scheme, fc.constantFrom('://', ':', '//'), noise, noise, noise, noise, noise);
    fc.assert(
      fc.property(parts, ([name, colon, ...noises]) => {
        const url = `${name}${colon}${noises.join('hunter2')}`;
        try {
          const address = parseAddress(url);
          // What is taken for a host or a name is no secret any more; a password is never taken for one.
          const { username, password } = address.credentials;
          if (username === undefined && password === undefined) return;
          const withAnother = { ...address, credentials: { password: 'another' } };
          expect(describeAddress(address)).toBe(describeAddress(withAnother));
        } catch (error) {
          if (!(error instanceof StoreUnavailable)) throw error;
          expect(error.message).not.toContain('hunter2');
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('credentials come back whatever they hold, and are not described', () => {
    const secret = fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' });
    fc.assert(
      fc.property(secret, secret, (username, password) => {
        const userinfo = `${encodeURIComponent(username)}:${encodeURIComponent(password)}`;
        for (const [before, after] of [
          ['redis://', 'host:1'],
          ['rediss-cluster://', 'host:1,other:2'],
          ['redis-sentinel://', 'host:1/name'],
        ] as const) {
          const address = parseAddress(`${before}${userinfo}@${after}`);
          expect(address.credentials).toEqual({ username, password });
          expect(describeAddress(address)).toBe(before + after);
        }
      }),
    );
  });
});
