import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { readConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { createServer } from '../../src/runtime/server.ts';
import { createEmbeddedStore } from '../../src/store/embedded.ts';
import { temporaryFolder } from '../support/lotse.ts';

const FOLDER = new URL('../../deploy/kubernetes/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));

/** On SIGTERM Lotse finishes or hands back what it holds. Seconds. */
const FINISH = 10;

const labels = z.record(z.string(), z.string());
const probe = z.object({ httpGet: z.object({ path: z.string(), port: z.literal('http') }) });
const deployment = z
  .object({
    metadata: z.object({ name: z.string() }),
    spec: z.object({
      replicas: z.number(),
      selector: z.object({ matchLabels: labels }),
      template: z.object({
        metadata: z.object({ labels }),
        spec: z.object({
          terminationGracePeriodSeconds: z.number(),
          automountServiceAccountToken: z.literal(false),
          securityContext: z.object({ runAsNonRoot: z.literal(true), runAsUser: z.number().min(1) }),
          containers: z.tuple([
            z.object({
              image: z.string(),
              envFrom: z.array(z.record(z.string(), z.object({ name: z.string() }))),
              ports: z.tuple([z.object({ name: z.literal('http'), containerPort: z.number() })]),
              startupProbe: probe,
              livenessProbe: probe,
              readinessProbe: probe,
              lifecycle: z.object({
                preStop: z.object({
                  exec: z.object({ command: z.tuple([z.literal('sleep'), z.coerce.number()]) }),
                }),
              }),
              resources: z.object({
                requests: z.object({ cpu: z.string(), memory: z.string() }),
                limits: z.object({ memory: z.string() }),
              }),
              securityContext: z.object({
                allowPrivilegeEscalation: z.literal(false),
                readOnlyRootFilesystem: z.literal(true),
              }),
            }),
          ]),
        }),
      }),
    }),
  })
  .parse(parse(read('deployment.yaml')));
const { template, replicas, selector } = deployment.spec;
const [container] = template.spec.containers;
const settings = z.object({ data: labels }).parse(parse(read('configmap.yaml'))).data;
const secrets = z.object({ stringData: labels }).parse(parse(read('secret.example.yaml'))).stringData;

describe('the manifests', () => {
  test('are all listed by kustomization.yaml, or named there as yours to add', () => {
    const text = read('kustomization.yaml');
    const { resources, images } = z
      .object({ resources: z.array(z.string()), images: z.array(z.object({ name: z.string() })) })
      .parse(parse(text));
    const mentioned = names.filter((name) => name !== 'kustomization.yaml' && text.includes(name));
    expect(mentioned).toEqual(names.filter((name) => name !== 'kustomization.yaml'));
    for (const resource of resources) expect(names).toContain(resource);
    expect(resources.filter((name) => name.includes('example'))).toEqual([]);
    expect(images.map(({ name }) => name)).toEqual([container.image]);
  });

  test('are each of a kind, with a name', () => {
    const object = z.object({
      apiVersion: z.string(),
      kind: z.string(),
      metadata: z.object({ name: z.string() }),
    });
    for (const name of names.filter((one) => one !== 'kustomization.yaml'))
      expect(object.parse(parse(read(name))).metadata.name).toBe('lotse');
  });
});

describe('the deployment', () => {
  test('asks for pages that the server has', async () => {
    const folder = await temporaryFolder();
    const store = await createEmbeddedStore({ folder: folder.path, leaseMs: 30_000 });
    const runtime = {
      receive: () => () => Promise.resolve(),
      start: () => undefined,
      sweep: () => Promise.resolve(),
      idle: () => Promise.resolve(),
      stop: () => Promise.resolve(),
    };
    const app = createServer({ channels: [], runtime, store, log: createLog('silent') });
    for (const { httpGet } of [container.startupProbe, container.livenessProbe, container.readinessProbe])
      expect((await app.inject(httpGet.path)).statusCode).toBe(200);
    await store.close();
    // A pod is not restarted because the store is away; it only gets no more messages.
    expect((await app.inject(container.livenessProbe.httpGet.path)).statusCode).toBe(200);
    expect((await app.inject(container.readinessProbe.httpGet.path)).statusCode).toBe(503);
    await app.close();
    await folder.remove();
  });

  test('listens where it is looked for', () => {
    expect(settings['PORT']).toBe(String(container.ports[0].containerPort));
    expect(settings['HOST']).toBe('0.0.0.0');
    const dockerfile = readFileSync(new URL('../../Dockerfile', import.meta.url), 'utf8');
    expect(dockerfile).toContain(`EXPOSE ${String(container.ports[0].containerPort)}\n`);
  });

  test('gives it the time it needs to stop', () => {
    const [, waits] = container.lifecycle.preStop.exec.command;
    expect(template.spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(waits + FINISH);
  });

  test('takes its settings from the ConfigMap and the Secret, which only name settings there are', () => {
    expect(container.envFrom).toEqual([
      { configMapRef: { name: 'lotse' } },
      { secretRef: { name: 'lotse' } },
    ]);
    const filled = Object.fromEntries(
      Object.entries({ ...settings, ...secrets }).map(([name, value]) => [name, value || 'x'.repeat(40)]),
    );
    const configured = readConfig(filled);
    if (!configured.ok) throw new Error(configured.problems.join('\n'));
    expect(Object.keys(configured.config)).toEqual(expect.arrayContaining(Object.keys(filled)));
  });

  test('holds no secret of its own', () => {
    for (const [name, value] of Object.entries(secrets)) if (name !== 'STORE') expect(value).toBe('');
  });

  test('keeps to the rate of the number, all pods together', () => {
    expect(Number(settings['WHATSAPP_MESSAGES_PER_SECOND']) * replicas).toBeLessThanOrEqual(80);
  });
});

describe('what belongs to it', () => {
  const pod = template.metadata.labels;

  test('chooses its pods', () => {
    expect(selector.matchLabels).toEqual(pod);
    const service = z.object({ spec: z.object({ selector: labels }) }).parse(parse(read('service.yaml')));
    expect(pod).toMatchObject(service.spec.selector);
    const budget = z
      .object({
        spec: z.object({ minAvailable: z.number(), selector: z.object({ matchLabels: labels }) }),
      })
      .parse(parse(read('poddisruptionbudget.yaml')));
    expect(pod).toMatchObject(budget.spec.selector.matchLabels);
    // Or else no machine could ever be emptied.
    expect(budget.spec.minAvailable).toBeLessThan(replicas);
    const policy = z
      .object({ spec: z.object({ podSelector: z.object({ matchLabels: labels }) }) })
      .parse(parse(read('networkpolicy.yaml')));
    expect(pod).toMatchObject(policy.spec.podSelector.matchLabels);
  });

  test('leads to its port', () => {
    const service = z
      .object({ spec: z.object({ ports: z.array(z.object({ name: z.string(), targetPort: z.string() })) }) })
      .parse(parse(read('service.yaml')));
    expect(service.spec.ports.map(({ targetPort }) => targetPort)).toEqual([container.ports[0].name]);
    const scaled = z
      .object({ spec: z.object({ scaleTargetRef: z.object({ kind: z.string(), name: z.string() }) }) })
      .parse(parse(read('hpa.yaml')));
    expect(scaled.spec.scaleTargetRef).toEqual({ kind: 'Deployment', name: deployment.metadata.name });
  });
});
