// Stands between nodes and Redis, and between Redis and its replica, and behaves as badly as a network can.
// One link has one port of its own and leads to one port at a time.
import { connect, createServer } from 'node:net';
import { worker } from './worker.js';

const { settings, tell, answer } = worker();

/**
 * pass       as if it were not there
 * delay      every piece comes 80 ms later, each way
 * black-hole nothing moves, and nobody is told; what was sent arrives once it is over, be it too late
 * half-open  what a node sends arrives, the answers do not; nobody is told
 * cut        connections are cut, and new ones refused
 */
const DELAY_MS = 80;

const links = new Map();

function pipe(link, from, to, isAnswer) {
  from.on('data', (piece) => {
    if (link.mode === 'half-open' && isAnswer) return;
    const go = () => to.writable && to.write(piece);
    const arrive = () => (link.mode === 'black-hole' ? link.held.push(go) : go());
    if (link.mode === 'delay') setTimeout(arrive, DELAY_MS);
    else arrive();
  });
}

function accept(link, client) {
  if (link.mode === 'cut') return client.destroy();
  const server = connect(link.target, '127.0.0.1');
  const pair = { client, server };
  link.pairs.add(pair);
  const end = () => {
    link.pairs.delete(pair);
    // What was sent before still arrives.
    client.destroySoon();
    server.destroySoon();
  };
  for (const socket of [client, server]) {
    socket.setNoDelay(true);
    socket.on('error', end);
    socket.on('close', end);
  }
  pipe(link, client, server, false);
  pipe(link, server, client, true);
  if (link.mode === 'black-hole') hold(pair);
  return undefined;
}

function hold({ client, server }) {
  client.pause();
  server.pause();
}

function set(link, mode) {
  const before = link.mode;
  link.mode = mode;
  if (mode !== 'black-hole') for (const go of link.held.splice(0)) go();
  for (const { client, server } of link.pairs) {
    // Answers are missing in the middle: such a connection makes no sense any more.
    if (mode === 'cut' || before === 'half-open') client.destroy();
    else if (mode === 'black-hole') hold({ client, server });
    else if (before === 'black-hole') {
      client.resume();
      server.resume();
    }
  }
}

answer({
  mode: ({ name, mode }) => set(links.get(name), mode),
  /** Leads elsewhere from now on; whoever is connected is cut off. */
  target: ({ name, port }) => {
    const link = links.get(name);
    link.target = port;
    for (const { client } of link.pairs) client.destroy();
  },
});

const ports = {};
for (const name of settings.links) {
  const link = { mode: 'pass', target: 0, pairs: new Set(), held: [] };
  links.set(name, link);
  const server = createServer((client) => accept(link, client));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  ports[name] = server.address().port;
}
tell('ready', { ports });
