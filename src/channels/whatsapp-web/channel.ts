import { resolve } from 'node:path';
import type { Log } from '../../log.ts';
import type { Channel, ChannelEvent } from '../channel.ts';
import { PLAIN_TEXT } from '../limits.ts';
import { present } from '../rendering.ts';
import { systemClock, type Clock } from '../clock.ts';
import { addAdminPage } from './admin.ts';
import type { ClientSignal, OpenClient } from './client.ts';
import { readHappening } from './inbound.ts';
import { createLastSeen } from './last-seen.ts';
import { openLibrary, sessionFolder } from './library.ts';
import { createSender, UNKNOWN_ACCOUNT } from './outbound.ts';
import type { Ownership } from './ownership.ts';
import { qrAsSvg, qrForTerminal } from './qr.ts';
import { createQueue, type InboundQueue } from './queue.ts';
import { createSession } from './session.ts';
import type { WhatsappWebStatus } from './status.ts';

const WARNING =
  'WhatsApp Web is an unofficial way in: WhatsApp does not allow it and may block the number for good. Use a number you can lose, for pilots only; see docs/whatsapp-web.md';

export interface WhatsappWebOptions {
  /** Where the linked session is kept: whoever reads it can write as this number. Made if missing. */
  readonly folder: string;
  readonly log: Log;
  /** Shows a new code to whoever sits at the terminal; without it the code is on the admin page only. */
  readonly print?: ((text: string) => void) | undefined;
  /** ADMIN_TOKEN, for the admin page. */
  readonly adminToken?: string | undefined;
  /** CHROMIUM_PATH. */
  readonly chromium?: string | undefined;
  /** Who may run the session. */
  readonly ownership: Ownership;
  readonly clock?: Clock;
  /** What runs WhatsApp Web; whatsapp-web.js if not given. */
  readonly open?: OpenClient;
}

export interface WhatsappWeb extends Channel {
  status(): WhatsappWebStatus;
}

/** WhatsApp through a linked device, for pilots without a business account. Starts its browser when the server listens. */
export function createWhatsappWeb(options: WhatsappWebOptions): WhatsappWeb {
  const folder = resolve(options.folder);
  const { log, print, adminToken, chromium, clock = systemClock } = options;
  const open: OpenClient = options.open ?? ((hear) => openLibrary({ folder, chromium }, hear));
  const lastSeen = createLastSeen(sessionFolder(folder), clock);
  let queue: InboundQueue | null = null;
  let notBefore = 0;

  const markSeen = (): void => {
    lastSeen.mark().catch((error: unknown) => {
      log.warn({ err: error }, 'WhatsApp Web: cannot write in its folder');
    });
  };

  const take = (signal: ClientSignal): void => {
    switch (signal.type) {
      case 'message':
      case 'unreadable':
      case 'edit':
      case 'revoke':
      case 'reaction': {
        const account = session.client()?.account() ?? UNKNOWN_ACCOUNT;
        const event = readHappening(signal.type, signal.data, { account, notBefore });
        if (signal.type === 'unreadable') log.warn('WhatsApp Web: a message could not be decrypted');
        if (event.kind === 'ignored') log.debug({ reason: event.reason }, 'WhatsApp Web: nothing to answer');
        else queue?.add('user' in event ? event.user : event.id, event);
        markSeen();
        break;
      }
      case 'ready':
        markSeen();
        break;
      case 'qr':
      case 'progress':
      case 'ended':
        break;
    }
  };

  const session = createSession({
    open: async (hear) => {
      notBefore = await lastSeen.notBefore();
      return open((signal) => {
        hear(signal);
        take(signal);
      });
    },
    ownership: options.ownership,
    clock,
    log,
    showQr: (code) => {
      if (print) print(qrForTerminal(code));
      else log.info('WhatsApp Web: a code waits to be scanned at /admin/whatsapp-web');
    },
  });

  const status = (): WhatsappWebStatus => {
    const now = session.status();
    switch (now.state) {
      case 'qr':
        return { state: now.state, since: now.since, qr: qrAsSvg(now.code) };
      case 'waiting':
        return { state: now.state, since: now.since, reason: now.reason };
      case 'starting':
      case 'ready':
      case 'elsewhere':
      case 'off':
        return { state: now.state, since: now.since };
    }
  };

  const send = createSender({
    client: () => session.client(),
    elsewhere: () => session.status().state === 'elsewhere',
    clock,
    arrived: (account, outbox, platformId) => {
      queue?.add(outbox, receipt(account, outbox, platformId, clock.now()));
    },
  });

  return {
    name: 'whatsapp-web',
    // Where nothing but text can be shown, everything is text.
    render: (message) =>
      present(message, PLAIN_TEXT).flatMap((shown) => ('text' in shown ? [{ text: shown.text }] : [])),
    send,
    status,
    routes(app, receive) {
      queue = createQueue({ receive, clock, log });
      addAdminPage(app, { status, token: adminToken });
      // Not before this process has its port: one that cannot serve must not take the session.
      app.addHook('onListen', (done) => {
        log.warn(WARNING);
        session.start();
        done();
      });
    },
    async close() {
      await session.stop();
      const lost = queue?.close() ?? 0;
      if (lost > 0) log.error({ lost }, 'WhatsApp Web: messages could not be stored before the end');
    },
  };
}

function receipt(account: string, outbox: string, target: string, at: number): ChannelEvent {
  return { kind: 'status', id: `${outbox}.sent`, account, at, outbox, status: 'sent', target };
}
