import type { Rendering } from '../authoring/transcript/conversation.ts';
import { present } from '../channels/rendering.ts';
import type { Message } from '../engine/message.ts';
import { LIMITS } from '../registry.ts';

/** The platforms as authors' tests see them: what a person can tap there. */
export const renderings: readonly Rendering[] = [
  { name: 'whatsapp', channel: 'whatsapp', taps: tapsOn('whatsapp') },
  { name: 'messenger', channel: 'messenger', taps: tapsOn('messenger') },
  { name: 'text', channel: 'console', taps: tapsOn('text') },
];

function tapsOn(platform: keyof typeof LIMITS): (message: Message) => ReadonlySet<string> {
  return (message) =>
    new Set(
      present(message, LIMITS[platform]).flatMap((rendering) => {
        switch (rendering.type) {
          case 'buttons':
            return rendering.buttons.map(({ id }) => id);
          case 'list':
            return rendering.rows.map(({ id }) => id);
          case 'quick_replies':
            return rendering.replies.map(({ id }) => id);
          default:
            return [];
        }
      }),
    );
}
