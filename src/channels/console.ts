import { moreId } from '../engine/message.ts';
import type { Channel, Part } from './channel.ts';
import { contactLine, linkLine, locationLine } from './extras.ts';
import type { Limits } from './limits.ts';
import { pageStart, type Row } from './menus.ts';
import { present, type Rendering } from './rendering.ts';

export interface ConsoleOptions {
  /** Whose limits decide how menus look. */
  readonly limits: Limits;
  readonly write: (text: string) => void;
}

/** A terminal as a channel: what would be tapped is printed with the number to write instead. */
export function createConsole({ limits, write }: ConsoleOptions): Channel {
  return {
    name: 'console',
    render: (message) => {
      const before = message.menu ? pageStart(message.menu) : 0;
      return present(message, limits).map((rendering): Part => ({ text: printed(rendering, before) }));
    },
    send(_address, part) {
      write(`${String(part['text'])}\n\n`);
      return Promise.resolve({ type: 'sent' });
    },
  };
}

/** `before`: how many options are on earlier pages. */
function printed(rendering: Rendering, before: number): string {
  const numbered = (choices: readonly Row[]): string =>
    choices
      .map(({ id, title, description }, index) => {
        const number = before + index;
        const mark = id === moreId(number) ? '…' : String(number + 1);
        return `  [${mark}] ${title}${description === undefined ? '' : ` – ${description}`}`;
      })
      .join('\n');
  switch (rendering.type) {
    case 'text':
      return rendering.text;
    case 'media':
      return `[${rendering.media}] ${rendering.url}`;
    case 'location':
      return locationLine(rendering);
    case 'contacts':
      return rendering.contacts.map(contactLine).join('\n');
    case 'link':
      return `${rendering.text}\n  [${linkLine({ label: rendering.title, url: rendering.url })}]`;
    case 'location_request':
      return `${rendering.text}\n  [send location]`;
    case 'buttons':
      return `${rendering.text}\n${numbered(rendering.buttons)}`;
    case 'quick_replies':
      return `${rendering.text}\n${numbered(rendering.replies)}`;
    case 'list':
      return `${rendering.text}\n${numbered(rendering.rows)}`;
  }
}
