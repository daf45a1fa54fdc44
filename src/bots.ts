import type { Account } from './accounts.ts';
import { createBot } from './engine/bot.ts';
import type { Bot } from './engine/model.ts';
import { understanding } from './understanding/understanding.ts';

/**
 * The bot of every account, made of the flows as they now stand: where its conversations begin and which languages
 * it offers. Accounts without wishes of their own share `current()`.
 */
export function botsOf(
  current: () => Bot,
  accounts: readonly Account[],
): (channel: string, account: string) => Bot {
  const byAccount = new Map(accounts.map((account) => [`${account.channel} ${account.id}`, account]));
  const made = new WeakMap<Bot, Map<Account, Bot>>();
  return (channel, id) => {
    const bot = current();
    const account = byAccount.get(`${channel} ${id}`);
    if (!account) return bot;
    const known = made.get(bot) ?? new Map<Account, Bot>();
    made.set(bot, known);
    const own = known.get(account) ?? ownBot(bot, account);
    known.set(account, own);
    return own;
  };
}

/** What is missing from flows or translations for what an account wants, in words. */
export function accountProblems(bot: Bot, accounts: readonly Account[]): string[] {
  const known = new Set(bot.languages.map(({ tag }) => tag));
  return accounts.flatMap(({ channel, id, start, languages }) => [
    ...(bot.flows.has(start) ? [] : [`${channel} ${id}: there is no usable flow '${start}' to start with`]),
    ...(languages ?? [])
      .filter((tag) => !known.has(tag))
      .map((tag) => `${channel} ${id}: nothing is translated into '${tag}'`),
  ]);
}

function ownBot(bot: Bot, { start, languages, owner }: Account): Bot {
  const first = bot.flows.get(start) ?? bot.start;
  const offered = bot.languages.filter(({ tag }) => languages === null || languages.includes(tag));
  const isSame = first === bot.start && (offered.length === 0 || offered.length === bot.languages.length);
  const made = isSame
    ? bot
    : createBot(bot.flows, first, offered.length > 0 ? offered : bot.languages, bot.texts, understanding);
  return owner ? { ...made, owner } : made;
}
