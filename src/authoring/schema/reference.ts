import { stringify } from 'yaml';
import { kinds } from '../../engine/kinds.ts';
import { definitionOf, flowJsonSchema, schemaBelow, type JsonSchema } from './json.ts';

/** `docs/flow-reference.md`: the same descriptions and examples as the editor's, for reading. */
export function flowReference(): string {
  const { properties = {}, required = [], $defs = {} } = flowJsonSchema();
  const head = keys({ properties, required }, $defs);
  const steps = kinds.map(({ key }) => stepSection(key, $defs[definitionOf(key)] ?? {}, $defs));
  const { next = {}, way = {} } = $defs;
  const ways = (way.anyOf ?? []).map((one) => {
    const [name = ''] = one.required ?? [];
    return `### \`${name}\`\n\n${keys(one, $defs)}`;
  });
  const answer = schemaBelow(properties['answers']);
  return `${[
    '# The flow language, key by key',
    'Made by `lotse schema` from the very code that reads flows; change it there. [authors.md](authors.md) is where to begin.',
    '## A flow file',
    `A file \`flows/<name>.yaml\` holds one conversation.\n\n${head}`,
    '## An answer that is kept',
    `${answer?.description ?? ''} It stands under \`answers\`, below its name.\n\n${answer ? keys(answer, $defs) : ''}`,
    '## Steps',
    `Each step is of one kind, and its first key tells which.\n\n${kinds
      .map(({ key }) => `- [${heading(key, $defs)}](#${anchor(heading(key, $defs))})`)
      .join('\n')}`,
    ...steps,
    '## Ways: `next`',
    `${next.description ?? ''}\n\n${examplesOf('next', next)}`,
    ...ways,
  ].join('\n\n')}\n`;
}

function heading(key: string, definitions: Readonly<Record<string, JsonSchema>>): string {
  const [written = key] = key.split(' ');
  const title = definitions[definitionOf(key)]?.title;
  return title === undefined ? `\`${written}\`` : `${title}: \`${written}\``;
}

/** As code hosts name the place of a heading. */
function anchor(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-');
}

function stepSection(
  key: string,
  schema: JsonSchema,
  definitions: Readonly<Record<string, JsonSchema>>,
): string {
  const examples = (schema.examples ?? []).map((example, index) => ({
    [`step_${String(index + 1)}`]: example,
  }));
  const yaml = examples.map((example) => stringify(example, { singleQuote: true, lineWidth: 0 })).join('');
  const shown = yaml === '' ? '' : `\n\n\`\`\`yaml\n${yaml}\`\`\``;
  return `### ${heading(key, definitions)}\n\n${schema.description ?? ''}\n\n${keys(schema, definitions)}${shown}`;
}

/** One line a key; the keys below it are indented. */
function keys(schema: JsonSchema, definitions: Readonly<Record<string, JsonSchema>>, indent = ''): string {
  return Object.entries(schema.properties ?? {})
    .map(([key, given]) => {
      const needed = schema.required?.includes(key) === true ? ' (needed)' : '';
      return `${indent}- **\`${key}\`**${needed} – ${about(key, given, definitions, indent)}`;
    })
    .join('\n');
}

function about(
  key: string,
  schema: JsonSchema,
  definitions: Readonly<Record<string, JsonSchema>>,
  indent: string,
): string {
  const { description = '', $ref } = schema;
  const words = `${description} ${examplesOf(key, schema)}`.trim();
  if ($ref !== undefined)
    return `${description === '' ? 'Where the conversation goes on.' : words} See [ways](#ways-next).`;
  // Answers and steps have sections of their own.
  if (key === 'steps' || key === 'answers') return words;
  const named = schemaBelow(schema);
  const list = keys(named?.properties ? named : schema, definitions, `${indent}  `);
  return list === '' ? words : `${words}\n${list}`;
}

function examplesOf(key: string, { examples = [] }: JsonSchema): string {
  const shown = examples.map((example) => {
    const yaml = stringify(
      { [key]: example },
      { singleQuote: true, lineWidth: 0, collectionStyle: 'flow', flowCollectionPadding: false },
    );
    return `\`${yaml.trim().replace(/^\{(.*)\}$/su, '$1')}\``;
  });
  return shown.length === 0 ? '' : `For example ${shown.join(' or ')}.`;
}
