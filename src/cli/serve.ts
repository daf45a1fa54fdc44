import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { accountProblems, botsOf } from '../bots.ts';
import { createLog } from '../log.ts';
import { metricsPage } from '../metrics-page.ts';
import { createMetrics } from '../metrics.ts';
import { embeddedFolder, openBotkit, openChannels, openStore } from '../registry.ts';
import { noBackends } from '../runtime/backends.ts';
import { createRuntime } from '../runtime/runtime.ts';
import { createSecrets } from '../runtime/secrets.ts';
import { createServer } from '../runtime/server.ts';
import { secretIn } from '../secret.ts';
import { webchatPage } from '../studio/webchat.ts';
import { createSpans } from '../tracing.ts';
import { accountsOf, loadChecked, loadUsable, settings } from './project.ts';
import { liveBot } from './reload.ts';
import { EXIT, complain, say } from './terminal.ts';

/** `lotse serve`: the webhooks, the web chat and the sweep, until SIGTERM or SIGINT. */
export async function serve(): Promise<void> {
  // Left alone, V8 lets the heap grow to four times what is alive in it; small servers have better uses for memory.
  setFlagsFromString('--heap-growing-percent=50');
  const config = settings();
  const accounts = accountsOf(config);
  const log = createLog(config.LOG_LEVEL);
  const bridges = await openBotkit(config, log);
  if (!bridges.ok) {
    for (const problem of bridges.problems) complain(problem);
    process.exit(EXIT.wrongUse);
  }
  const live = await liveBot({
    folders: [config.FLOWS, config.LOCALES],
    log,
    first: () => loadUsable(config),
    again: () => loadChecked(config),
  });
  for (const problem of accountProblems(live.current(), accounts)) complain(`Warning: ${problem}`);
  process.on('SIGHUP', () => void live.reload());
  const folder = embeddedFolder(config);
  const store = await openStore(config, log);
  const secret = config.LOTSE_SECRET ?? (await secretIn(folder ?? '.'));
  const states = [
    ...openChannels(config, accounts, { store, log, print: process.stdout.isTTY ? say : undefined }),
    ...bridges.states,
  ];
  const channels = states.flatMap(({ channel }) => channel ?? []);
  const metrics = createMetrics({ store, channels: channels.map(({ name }) => name), now: Date.now });
  const meter = { ...metrics.meter, span: createSpans() };
  const runtime = createRuntime({
    bot: botsOf(live.current, accounts),
    backends: noBackends,
    channels: new Map(channels.map((channel) => [channel.name, channel])),
    secrets: createSecrets(secret),
    now: Date.now,
    log,
    store,
    meter,
  });
  const app = createServer({ channels, runtime, store, log, meter });
  metricsPage(app, metrics, config.ADMIN_TOKEN);
  if (config.WEBCHAT !== 'off')
    webchatPage(app, { mode: config.WEBCHAT, media: join(config.FLOWS, 'media') });

  try {
    await app.listen({ host: config.HOST, port: config.PORT });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    complain(
      `Cannot listen on ${config.HOST}:${String(config.PORT)} (${String(error.code)}); set HOST and PORT to a free address.`,
    );
    await store.close();
    process.exit(EXIT.wrongUse);
  }
  runtime.start();

  for (const { name, channel, why } of states) say(`${name}: ${channel ? 'on' : `off (${why})`}`);
  for (const warning of (await store.health()).warnings) complain(`Warning: ${warning}`);
  say(
    `Store: ${folder === null ? 'Redis' : `embedded in ${folder}`}. Languages: ${live
      .current()
      .languages.map(({ tag }) => tag)
      .join(', ')}.`,
  );

  const stop = async (): Promise<void> => {
    live.stop();
    await app.close();
    await runtime.stop();
    await Promise.all(channels.map(async (channel) => channel.close?.()));
    await store.close();
    log.info('stopped');
  };
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      log.info({ signal }, 'stopping');
      stop().then(
        () => process.exit(EXIT.good),
        (error: unknown) => {
          log.fatal({ err: error }, 'stopping failed');
          process.exit(1);
        },
      );
    });
  // Last: whoever waits for this line may send a signal at once.
  say(`Lotse is ready: ${pageAddress(config.HOST, app.server.address())}`);
}

function pageAddress(host: string, address: AddressInfo | string | null): string {
  const port = typeof address === 'object' && address ? address.port : '';
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${shown}:${String(port)}/`;
}
