import { z } from 'zod';

// Meta's limits, written out anew from its pages and not taken from the code. Meta does not say what it calls
// a character: both counts have to keep the limit.
const words = (max: number): z.ZodType<string> =>
  z
    .string()
    .refine((value) => value.trim() !== '' && value.length <= max && Array.from(value).length <= max, {
      error: `must have 1 to ${String(max)} characters`,
    });
const id = (max: number): z.ZodType<string> =>
  words(max).refine((value) => value === value.trim(), { error: 'has a space at its edge' });
const web = z.url({ protocol: /^https?$/ });

function unique<Item extends z.ZodType>(
  item: Item,
  max: number,
  keys: (one: z.output<Item>) => readonly string[],
): z.ZodType {
  return z
    .array(item)
    .min(1)
    .max(max)
    .refine(
      (all) => {
        const columns = all.map(keys);
        return [0, 1].every((column) => new Set(columns.map((row) => row[column])).size === columns.length);
      },
      { error: 'ids and titles must differ' },
    );
}

const body = (max: number): z.ZodType => z.strictObject({ text: words(max) });
const reply = z.strictObject({ id: id(256), title: words(20) });
const row = z.strictObject({ id: id(200), title: words(24), description: words(72).optional() });
const interactive = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('button'),
    body: body(1024),
    action: z.strictObject({
      buttons: unique(z.strictObject({ type: z.literal('reply'), reply }), 3, ({ reply: one }) => [
        one.id,
        one.title,
      ]),
    }),
  }),
  z.strictObject({
    type: z.literal('list'),
    body: body(1024),
    action: z.strictObject({
      button: words(20),
      // One section needs no title, and ten rows are the most in all.
      sections: z.array(z.strictObject({ rows: unique(row, 10, (one) => [one.id, one.title]) })).length(1),
    }),
  }),
  z.strictObject({
    type: z.literal('cta_url'),
    body: body(1024),
    action: z.strictObject({
      name: z.literal('cta_url'),
      parameters: z.strictObject({ display_text: words(20), url: web }),
    }),
  }),
  z.strictObject({
    type: z.literal('location_request_message'),
    body: body(1024),
    action: z.strictObject({ name: z.literal('send_location') }),
  }),
]);

const link = z.strictObject({ link: web });
const whatsappPart = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.strictObject({ body: words(4096) }) }),
  z.object({ type: z.literal('interactive'), interactive }),
  z.object({
    type: z.literal('location'),
    location: z.strictObject({
      latitude: z.number().min(-90).max(90),
      longitude: z.number().min(-180).max(180),
      name: z.string().optional(),
      address: z.string().optional(),
    }),
  }),
  z.object({
    type: z.literal('contacts'),
    contacts: z
      .array(
        z.strictObject({
          name: z.strictObject({ formatted_name: words(1000), first_name: words(1000) }),
          phones: z.array(z.strictObject({ phone: z.string().regex(/^\+\d+$/u) })).min(1),
          urls: z.array(z.strictObject({ url: web })).optional(),
        }),
      )
      .min(1)
      .max(5),
  }),
  z.object({ type: z.literal('image'), image: link }),
  z.object({ type: z.literal('audio'), audio: link }),
  z.object({ type: z.literal('video'), video: link }),
  z.object({ type: z.literal('document'), document: link.extend({ filename: words(240).optional() }) }),
  z.object({
    type: z.literal('template'),
    template: z.strictObject({
      name: z.string().regex(/^[a-z0-9_]{1,512}$/u),
      language: z.strictObject({ code: z.string().regex(/^[a-z]{2,3}(_[A-Z]{2})?$/u) }),
      components: z
        .tuple([
          z.strictObject({
            type: z.literal('body'),
            parameters: z
              .array(
                z.strictObject({
                  type: z.literal('text'),
                  text: words(1024).refine((value) => !/[\n\r\t]| {5}/u.test(value)),
                }),
              )
              .min(1),
          }),
        ])
        .optional(),
    }),
  }),
]);

/** One request to the Cloud API. */
export const whatsappRequest = z.intersection(
  whatsappPart,
  z
    .looseObject({
      messaging_product: z.literal('whatsapp'),
      recipient_type: z.literal('individual'),
      to: z
        .string()
        .regex(/^\+\d+$/u)
        .optional(),
      recipient: z.string().optional(),
      context: z.strictObject({ message_id: z.string().startsWith('wamid.') }).optional(),
      biz_opaque_callback_data: words(512),
    })
    .refine(({ to, recipient }) => (to === undefined) !== (recipient === undefined)),
);

const quick = z.strictObject({ content_type: z.literal('text'), title: words(20), payload: id(1000) });
const metadata = words(1000);

/** One request to the Send API. */
export const messengerRequest = z.strictObject({
  recipient: z.strictObject({ id: z.string().min(1) }),
  messaging_type: z.literal('RESPONSE'),
  message: z.union([
    z.strictObject({
      metadata,
      text: words(2000),
      quick_replies: unique(quick, 13, (one) => [one.payload, one.title]).optional(),
    }),
    z.strictObject({
      metadata,
      attachment: z.strictObject({
        type: z.enum(['image', 'audio', 'video', 'file']),
        payload: z.strictObject({ url: web, is_reusable: z.literal(true) }),
      }),
    }),
    z.strictObject({
      metadata,
      attachment: z.strictObject({
        type: z.literal('template'),
        payload: z.strictObject({
          template_type: z.literal('button'),
          text: words(640),
          buttons: z
            .array(z.strictObject({ type: z.literal('web_url'), title: words(20), url: web }))
            .length(1),
        }),
      }),
    }),
    z.strictObject({
      metadata,
      attachment: z.strictObject({
        type: z.literal('template'),
        payload: z.strictObject({
          template_type: z.literal('generic'),
          elements: z
            .array(
              z.strictObject({
                title: words(80),
                subtitle: words(80),
                buttons: z
                  .array(
                    z.discriminatedUnion('type', [
                      z.strictObject({ type: z.literal('web_url'), title: words(20), url: web }),
                      z.strictObject({
                        type: z.literal('phone_number'),
                        title: words(20),
                        payload: z.string().regex(/^\+\d+$/u),
                      }),
                    ]),
                  )
                  .min(1)
                  .max(3),
              }),
            )
            .min(1)
            .max(10),
        }),
      }),
    }),
  ]),
});
