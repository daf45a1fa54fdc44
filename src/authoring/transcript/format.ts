import { z } from 'zod';
import { fixturesSchema } from './fixtures.ts';

/** What a test lets a person do. */
export type Said =
  /** An option id of the open question, a word that opens a flow or works everywhere, or anything else as it stands. */
  | { readonly type: 'word'; readonly text: string }
  /** Exactly these words, in every language. */
  | { readonly type: 'text'; readonly text: string }
  /** `option`, `step/option` or `flow/step/option`, always as a tap: also on a menu further up. */
  | { readonly type: 'tap'; readonly option: string }
  /** WGS 84 degrees. */
  | { readonly type: 'location'; readonly latitude: number; readonly longitude: number }
  /** The platform's word: image, audio, voice, video, document, sticker. */
  | { readonly type: 'media'; readonly media: string }
  /** The chat was opened by a link or poster that carries this word, often a flow. */
  | { readonly type: 'open'; readonly ref: string }
  /** Nothing happens for so long. */
  | { readonly type: 'wait'; readonly ms: number };

const QUOTES = 'must be a text; put numbers and true/false in quotes, e.g. "86150"';
const plain = z
  .string({ error: ({ input }) => (input === undefined ? 'is missing' : QUOTES) })
  .trim()
  .min(1, 'must not be empty');
const listed = (raw: unknown): unknown => (raw === undefined || Array.isArray(raw) ? raw : [raw]);
const plains = z.preprocess(listed, z.array(plain).min(1, 'must hold at least one').optional());

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const WAIT = /^(\d{1,4}) (minute|hour|day)s?$/;
const SAID =
  'must be a text, or one of {text: …}, {tap: step/option}, {location: [48.37, 10.89]}, {media: audio}, {open: flow}, {wait: 2 days}';

const saidSchema = z.preprocess(
  (raw) => (typeof raw === 'string' ? { word: raw } : raw),
  z
    .strictObject(
      {
        word: plain.optional(),
        text: plain.optional(),
        tap: plain.optional(),
        location: z
          .tuple([z.number().min(-90).max(90), z.number().min(-180).max(180)], {
            error: 'must be [latitude, longitude] in degrees, e.g. [48.37, 10.89]',
          })
          .optional(),
        media: plain.optional(),
        open: z.string(QUOTES).optional(),
        wait: z.string(QUOTES).regex(WAIT, 'must be a time such as 30 minutes, 3 hours or 2 days').optional(),
      },
      {
        error: ({ code, input }) =>
          code !== 'invalid_type' ? undefined : typeof input === 'object' ? SAID : QUOTES,
      },
    )
    .refine((said) => Object.keys(said).length === 1, SAID)
    .transform((said): Said => {
      if (said.text !== undefined) return { type: 'text', text: said.text };
      if (said.tap !== undefined) return { type: 'tap', option: said.tap };
      if (said.media !== undefined) return { type: 'media', media: said.media };
      if (said.open !== undefined) return { type: 'open', ref: said.open };
      if (said.wait !== undefined) {
        const [, number = '', unit = ''] = WAIT.exec(said.wait) ?? [];
        return { type: 'wait', ms: Number(number) * (UNITS[unit] ?? 0) };
      }
      if (said.location !== undefined) {
        const [latitude, longitude] = said.location;
        return { type: 'location', latitude, longitude };
      }
      return { type: 'word', text: said.word ?? '' };
    }),
);

const answerSchema = z.union(
  [z.string(), z.number(), z.boolean(), z.null(), z.record(z.string(), z.unknown())],
  'must be a value such as 5, true, "86150" or {latitude: 48.37, longitude: 10.89}; null: not kept',
);

const expectationSchema = z
  .strictObject(
    {
      /** `step` of the flow the file is named after, or `flow/step`: asked or passed through in this answer. */
      step: plain.optional(),
      /** Said, as translated. */
      text: plains,
      /** Said, letter by letter, in every language. */
      contains: plains,
      not_text: plains,
      /** Ids of the menu, all of them and in order. */
      options: z.array(plain).optional(),
      /** Kept by now; `flow/answer` for those of another flow. */
      answers: z.record(z.string(), answerSchema).optional(),
      language: plain.optional(),
      /** Names for the statistics, e.g. not_understood. */
      count: plains,
      /** Whether the conversation is over. */
      ended: z.boolean().optional(),
    },
    {
      error: ({ code }) =>
        code === 'invalid_type' ? 'must hold keys such as step, text, options and answers' : undefined,
    },
  )
  .refine((given) => Object.keys(given).length > 0, 'expects nothing; name a step or a text');

export type Expectation = z.infer<typeof expectationSchema>;

const several = <S extends z.ZodType>(schema: S): z.ZodPreprocess<z.ZodArray<S>> =>
  z.preprocess(listed, z.array(schema).min(1, 'must hold at least one'));

export const RENDERINGS = ['whatsapp', 'messenger', 'text'] as const;
export type RenderingName = (typeof RENDERINGS)[number];

const DAY = 'must be a date such as 2026-11-23, or a time such as 2026-11-23T18:00Z';

const lineSchema = z
  .strictObject(
    { say: several(saidSchema).optional(), expect: several(expectationSchema).optional() },
    {
      error: ({ code }) => (code === 'invalid_type' ? 'must be {say: …} or {expect: {…}}' : undefined),
    },
  )
  .refine(({ say, expect }) => say !== undefined || expect !== undefined, 'must hold say or expect');

export const testSchema = z
  .strictObject(
    {
      test: plain,
      languages: several(plain).optional(),
      as: several(z.enum(RENDERINGS)).optional(),
      today: z
        .string(DAY)
        .regex(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?Z)?$/, DAY)
        .refine((text) => !Number.isNaN(Date.parse(text)), 'is no day of the calendar')
        .optional(),
      /** false: the person writes for the first time, and Lotse does not know the language yet. */
      language_known: z.boolean().default(true),
      fixtures: fixturesSchema.optional(),
      say: several(saidSchema).optional(),
      expect: several(expectationSchema).optional(),
      talk: several(lineSchema).optional(),
    },
    {
      error: ({ code }) =>
        code === 'invalid_type' ? 'must be a test: keys such as test, say and expect' : undefined,
    },
  )
  .refine(({ talk, say, expect }) => talk === undefined || (say === undefined && expect === undefined), {
    message: 'has both talk and say/expect; use one of the two forms',
  })
  .refine(({ talk, say }) => talk !== undefined || say !== undefined, {
    message: 'says nothing; it needs say and expect, or talk',
  })
  .refine(
    ({ talk, expect }) => expect !== undefined || talk?.some((line) => line.expect !== undefined) === true,
    { message: 'expects nothing, so it can never fail; add expect' },
  );

/** Every key of the format, for suggestions. */
export const KEYS: readonly string[] = [
  'test',
  'languages',
  'as',
  'today',
  'language_known',
  'fixtures',
  'say',
  'expect',
  'talk',
  'text',
  'tap',
  'location',
  'media',
  'open',
  'wait',
  'step',
  'contains',
  'not_text',
  'options',
  'answers',
  'language',
  'count',
  'ended',
];
