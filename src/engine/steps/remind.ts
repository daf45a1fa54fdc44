import { z } from 'zod';
import { nextSchema, textSchema } from '../jump.ts';
import type { Turn } from '../model.ts';
import { setReminder, setUnanswered } from '../reminders.ts';
import type { Reminder } from '../session.ts';
import { references, stepKind } from '../step.ts';

const UNITS = { minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 } as const;
const SPAN = /^([1-9]\d{0,2}) (minute|hour|day|week)s?$/;
const SPAN_MISTAKE = 'must be a time such as 3 days, 2 hours or 1 week, at most a year';
const YEAR_MS = 366 * UNITS.day;

const spanSchema = z.string().refine((span) => spanMs(span) > 0 && spanMs(span) <= YEAR_MS, SPAN_MISTAKE);

type Template = NonNullable<Reminder['template']>;

const templateSchema = z
  .union([
    textSchema.transform((name): Template => ({ name, with: [] })),
    z.strictObject({
      name: textSchema.meta({
        description: 'Its name in WhatsApp Manager: small letters, digits and _.',
        examples: ['appointment'],
      }),
      with: z
        .array(textSchema)
        .default([])
        .meta({
          description: 'The answers that stand in for its {{1}}, {{2}} …, in this order.',
          examples: [['day']],
        }),
    }),
  ])
  .refine(({ name }) => /^[a-z0-9_]{1,512}$/.test(name), {
    message: 'must be the name of a template: small letters, digits and _',
  });

const remindSchema = z
  .strictObject({
    after: spanSchema.optional().meta({
      description: 'How long from now: minutes, hours, days or weeks.',
      examples: ['3 days', '1 week'],
    }),
    on: textSchema.optional().meta({
      description: 'The name of the answer that holds the date; the reminder comes that morning.',
      examples: ['appointment'],
    }),
    before: spanSchema
      .optional()
      .meta({ description: 'With `on`: how long before that morning.', examples: ['1 day'] }),
    unanswered: z
      .literal(true)
      .optional()
      .meta({
        description:
          'With `after`: only if the person has not answered the question that came next. They then go on at `to` instead of it, once; nothing is asked again by itself.',
        examples: [true],
      }),
    to: textSchema.meta({
      description: 'The step of this flow that the person is reminded with.',
      examples: ['did_it_work'],
    }),
  })
  .refine(({ after, on }) => (after === undefined) !== (on === undefined), {
    message: "needs either 'after' (a time from now) or 'on' (the name of an answer that is a date)",
  })
  .refine(({ on, before }) => before === undefined || on !== undefined, {
    message: "'before' goes with 'on'",
  })
  .refine(({ unanswered, after }) => unanswered === undefined || after !== undefined, {
    message: "'unanswered' goes with 'after'",
  });

/** On the day of an appointment people are reminded at nine in the morning, by Central European Time. */
const MORNING_MS = 8 * UNITS.hour;

/** Comes back to the person later, at a step of this flow; whatever is open then is asked again afterwards. */
export const remind = stepKind(
  'remind',
  z
    .strictObject({
      remind: remindSchema.meta({
        description: 'When to come back, and with which step.',
        examples: [
          { after: '3 days', to: 'did_it_work' },
          { on: 'appointment', before: '1 day', to: 'tomorrow' },
          { after: '2 hours', unanswered: true, to: 'still_there' },
        ],
      }),
      template: templateSchema.optional().meta({
        description:
          'The approved template that says it where the platform asks for one: WhatsApp does 24 hours after the last message of the person. Its name alone, or with the answers that stand in for its {{1}}, {{2}} and so on.',
        examples: ['follow_up', { name: 'appointment', with: ['day'] }],
      }),
      next: nextSchema.optional(),
    })
    .meta({
      title: 'A reminder',
      description: 'Comes back to the person later; what is open then is asked again afterwards.',
      examples: [{ remind: { after: '3 days', to: 'did_it_work' }, next: 'bye' }],
    }),
  (data) => {
    const { after, on, before, to, unanswered } = data.remind;
    const dueMs = (turn: Turn): number | null => {
      if (after !== undefined) return turn.nowMs + spanMs(after);
      const date = on === undefined ? null : turn.answer(on);
      return typeof date === 'string'
        ? dayMs(date) + MORNING_MS - (before === undefined ? 0 : spanMs(before))
        : null;
    };
    const template = data.template === undefined ? {} : { template: data.template };
    const next = references(data.next, ['next']);
    return {
      jumps: [{ path: ['remind'], jump: { to } }, ...next.jumps],
      conditions: next.conditions,
      later: {
        ms: after === undefined ? null : spanMs(after),
        template: data.template ? { name: data.template.name, parameters: data.template.with.length } : null,
        unanswered: unanswered === true,
      },
      reads: [
        ...(on === undefined ? [] : [{ path: ['remind', 'on'], answer: on }]),
        ...(data.template?.with ?? []).map((answer, index) => ({
          path: ['template', 'with', index],
          answer,
        })),
      ],
      enter(turn) {
        const at = dueMs(turn);
        const reminder = { flow: turn.flow.id, step: to, ...template };
        if (at !== null && at > turn.nowMs)
          (unanswered ? setUnanswered : setReminder)(turn, { ...reminder, at });
        return { type: 'follow', next: data.next ?? [] };
      },
    };
  },
);

function spanMs(span: string): number {
  const [, count = '0', unit = 'day'] = SPAN.exec(span) ?? [];
  const ms = unit === 'minute' || unit === 'hour' || unit === 'week' ? UNITS[unit] : UNITS.day;
  return Number(count) * ms;
}

/** Midnight UTC of an ISO 8601 date, ms since 1970 (proleptic Gregorian; days_from_civil by H. Hinnant). */
function dayMs(iso: string): number {
  const [year = 1970, month = 1, day = 1] = iso.split('-').map(Number);
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return (era * 146_097 + dayOfEra - 719_468) * UNITS.day;
}
