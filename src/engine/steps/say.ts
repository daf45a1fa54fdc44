import { z } from 'zod';
import { nextSchema, textSchema } from '../jump.ts';
import { references, stepKind } from '../step.ts';

const linkSchema = z.url({ protocol: /^https$/, error: 'must be a link that begins with https://' });

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
      image: linkSchema.optional().meta({
        description: 'A picture that goes with the text; each language may have its own.',
        examples: ['https://example.org/pictures/anmeldung.png'],
      }),
      voice: linkSchema.optional().meta({
        description: 'The text read aloud, for people who cannot read; each language has its own recording.',
        examples: ['https://example.org/voice/en/anmeldung.ogg'],
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
    return {
      texts: [{ path, source: data.say }, ...links.map(({ path: at, source }) => ({ path: at, source }))],
      ...references(data.next, ['next']),
      enter(turn) {
        const { text, language } = turn.text(path);
        // A link is translated like a text: each language may have its own picture or recording.
        const media = links.map(({ type, path: at }) => ({ type, url: turn.text(at).text }));
        turn.say(text, language, media.length === 0 ? {} : { media });
        return { type: 'follow', next: data.next ?? [] };
      },
    };
  },
);
