import type { Rule } from '../rule.ts';
import { warning } from './warning.ts';

/** WhatsApp and Messenger let a bot write freely for 24 hours after the person's last message. */
const WINDOW_MS = 24 * 60 * 60 * 1000;

/** Reminders that come when the platforms' time window is closed, without a template to open it. */
export const outsideWindow: Rule = ({ loaded }) =>
  loaded.flatMap(({ flow, source }) =>
    [...(flow?.steps ?? [])].flatMap(([name, { later }]) => {
      if (!later || later.template || (later.ms !== null && later.ms < WINDOW_MS)) return [];
      const when = later.ms === null ? 'may come' : 'comes';
      const message = `this reminder ${when} more than 24 hours after the person last wrote, when WhatsApp and Messenger let no text through; add template: with the name of a template that Meta approved, or remind within 23 hours`;
      return [warning(source, 'outside-window', ['steps', name, 'remind'], message, { key: true })];
    }),
  );
