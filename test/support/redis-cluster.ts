import { Redis } from 'ioredis';
import { eventually } from './lotse.ts';
import { freePort, startRedis, type RedisServer } from './redis.ts';

export interface ClusterNode {
  readonly server: RedisServer;
  readonly raw: Redis;
  readonly id: string;
}

export interface RedisCluster {
  readonly url: string;
  readonly masters: readonly ClusterNode[];
  /** One of each master, in the same order. */
  readonly replicas: readonly ClusterNode[];
  stop(): Promise<void>;
}

const SLOTS = 16_384;
/** How long a server is silent before the others take it for dead. */
const NODE_TIMEOUT_MS = 1_000;

/** Three masters and a replica of each, on free ports, their data in temporary folders. */
export async function startCluster(settings: readonly string[] = []): Promise<RedisCluster> {
  const nodes: ClusterNode[] = [];
  const stop = async (): Promise<void> => {
    for (const { raw } of nodes) raw.disconnect();
    await Promise.all(nodes.map(({ server }) => server.stop()));
  };
  const startNode = async (): Promise<ClusterNode> => {
    const bus = ['--cluster-enabled', 'yes', '--cluster-port', String(await freePort())];
    const times = [
      '--cluster-node-timeout',
      String(NODE_TIMEOUT_MS),
      '--cluster-replica-validity-factor',
      '0',
    ];
    // Replicas take the whole data over at once instead of waiting for more of them to ask.
    const server = await startRedis([...bus, ...times, '--repl-diskless-sync-delay', '0', ...settings]);
    const raw = new Redis(server.url, { enableReadyCheck: false });
    raw.on('error', () => undefined);
    const node = { server, raw, id: await raw.cluster('MYID') };
    nodes.push(node);
    return node;
  };
  try {
    await Promise.all(Array.from({ length: 6 }, startNode));
    const [first, ...others] = nodes;
    const masters = nodes.slice(0, 3);
    const replicas = nodes.slice(3);
    for (const { server } of others) {
      const bus = await busPort(nodes, server);
      await first!.raw.call('CLUSTER', 'MEET', '127.0.0.1', server.port, bus);
    }
    const share = Math.ceil(SLOTS / masters.length);
    for (const [i, { raw }] of masters.entries())
      await raw.call('CLUSTER', 'ADDSLOTSRANGE', i * share, Math.min((i + 1) * share, SLOTS) - 1);
    const known = (node: ClusterNode): Promise<unknown> => node.raw.cluster('NODES');
    for (const node of nodes)
      await eventually(
        () => known(node),
        (list) => nodes.every(({ id }) => String(list).includes(id)) && !String(list).includes('handshake'),
      );
    for (const [i, { raw }] of replicas.entries()) await raw.call('CLUSTER', 'REPLICATE', masters[i]!.id);
    await clusterIs(nodes, 'ok');
    await Promise.all(masters.map(({ raw }) => replicasAre(raw, 1)));
    return { url: urlOf(nodes), masters, replicas, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const urlOf = (nodes: readonly ClusterNode[]): string =>
  `redis-cluster://${nodes.map(({ server }) => `127.0.0.1:${String(server.port)}`).join(',')}`;

async function busPort(nodes: readonly ClusterNode[], server: RedisServer): Promise<string> {
  const node = nodes.find((one) => one.server === server);
  const reply: unknown = await node?.raw.config('GET', 'cluster-port');
  return Array.isArray(reply) ? String(reply[1]) : '';
}

/** Waits until all that live see the cluster so. */
export async function clusterIs(nodes: readonly ClusterNode[], state: 'ok' | 'fail'): Promise<void> {
  for (const { raw } of nodes)
    await eventually(
      () => raw.cluster('INFO'),
      (info) => info.includes(`cluster_state:${state}`),
    );
}

/** Waits until a master has so many replicas that have all it has. */
export async function replicasAre(raw: Redis, count: number): Promise<void> {
  await eventually(
    async () => await raw.info('replication'),
    (info) => (info.match(/^slave\d+:.*state=online/gm) ?? []).length === count,
  );
}
