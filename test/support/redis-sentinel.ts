import { Redis } from 'ioredis';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, temporaryFolder } from './lotse.ts';
import { freePort, launchRedis, startRedis, type RedisServer } from './redis.ts';
import { replicasAre } from './redis-cluster.ts';

export interface SentinelGroup {
  readonly url: string;
  /** The first is the master at the start. */
  readonly servers: readonly RedisServer[];
  /** Port of who is the master now, as the sentinels see it. */
  master(): Promise<number>;
  stop(): Promise<void>;
}

const NAME = 'lotse-test';
const DOWN_AFTER_MS = 500;

/** A master, its replicas and three sentinels, on free ports, their data in temporary folders. */
export async function startSentinels(replicas: number): Promise<SentinelGroup> {
  const folder = await temporaryFolder();
  const ends: (() => Promise<void>)[] = [() => folder.remove()];
  const stop = async (): Promise<void> => {
    for (const end of ends.reverse()) await end();
  };
  try {
    const quick = ['--repl-diskless-sync-delay', '0'];
    const master = await startRedis(quick);
    ends.push(() => master.stop());
    const servers = [master];
    for (let i = 0; i < replicas; i += 1) {
      const replica = await startRedis([...quick, '--replicaof', '127.0.0.1', String(master.port)]);
      ends.push(() => replica.stop());
      servers.push(replica);
    }
    const raw = new Redis(master.url);
    await replicasAre(raw, replicas).finally(() => {
      raw.disconnect();
    });
    const ports: number[] = [];
    for (let i = 0; i < 3; i += 1) {
      const port = await freePort();
      const file = join(folder.path, `sentinel-${String(port)}.conf`);
      const settings = [
        `port ${String(port)}`,
        'bind 127.0.0.1',
        `dir ${folder.path}`,
        `sentinel monitor ${NAME} 127.0.0.1 ${String(master.port)} 2`,
        `sentinel down-after-milliseconds ${NAME} ${String(DOWN_AFTER_MS)}`,
        `sentinel failover-timeout ${NAME} 5000`,
      ];
      await writeFile(file, settings.join('\n'));
      const sentinel = await launchRedis([file, '--sentinel'], '+monitor');
      ends.push(async () => {
        const exit = new Promise((resolve) => sentinel.once('exit', resolve));
        sentinel.kill('SIGKILL');
        await exit;
      });
      ports.push(port);
    }
    const asked = new Redis(ports[0]!, '127.0.0.1', { enableReadyCheck: false });
    ends.push(() => {
      asked.disconnect();
      return Promise.resolve();
    });
    await eventually(
      async () => String(await asked.call('SENTINEL', 'CKQUORUM', NAME).catch(String)),
      (answer) => answer.startsWith('OK 3'),
    );
    await eventually(
      () => asked.call('SENTINEL', 'REPLICAS', NAME),
      (known) => Array.isArray(known) && known.length === replicas,
    );
    return {
      url: `redis-sentinel://${ports.map((port) => `127.0.0.1:${String(port)}`).join(',')}/${NAME}`,
      servers,
      async master() {
        const reply = await asked.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME);
        return Array.isArray(reply) ? Number(reply[1]) : 0;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
