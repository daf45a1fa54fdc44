import type { Channel, Part } from './channel.ts';
import type { Limits } from './limits.ts';
import { present, type Rendering } from './rendering.ts';

export interface ConsoleOptions {
  /** Whose limits decide how menus look. */
  readonly limits: Limits;
  readonly write: (text: string) => void;
}

/** A terminal as a channel: what would be tapped is printed with its number. */
export function createConsole({ limits, write }: ConsoleOptions): Channel {
  return {
    name: 'console',
    render: (message) => present(message, limits).map((rendering): Part => ({ text: printed(rendering) })),
    send(_address, part) {
      write(`${String(part['text'])}\n\n`);
      return Promise.resolve({ type: 'sent' });
    },
  };
}

function printed(rendering: Rendering): string {
  const numbered = (titles: readonly string[]): string =>
    titles.map((title, index) => `  [${String(index + 1)}] ${title}`).join('\n');
  switch (rendering.type) {
    case 'text':
      return rendering.text;
    case 'location_request':
      return `${rendering.text}\n  [send location]`;
    case 'buttons':
      return `${rendering.text}\n${numbered(rendering.buttons.map(({ title }) => title))}`;
    case 'quick_replies':
      return `${rendering.text}\n${numbered(rendering.replies.map(({ title }) => title))}`;
    case 'list':
      return `${rendering.text}\n${numbered(
        rendering.rows.map(({ title, description }) =>
          description === undefined ? title : `${title} – ${description}`,
        ),
      )}`;
  }
}
