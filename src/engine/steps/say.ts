import { z } from 'zod';
import { nextSchema, textSchema } from '../jump.ts';
import { isMediaFile, isWebLink } from '../message.ts';
import { references, stepKind } from '../step.ts';

const linkSchema = z.url({ protocol: /^https$/, error: 'must be a link that begins with https://' });
const mediaSchema = z.string().refine((url) => isWebLink(url) || isMediaFile(url), {
  message:
    'must be a link that begins with https://, or a file beside the flows such as media/en/welcome.ogg (png, jpg; ogg, opus, mp3, m4a, aac, amr)',
});

/** Tells something and goes on; without `next` the flow ends here. */
export const say = stepKind(
  'say',
  z
    .strictObject({
      say: textSchema.meta({
        description:
          'What is said, at most 900 characters; `{{name}}` shows an answer, `*stars*` make words bold.',
        examples: ['Go to the town hall within two weeks.'],
      }),
      image: mediaSchema.optional().meta({
        description:
          'A picture that goes with the text: a link, or a file beside the flows. Each language may have its own.',
        examples: ['https://example.org/pictures/anmeldung.png', 'media/anmeldung.png'],
      }),
      voice: mediaSchema.optional().meta({
        description:
          'The text read aloud, for people who cannot read: a link, or a file beside the flows. Each language has its own recording.',
        examples: ['https://example.org/voice/en/anmeldung.ogg', 'media/en/anmeldung.ogg'],
      }),
      link: z
        .strictObject({
          label: textSchema.meta({
            description: 'What stands on the button, at most 20 characters.',
            examples: ['Open the map'],
          }),
          url: linkSchema.meta({
            description: 'Where it leads; each language may have its own page.',
            examples: ['https://www.bamf.de/EN'],
          }),
        })
        .optional()
        .meta({
          description: 'A page that the person can open, as a button where the platform has one.',
          examples: [{ label: 'Find a course', url: 'https://bamf-navi.bamf.de/en/' }],
        }),
      next: nextSchema.optional(),
    })
    .meta({
      title: 'A message',
      description: 'Says something and goes on; without `next` the flow ends here.',
      examples: [{ say: 'Go to the town hall within two weeks.', next: 'need' }],
    }),
  (data, name) => {
    const path = `steps.${name}.say`;
    const links = [
      { type: 'image' as const, path: `steps.${name}.image`, source: data.image },
      { type: 'audio' as const, path: `steps.${name}.voice`, source: data.voice },
    ].flatMap(({ source, ...link }) => (source === undefined ? [] : [{ ...link, source }]));
    const button = data.link && {
      label: { path: `steps.${name}.link.label`, source: data.link.label },
      url: { path: `steps.${name}.link.url`, source: data.link.url },
    };
    return {
      texts: [
        { path, source: data.say },
        ...(button ? [button.label, button.url] : []),
        ...links.map(({ path: at, source }) => ({ path: at, source })),
      ],
      ...references(data.next, ['next']),
      enter(turn) {
        const { text, language } = turn.text(path);
        // A link is translated like a text: each language may have its own picture or recording.
        const media = links.map(({ type, path: at, source }) => {
          const url = turn.text(at).text;
          return { type, url: isWebLink(url) || isMediaFile(url) ? url : source };
        });
        const link = button && {
          label: turn.text(button.label.path).text,
          url: turn.text(button.url.path).text,
        };
        turn.say(text, language, { ...(media.length > 0 ? { media } : {}), ...(link ? { link } : {}) });
        return { type: 'follow', next: data.next ?? [] };
      },
    };
  },
);
