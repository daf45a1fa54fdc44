import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { loadFlow } from '../../../src/authoring/load.ts';
import { definitionOf, flowJsonSchema, type JsonSchema } from '../../../src/authoring/schema/json.ts';
import { printJson } from '../../../src/authoring/schema/print.ts';
import { flowReference } from '../../../src/authoring/schema/reference.ts';
import { kinds } from '../../../src/engine/kinds.ts';
import { CASES, GOOD, changed } from '../cases.ts';

const schema = flowJsonSchema();

/** The validator of JSON Schema 2020-12 that comes with fastify. */
const validatorSchema = z.custom<
  new (options: object) => {
    compile(schema: object): ((data: unknown) => boolean) & { errors?: unknown };
    addFormat(name: string, format: RegExp): void;
  }
>((value) => typeof value === 'function');
const within = (name: string, from: string): string => createRequire(from).resolve(name);
const compiler = within('@fastify/ajv-compiler', within('fastify', import.meta.url));
const Ajv = validatorSchema.parse(createRequire(compiler)('ajv/dist/2020.js'));
const ajv = new Ajv({ strict: true, strictRequired: false, allowUnionTypes: true });
ajv.addFormat('date', /^\d{4}-\d{2}-\d{2}$/);
ajv.addFormat('uri', /^[a-z]+:\/\//);
const validate = ajv.compile(schema);
const problems = (data: unknown): unknown => (validate(data) ? [] : validate.errors);

describe('the files made by lotse schema', () => {
  test.each([
    ['flow.schema.json', () => printJson(schema)],
    ['docs/flow-reference.md', flowReference],
  ])('%s is not stale: run npx lotse schema', (file, made) => {
    expect(readFileSync(file, 'utf8')).toBe(made());
  });
});

/** Every key that a flow may have, with its place. */
function keysOf(at: string, part: JsonSchema): [string, JsonSchema][] {
  const inner = z.record(z.string(), z.unknown()).safeParse(part['additionalProperties']);
  return [
    ...Object.entries(part.properties ?? {}).flatMap(([key, below]): [string, JsonSchema][] => [
      [`${at}.${key}`, below],
      ...keysOf(`${at}.${key}`, below),
    ]),
    ...(inner.success ? keysOf(`${at}.*`, inner.data) : []),
    ...(part.anyOf ?? []).flatMap((one) => keysOf(at, one)),
    ...(part.items ? keysOf(`${at}[]`, part.items) : []),
  ];
}
const KEYS = [
  ...keysOf('flow', schema),
  ...Object.entries(schema.$defs ?? {}).flatMap(([name, part]): [string, JsonSchema][] => [
    [name, part],
    ...keysOf(name, part),
  ]),
].filter(([name]) => name !== 'way');

test.each(KEYS)('%s has a description and an example', (_key, given) => {
  const [, referred = {}] =
    Object.entries(schema.$defs ?? {}).find(([name]) => given.$ref === `#/$defs/${name}`) ?? [];
  const { description = '', examples = [] } = { ...referred, ...given };
  expect(description).toMatch(/^\p{L}[^]*[.]$/u);
  expect(examples.length).toBeGreaterThan(0);
});

test.each(kinds.map(({ key, schema: own }) => [key, own] as const))(
  'the examples of the step kind %s are steps of it',
  (key, own) => {
    const { examples = [] } = schema.$defs?.[definitionOf(key)] ?? {};
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      expect(own.safeParse(example).error).toBeUndefined();
      expect(problems({ flow: 'x', language: 'en', title: 'X', steps: { a: example } })).toEqual([]);
    }
  },
);

describe('what the loader takes, the schema takes', () => {
  const files = readdirSync('flows').filter((name) => /^[^.]+\.yaml$/.test(name));
  test.each(files)('flows/%s, which begins with the line that tells editors of the schema', (name) => {
    const text = readFileSync(`flows/${name}`, 'utf8');
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=../flow.schema.json');
    expect(problems(parse(text))).toEqual([]);
  });

  test('every way to write where it goes on', () => {
    for (const next of [
      'bye',
      '{to: bye}',
      '{call: other, then: bye}',
      '{go: start/menu}',
      '[{when: people > 1, to: bye}, {go: other}]',
    ]) {
      const text = changed('next: many}', `next: ${next}}`);
      expect(loadFlow('flows/good.yaml', 'good', text).findings).toEqual([]);
      expect(problems(parse(text))).toEqual([]);
    }
    expect(problems(parse(GOOD))).toEqual([]);
  });
});

test('what an editor can know to be wrong, the schema refuses', () => {
  const known = CASES.filter(([, , findings]) =>
    findings.some((finding) => /error (unknown-key|unknown-kind)/.test(finding)),
  );
  expect(known.length).toBeGreaterThan(2);
  for (const [what, text] of known) expect([what, validate(parse(text))]).toEqual([what, false]);
});

test('the reference has a section for each step kind, and its links lead somewhere', () => {
  const text = flowReference();
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
  expect(new Set(headings).size).toBe(headings.length);
  const links = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, link = '']) => link);
  expect(links.length).toBeGreaterThan(kinds.length);
  for (const link of links) expect(headings).toContain(link);
});
