import { beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { createMetrics } from '../../src/metrics.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const targetSchema = z.object({ refId: z.string(), expr: z.string().min(1) });
const dashboardSchema = z.object({
  uid: z.literal('lotse'),
  title: z.string(),
  panels: z.array(
    z.object({
      id: z.number(),
      type: z.enum(['row', 'stat', 'timeseries']),
      title: z.string().min(1),
      description: z.string().optional(),
      targets: z.array(targetSchema).default([]),
      gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
    }),
  ),
});
const alertSchema = z.strictObject({
  alert: z.string().regex(/^Lotse[A-Z]\w+$/),
  expr: z.string().min(1),
  for: z
    .string()
    .regex(/^\d+[smh]$/)
    .optional(),
  labels: z.strictObject({ severity: z.enum(['page', 'ticket']) }),
  annotations: z.strictObject({
    summary: z.string().min(1),
    description: z.string().min(1),
    runbook_url: z.string().regex(/^docs\/operators\.md#[a-z]+$/),
  }),
});
const rulesSchema = z.strictObject({
  groups: z.array(z.strictObject({ name: z.string(), rules: z.array(alertSchema) })),
});

const dashboard = dashboardSchema.parse(JSON.parse(read('deploy/grafana/lotse.json')));
const alerts = rulesSchema
  .parse(parse(read('deploy/prometheus/alerts.yml')))
  .groups.flatMap((group) => group.rules);
const guide = read('docs/operators.md');

/** By name, the time series that Lotse shows once each thing has happened. */
const shown = new Map<string, string[]>([['up', ['up{job="lotse",instance="127.0.0.1:3000"}']]]);

beforeAll(async () => {
  const metrics = createMetrics({
    store: {
      counts: () => Promise.resolve({ due: 0, oldestDueMs: null, dead: 0 }),
      health: () => Promise.resolve({ ok: true, warnings: [] }),
    },
    channels: ['whatsapp'],
    now: () => 0,
  });
  metrics.meter.webhook('/webhooks/whatsapp', 401, 0.1);
  metrics.meter.sent('whatsapp', 'sent', 0.1);
  metrics.meter.counted('flow_started', { flow: 'housing' });
  for (const line of (await metrics.read()).split('\n')) {
    const name = /^\w+/.exec(line)?.[0];
    if (name !== undefined) shown.set(name, [...(shown.get(name) ?? []), line]);
  }
});

interface Selector {
  readonly name: string;
  /** label, operator, value */
  readonly matchers: readonly (readonly [string, string, string])[];
}

/** The metrics that a PromQL expression asks for. */
function selectorsIn(expr: string): Selector[] {
  const plain = expr.replaceAll(/\b(by|without|on|ignoring) ?\([^)]*\)/g, '');
  return [...plain.matchAll(/\b((?:lotse|process|nodejs)_\w+|up)\b(?:\{([^}]*)\})?/g)].map(
    ([, name = '', matchers = '']) => ({
      name,
      matchers: [...matchers.matchAll(/(\w+)(=~|!~|!=|=)"([^"]*)"/g)].map(
        ([, label = '', operator = '', value = '']) => [label, operator, value] as const,
      ),
    }),
  );
}

/** Added by Prometheus itself. */
const OUTER = ['job', 'instance'];

/** Why the expression can never show anything; empty when it can. */
function problemsOf(expr: string): string[] {
  const selectors = selectorsIn(expr);
  if (selectors.length === 0) return [`${expr} asks for nothing`];
  return selectors.flatMap(({ name, matchers }) => {
    const series = shown.get(name);
    if (!series) return [`there is no ${name}`];
    return matchers
      .filter(([label]) => !OUTER.includes(label))
      .flatMap(([label, operator, value]) => {
        const values = series.flatMap((line) => new RegExp(`\\b${label}="([^"]*)"`).exec(line)?.[1] ?? []);
        if (values.length === 0) return [`${name} has no label ${label}`];
        const wanted = operator.startsWith('!') ? [] : operator === '=~' ? value.split('|') : [value];
        return wanted.filter((one) => !values.includes(one)).map((one) => `${name} has no ${label}="${one}"`);
      });
  });
}

const balanced = (expr: string): boolean =>
  expr.split('(').length === expr.split(')').length && expr.split('{').length === expr.split('}').length;

describe('the dashboard', () => {
  const targets = dashboard.panels.flatMap((panel) => panel.targets);

  test.each(targets.map(({ expr }) => expr))('asks for what there is: %s', (expr) => {
    expect(problemsOf(expr)).toEqual([]);
    expect(balanced(expr)).toBe(true);
  });

  test('says of every panel what it shows, and lets none lie on another', () => {
    for (const { type, description } of dashboard.panels)
      if (type !== 'row') expect(description).toMatch(/\w/);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from(
        { length: w * h },
        (_, cell) => `${String(x + (cell % w))}/${String(y + Math.floor(cell / w))}`,
      ),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });
});

describe('every alert', () => {
  test.each(alerts.map(({ alert, expr }) => [alert, expr]))('%s can go off', (_alert, expr) => {
    expect(problemsOf(expr)).toEqual([]);
    expect(balanced(expr)).toBe(true);
  });

  test('has its own section in the guide for operators, which its link leads to', () => {
    for (const { alert, annotations } of alerts) {
      expect(annotations.runbook_url).toBe(`docs/operators.md#${alert.toLowerCase()}`);
      expect(guide).toContain(`\n### ${alert}\n`);
    }
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
  });

  test('that the guide explains exists', () => {
    const explained = [...guide.matchAll(/^### (Lotse[A-Z]\w+)$/gm)].map(([, name]) => name);
    expect(explained).toEqual(alerts.map(({ alert }) => alert));
  });
});

test('the guide explains every metric of Lotse, and none that is not there', () => {
  const own = [...shown.keys()]
    .filter((name) => name.startsWith('lotse_'))
    .map((name) => name.replace(/_seconds_(bucket|sum|count)$/, '_seconds'));
  const explained = [...guide.matchAll(/^\| `(lotse_\w+)/gm)].map(([, name]) => name);
  expect(explained.toSorted()).toEqual([...new Set(own)].toSorted());
});

test('what shows nothing is found, or else the tests above prove nothing', () => {
  expect(problemsOf('rate(lotse_nonsense_total[5m])')).toEqual(['there is no lotse_nonsense_total']);
  expect(problemsOf('lotse_sends_total{outcome="lost"}')).toEqual([
    'lotse_sends_total has no outcome="lost"',
  ]);
  expect(problemsOf('lotse_sends_total{person="x"}')).toEqual(['lotse_sends_total has no label person']);
  expect(problemsOf('1 > 0')).toHaveLength(1);
});

test('the example for Prometheus reads the rules that lie beside it, and knows where metrics are', () => {
  const jobSchema = z.strictObject({
    // The name that dashboard and alerts ask for.
    job_name: z.literal('lotse'),
    static_configs: z.tuple([z.object({ targets: z.tuple([z.string().endsWith(':3000')]) })]),
    authorization: z.strictObject({ type: z.literal('Bearer'), credentials_file: z.string() }),
  });
  const schema = z.object({
    rule_files: z.tuple([z.literal('alerts.yml')]),
    scrape_configs: z.tuple([jobSchema]),
  });
  expect(schema.safeParse(parse(read('deploy/prometheus/prometheus.yml'))).error).toBeUndefined();
});
