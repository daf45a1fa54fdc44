import { lookup as dnsLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

export interface HostRules {
  /** `cdn.example`, or `*.cdn.example` for everything below it. */
  readonly hosts: readonly string[];
  /** GRAPH_URL: its own host is the operator's word, and may be a stand-in without TLS. */
  readonly graphUrl: string;
}

/** What `guarded` calls back with; our own words, to be shown. */
export const INSIDE = 'its host has an address inside a network';

/** Whether `url` is GRAPH_URL's own server. */
export function isOwn(url: URL, graphUrl: string): boolean {
  return url.origin === new URL(graphUrl).origin && url.username === '' && url.password === '';
}

/**
 * Whether something that a webhook named may be asked for: by TLS, on the usual port, on a host of the list.
 * Without this a forged or careless address would make the server call whatever stands beside it.
 */
export function mayAsk(url: URL, { hosts, graphUrl }: HostRules): boolean {
  if (isOwn(url, graphUrl)) return true;
  const { protocol, username, password, port, hostname } = url;
  if (protocol !== 'https:' || username !== '' || password !== '' || port !== '') return false;
  // Two dots in a row name nothing.
  if (hostname.split('.').includes('')) return false;
  return hosts.some((rule) => (rule.startsWith('*.') ? hostname.endsWith(rule.slice(1)) : hostname === rule));
}

/** Whether an IP address is one of the public Internet: not private, local, shared, mapped or tunnelled. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  // Nothing else of IPv6 is given out; `::127.0.0.1` and its like lie outside.
  return parsed.kind() === 'ipv4' || parsed.match(ipaddr.parseCIDR('2000::/3'));
}

/**
 * The same look-up, which fails where any address is not public. For the hook that connecting uses, so that the
 * address that was checked is the one that is called, whatever the name server says next.
 */
export function guarded(lookup: LookupFunction = dnsLookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, answer) => {
      if (error) {
        callback(error, []);
        return;
      }
      const found = typeof answer === 'string' ? [{ address: answer, family: isIP(answer) }] : answer;
      const [first] = found;
      if (!first || !found.every(({ address }) => isPublic(address))) callback(new Error(INSIDE), []);
      else if (options.all === true) callback(null, found);
      else callback(null, first.address, first.family);
    });
  };
}
