import { z } from 'zod';
import { NAME } from '../../engine/jump.ts';
import { kinds } from '../../engine/kinds.ts';
import { flowSchema } from '../load.ts';

/** What this project uses of a JSON Schema (2020-12). */
export interface JsonSchema {
  [keyword: string]: unknown;
  title?: string | undefined;
  description?: string | undefined;
  examples?: unknown[] | undefined;
  type?: string | undefined;
  properties?: Record<string, JsonSchema> | undefined;
  required?: string[] | undefined;
  items?: JsonSchema | undefined;
  anyOf?: JsonSchema[] | undefined;
  $ref?: string | undefined;
  $defs?: Record<string, JsonSchema> | undefined;
}

const jsonSchema: z.ZodType<JsonSchema> = z.lazy(() =>
  z.looseObject({
    title: z.string().optional(),
    description: z.string().optional(),
    examples: z.array(z.unknown()).optional(),
    type: z.string().optional(),
    properties: z.record(z.string(), jsonSchema).optional(),
    required: z.array(z.string()).optional(),
    items: jsonSchema.optional(),
    anyOf: z.array(jsonSchema).optional(),
    $ref: z.string().optional(),
    $defs: z.record(z.string(), jsonSchema).optional(),
  }),
);

/** The name of a step kind's definition: `step-look_up`, `step-ask-languages`. */
export function definitionOf(key: string): string {
  return `step-${key.replaceAll(' ', '-')}`;
}

/**
 * The flow file as authors write it, as a JSON Schema for their editors. Made from the very schemas that the
 * loader parses with, and from every step kind that is registered.
 */
export function flowJsonSchema(): JsonSchema {
  const step = z.union(kinds.map(({ schema }) => schema));
  const steps = flowSchema.shape.steps.meta() ?? {};
  const whole = flowSchema.extend({ steps: z.record(z.string().regex(NAME), step).meta(steps) });
  const made = jsonSchema.parse(
    z.toJSONSchema(whole.meta(flowSchema.meta() ?? {}), {
      io: 'input',
      // zod leaves out examples wherever anything below is transformed, though ours are of the input.
      override({ zodSchema, jsonSchema: json }) {
        const examples = z.globalRegistry.get(zodSchema)?.['examples'];
        if (Array.isArray(examples)) json.examples = examples;
      },
    }),
  );
  const { $defs = {}, properties = {}, ...head } = made;
  const each = schemaBelow(properties['steps']);
  const definitions: Record<string, JsonSchema> = {};
  for (const [index, { key }] of kinds.entries()) definitions[definitionOf(key)] = branch(each, index);
  const { next, ...others } = $defs;
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...head,
    properties: {
      ...properties,
      steps: {
        ...properties['steps'],
        minProperties: 1,
        additionalProperties: {
          anyOf: kinds.map(({ key }) => ({ $ref: `#/$defs/${definitionOf(key)}` })),
        },
      },
    },
    $defs: { ...others, ...(next ? asWritten(next) : {}), ...definitions },
  };
}

/** zod knows `next` as the list it becomes; authors write the name of a step, one way, or several. */
function asWritten({ description, examples, items = {} }: JsonSchema): Record<string, JsonSchema> {
  const step = { description: 'The step of this flow to go to.', type: 'string', minLength: 1 };
  const way = { $ref: '#/$defs/way' };
  return {
    next: { description, examples, anyOf: [step, way, { type: 'array', minItems: 1, items: way }] },
    way: items,
  };
}

/** What a map's values are to be; null: it is no map. */
export function schemaBelow(schema: JsonSchema | undefined): JsonSchema | null {
  const below = jsonSchema.safeParse(schema?.['additionalProperties']);
  return below.success ? below.data : null;
}

function branch(steps: JsonSchema | null, index: number): JsonSchema {
  const found = steps?.anyOf?.[index];
  if (!found) throw new Error('zod gives the step kinds in another shape than expected');
  return found;
}
