/**
 * A Graph stand-in that remembers of each message only to whom it went and when, so that minutes at a high rate do
 * not fill its memory and its pauses are not taken for the server's.   node bench/graph.js
 * GET /_count: how many; GET /_times: { to: [ms since 1970, …] } in order; POST /_reset.
 */
import { createServer } from 'node:http';

let count = 0;
let times = new Map();

function take(text) {
  const to = JSON.parse(text).to.slice(1);
  const known = times.get(to);
  const now = performance.timeOrigin + performance.now();
  if (known) known.push(now);
  else times.set(to, [now]);
  count += 1;
  return {
    messaging_product: 'whatsapp',
    contacts: [{ input: `+${to}`, wa_id: to }],
    messages: [{ id: `wamid.${count}` }],
  };
}

function answerTo({ method, url }, text) {
  if (url === '/_count') return count;
  if (url === '/_times') return Object.fromEntries(times);
  if (url === '/_reset') {
    [count, times] = [0, new Map()];
    return {};
  }
  return method === 'POST' && url.endsWith('/messages') ? take(text) : null;
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const answer = answerTo(request, Buffer.concat(chunks).toString());
    const bytes = Buffer.from(JSON.stringify(answer));
    response.writeHead(answer === null ? 404 : 200, {
      'content-type': 'application/json',
      'content-length': bytes.length,
    });
    response.end(bytes);
  });
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`ready: http://127.0.0.1:${server.address().port}/\n`);
});
