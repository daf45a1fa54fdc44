import { expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const read = (path: string): string => readFileSync(at(path), 'utf8');

const service = z.object({
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.string()).default({}),
  stop_grace_period: z.string().optional(),
});
const composed = (path: string): z.infer<typeof file> => file.parse(parse(read(path)));
const file = z.object({
  services: z.record(z.string(), service),
  volumes: z.record(z.string(), z.null()).default({}),
});

const base = composed('docker-compose.yml');
const tls = composed('deploy/compose.tls.yml');
const caddyfile = read('deploy/caddy/Caddyfile');

test('the web server in front passes on to the port where Lotse listens', () => {
  const [, inside] = /:(\d+)$/.exec(base.services['lotse']!.ports[0]!) ?? [];
  expect(inside).toBeDefined();
  const targets = [...caddyfile.matchAll(/reverse_proxy (\S+)/g)].map(([, target]) => target);
  expect(new Set(targets)).toEqual(new Set([`lotse:${inside!}`]));
});

test('Lotse itself is reached from this machine only; the world sees the web server', () => {
  expect(base.services['lotse']!.ports.every((port) => port.startsWith('127.0.0.1:'))).toBe(true);
  expect(base.services['redis']!.ports).toEqual([]);
  expect(tls.services['caddy']!.ports).toEqual(['80:80', '443:443']);
});

test('the world reaches the webhooks, and no page of operators', () => {
  const open = caddyfile
    .split('\n')
    .filter((line) => !line.trim().startsWith('#'))
    .flatMap((line) => /^\s*handle (\/\S+) \{/.exec(line)?.[1] ?? []);
  expect(open).toEqual(['/webhooks/*', '/health/ready']);
  expect(caddyfile).toMatch(/handle \{\s+respond 404\s+\}\s+\}\s*$/);
});

test('what is mounted is there', () => {
  for (const [name, { services, volumes }] of Object.entries({ base, tls }))
    for (const mount of Object.values(services).flatMap((one) => one.volumes)) {
      const [source = ''] = mount.split(':');
      const known = source.startsWith('./') ? existsSync(at(source)) : Object.hasOwn(volumes, source);
      expect([name, mount, known]).toEqual([name, mount, true]);
    }
});

test('Lotse is given the time it needs to stop, and the name of the domain is asked for', () => {
  expect(Number.parseInt(base.services['lotse']!.stop_grace_period ?? '0', 10)).toBeGreaterThanOrEqual(10);
  expect(tls.services['caddy']!.environment['DOMAIN']).toMatch(/^\$\{DOMAIN:\?/);
});
