import { StoreUnavailable } from './store.ts';

export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

export interface Credentials {
  readonly username?: string;
  readonly password?: string;
}

interface Common {
  /** At least one; exactly one for `single`. */
  readonly nodes: readonly [RedisNode, ...RedisNode[]];
  readonly tls: boolean;
  readonly credentials: Credentials;
}

/** What the setting STORE says about Redis. */
export type RedisAddress =
  | (Common & { readonly kind: 'single'; readonly db: number })
  | (Common & { readonly kind: 'cluster' })
  | (Common & {
      readonly kind: 'sentinel';
      readonly db: number;
      /** What the sentinels call the group of servers. */
      readonly name: string;
      /** For the sentinels themselves; `credentials` are for Redis. */
      readonly sentinelCredentials: Credentials;
    });

const SCHEME = /^(redis|rediss)(-cluster|-sentinel)?:\/\/(.*)$/s;
const PARTS = /^(?:(.*)@)?([^@/]*)(?:\/([^@]*))?$/s;
const HOST = /^(\[[\da-f:.]+\]|[^[\]:\s]+)(?::(\d{1,5}))?$/i;
const PORT_MAX = 65_535;
const DB_MAX = 9_999;
const DEFAULT_PORT = { single: 6379, cluster: null, sentinel: null } as const;
const SENTINEL_SETTINGS = ['sentinelUser', 'sentinelPassword', 'db'];

/**
 * Reads redis://[user:password@]host[:port][/db], redis-cluster://[user:password@]h1:p1,h2:p2 or
 * redis-sentinel://[user:password@]h1:p1,h2:p2/NAME[?sentinelUser=…&sentinelPassword=…&db=…]; rediss instead of redis
 * means TLS. User names and passwords are percent-encoded. Throws StoreUnavailable, which never quotes what it read:
 * part of a password may stand where a host was expected.
 */
export function parseAddress(url: string): RedisAddress {
  const [, scheme, kindName, rest = ''] = SCHEME.exec(url) ?? [];
  if (scheme === undefined)
    throw new StoreUnavailable(
      'STORE must begin with redis://, rediss://, redis-cluster://, rediss-cluster://, redis-sentinel:// or rediss-sentinel://',
    );
  const kind =
    kindName === '-cluster' ? 'cluster' : kindName === '-sentinel' ? 'sentinel' : ('single' as const);
  const [head = '', ...queries] = rest.split('?');
  const [, userinfo = '', hosts = '', path = ''] = PARTS.exec(head) ?? [];
  const common = {
    nodes: readNodes(hosts, kind),
    tls: scheme === 'rediss',
    credentials: readCredentials(userinfo),
  };
  const query = readQuery(queries.join('?'), kind === 'sentinel' ? SENTINEL_SETTINGS : []);
  switch (kind) {
    case 'single':
      return { ...common, kind, db: readDb(path) };
    case 'cluster':
      if (path !== '')
        throw new StoreUnavailable('STORE: a cluster has no database number; end after the hosts');
      return { ...common, kind };
    case 'sentinel': {
      const name = decode(path);
      if (name === '')
        throw new StoreUnavailable(
          'STORE: put the name of the master group behind the sentinels, as in …:26379/mymaster',
        );
      const sentinelCredentials = given(query.get('sentinelUser') ?? '', query.get('sentinelPassword') ?? '');
      return { ...common, kind, name, sentinelCredentials, db: readDb(query.get('db') ?? '') };
    }
  }
}

/** For logs: scheme and hosts, nothing secret. */
export function describeAddress(address: RedisAddress): string {
  const scheme = `redis${address.tls ? 's' : ''}${address.kind === 'single' ? '' : `-${address.kind}`}`;
  const hosts = address.nodes.map(
    ({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${String(port)}`,
  );
  return `${scheme}://${hosts.join(',')}${address.kind === 'sentinel' ? `/${address.name}` : ''}`;
}

function readNodes(hosts: string, kind: RedisAddress['kind']): readonly [RedisNode, ...RedisNode[]] {
  const [first, ...others] = hosts.split(',').map((text, at) => readNode(text.trim(), at, kind));
  if (first === undefined || (kind === 'single' && others.length > 0))
    throw new StoreUnavailable(
      'STORE: redis:// takes one host; use redis-cluster:// or redis-sentinel:// for several',
    );
  return [first, ...others];
}

function readNode(text: string, at: number, kind: RedisAddress['kind']): RedisNode {
  const [, name, digits] = HOST.exec(text) ?? [];
  const port = digits === undefined ? DEFAULT_PORT[kind] : Number(digits);
  if (name === undefined || port === null || port < 1 || port > PORT_MAX)
    throw new StoreUnavailable(
      `STORE: address ${String(at + 1)} must look like host:port, with a port from 1 to ${String(PORT_MAX)}; in user names and passwords write @ / ? # : as %40 %2F %3F %23 %3A`,
    );
  return { host: name.replace(/^\[|\]$/g, ''), port };
}

function readCredentials(userinfo: string): Credentials {
  const [username = '', ...password] = userinfo.split(':');
  return given(decode(username), decode(password.join(':')));
}

const given = (username: string, password: string): Credentials => ({
  ...(username === '' ? {} : { username }),
  ...(password === '' ? {} : { password }),
});

function readQuery(query: string, known: readonly string[]): URLSearchParams {
  const read = new URLSearchParams(query);
  if ([...read.keys()].some((key) => !known.includes(key)))
    throw new StoreUnavailable(
      known.length === 0
        ? 'STORE: nothing may follow a question mark here; in passwords write ? as %3F'
        : `STORE: only ${known.join(', ')} may follow the question mark`,
    );
  return read;
}

function readDb(text: string): number {
  if (!/^\d{0,4}$/.test(text))
    throw new StoreUnavailable(`STORE: the database must be a number from 0 to ${String(DB_MAX)}`);
  return Number(text);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new StoreUnavailable('STORE: a percent sign must be written as %25');
  }
}
