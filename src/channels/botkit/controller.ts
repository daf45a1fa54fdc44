import { z } from 'zod';
import type { Connection, Context, Logic, Reference } from './bridge.ts';
import { fromPackage } from './packages.ts';

export interface Controller {
  /** Runs one turn of Botkit's; rejects with what `hear` rejected with. */
  readonly handle: Logic;
  /** Sends one activity; the platform's id of it, if it gave one. Rejects with what the adapter throws. */
  say(reference: Reference, activity: Readonly<Record<string, unknown>>): Promise<string | undefined>;
}

export interface ControllerOptions {
  readonly connection: Connection;
  /** `activity` as the adapter made it, `reference` as JSON. Resolves when it is stored. */
  readonly hear: (activity: unknown, reference: string) => Promise<void>;
}

/** Botkit's middleware: `use` adds a step, `run` goes through all. */
interface Ware {
  use(step: (bot: object, message: unknown, next: (error?: unknown) => void) => void): void;
  run(bot: object, message: unknown, done: (error: unknown, bot: object, message: unknown) => void): void;
}

const messageSchema = z.object({ incoming_message: z.unknown(), reference: z.looseObject({}) });

/** Conversations are kept by Lotse, sealed; Botkit would keep a second copy, in plain text and for good. */
const NO_STORAGE = {
  read: () => Promise.resolve({}),
  write: () => Promise.resolve(),
  delete: () => Promise.resolve(),
};

/**
 * Botkit around one adapter. It is used for what adapters expect of it (their `init`, their own bot workers,
 * plugins' middleware, contexts to send in), never for dialogs, storage or its web server: those are Lotse's.
 */
export async function createController({ connection, hear }: ControllerOptions): Promise<Controller> {
  const { Botkit } = await fromPackage('botkit', () => import('botkit'));
  const { adapter } = connection;
  const controller = new Botkit({
    adapter,
    storage: NO_STORAGE,
    disable_webserver: true,
    disable_console: true,
  });
  const middleware: { ingest: Ware; send: Ware } = controller.middleware;

  // Not `controller.on('message')`: what fails there is lost as an unhandled rejection, and the webhook hangs.
  middleware.ingest.use((_bot, message, next) => {
    const { incoming_message, reference } = messageSchema.parse(message);
    hear(incoming_message, JSON.stringify(reference)).then(() => {
      next();
    }, next);
  });

  /** Botkit's `bot.say`, which never settles when the adapter throws. */
  const sayIn = async (bot: object, context: Context, activity: unknown): Promise<string | undefined> => {
    const ready = await new Promise<unknown>((resolve, reject) => {
      middleware.send.run(bot, activity, (error, _bot, changed) => {
        if (error === null || error === undefined) resolve(changed);
        else reject(asError(error));
      });
    });
    if (!isActivity(ready)) throw new Error('a Botkit plugin made no activity of what was to be sent');
    const response: unknown = await context.sendActivity(ready);
    return z.object({ id: z.string().min(1) }).safeParse(response).data?.id;
  };

  return {
    handle: async (context) => {
      await controller.handleTurn(context);
    },
    async say(reference, activity) {
      const message = { type: 'message', ...activity };
      if (!connection.resume) {
        const bot = await controller.spawn();
        await bot.changeContext(reference);
        const context: unknown = bot.getConfig('context');
        if (!isContext(context)) throw new Error('Botkit made no context to send in');
        return sayIn(bot, context, message);
      }
      const sent: Promise<string | undefined>[] = [];
      await connection.resume(reference, async (context) => {
        sent.push(sayIn(await controller.spawn(context), context, message));
        // Adapters write to the console what their logic throws; it is told by the promise instead.
        await Promise.allSettled(sent);
      });
      if (sent[0] === undefined) throw new Error('resume did not call its logic');
      return sent[0];
    },
  };
}

function isContext(value: unknown): value is Context {
  return (
    typeof value === 'object' &&
    value !== null &&
    'sendActivity' in value &&
    typeof value.sendActivity === 'function'
  );
}

function isActivity(value: unknown): value is Context['activity'] {
  return typeof value === 'object' && value !== null;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
