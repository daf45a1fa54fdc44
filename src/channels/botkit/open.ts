import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Log } from '../../log.ts';
import type { Channel } from '../channel.ts';
import { isConnection, readBridge, type Bridge } from './bridge.ts';
import { createBotkit } from './channel.ts';
import { smsBridge } from './sms.ts';
import { webBridge } from './web.ts';

const SHIPPED: ReadonlyMap<string, Bridge> = new Map(
  [smsBridge, webBridge].map((bridge) => [bridge.name, bridge]),
);

export interface BridgesOptions {
  /** The setting BOTKIT: names of shipped bridges and paths of own files, with commas between them. */
  readonly wanted: string;
  /** An environment variable by name; undefined where it is not set or empty. */
  readonly setting: (name: string) => string | undefined;
  readonly log: Log;
}

export type OpenedBridges =
  | { readonly ok: true; readonly channels: readonly Channel[] }
  | { readonly ok: false; readonly problems: readonly string[] };

type Opened<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly string[] };

/** Opens every bridge that is wanted; if one cannot be opened, none is, and everything wrong is named. */
export async function openBridges({ wanted, setting, log }: BridgesOptions): Promise<OpenedBridges> {
  const names = [...new Set(wanted.split(',').map((name) => name.trim()))].filter((name) => name !== '');
  if (names.length === 0) return failed(`BOTKIT names no bridge; set it to ${known()}`);
  const found = await Promise.all(names.map(findBridge));
  const problems = found.flatMap((one) => (one.ok ? [] : one.problems));
  const bridges = found.flatMap((one) => (one.ok ? [one.value] : []));
  for (const [index, { name }] of bridges.entries())
    if (bridges.findIndex((other) => other.name === name) < index)
      problems.push(`BOTKIT: two bridges are called ${name}`);
  const settled = bridges.map((bridge) => settingsOf(bridge, setting));
  problems.push(...settled.flatMap((one) => (one.ok ? [] : one.problems)));
  if (problems.length > 0) return { ok: false, problems };

  const opened: Opened<Channel>[] = [];
  for (const [index, bridge] of bridges.entries()) {
    const given = settled[index];
    if (given?.ok === true) opened.push(await openBridge(bridge, given.value, log));
  }
  const channels = opened.flatMap((one) => (one.ok ? [one.value] : []));
  const wrong = opened.flatMap((one) => (one.ok ? [] : one.problems));
  if (wrong.length === 0) return { ok: true, channels };
  await Promise.all(channels.map(async (channel) => channel.close?.()));
  return { ok: false, problems: wrong };
}

function known(): string {
  return `${[...SHIPPED.keys()].join(', ')} or the path of a file such as ./my-bridge.mjs`;
}

async function findBridge(name: string): Promise<Opened<Bridge>> {
  const shipped = SHIPPED.get(name);
  if (shipped) return { ok: true, value: shipped };
  if (!/[/\\]|\.m?js$/u.test(name))
    return failed(`BOTKIT: there is no bridge called ${name}; set it to ${known()}`);
  let exported: unknown;
  try {
    exported = await import(pathToFileURL(resolve(name)).href);
  } catch (error) {
    return failed(`BOTKIT: ${name} cannot be loaded: ${messageOf(error)}`);
  }
  const read = readBridge(exported);
  return read.ok
    ? { ok: true, value: read.bridge }
    : failed(...read.problems.map((problem) => `BOTKIT: ${name}: ${problem}`));
}

function settingsOf(
  { name, settings = {} }: Bridge,
  setting: BridgesOptions['setting'],
): Opened<Record<string, string>> {
  const { needed = [], optional = [] } = settings;
  const given = [...needed, ...optional].flatMap((key): [string, string][] => {
    const value = setting(key);
    return value === undefined ? [] : [[key, value]];
  });
  const missing = needed.filter((key) => setting(key) === undefined);
  return missing.length === 0
    ? { ok: true, value: Object.fromEntries(given) }
    : failed(`${missing.join(', ')} missing: the bridge ${name} needs ${needed.join(', ')} together`);
}

/** Whatever an adapter does not like about its settings, it throws. */
async function openBridge(bridge: Bridge, given: Record<string, string>, log: Log): Promise<Opened<Channel>> {
  try {
    const connection: unknown = await bridge.create(given);
    if (!isConnection(connection))
      return failed(`BOTKIT: the bridge ${bridge.name}: create must return { adapter }`);
    return { ok: true, value: await createBotkit({ bridge, connection, log }) };
  } catch (error) {
    return failed(`BOTKIT: the bridge ${bridge.name} cannot be opened: ${messageOf(error)}`);
  }
}

function failed(...problems: string[]): { readonly ok: false; readonly problems: readonly string[] } {
  return { ok: false, problems };
}

function messageOf(error: unknown): string {
  const isError = typeof error === 'object' && error !== null && 'message' in error;
  return String(isError ? error.message : error);
}
