import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Account } from '../accounts.ts';
import { botsOf } from '../bots.ts';
import { codeOf, reasonOf } from '../authoring/failure.ts';
import { didYouMean } from '../authoring/finding.ts';
import type { Bot, Flow } from '../engine/model.ts';
import { printCode } from '../posters/code.ts';
import { isNumber, isPage } from '../posters/links.ts';
import type { PaperSize } from '../posters/paper.ts';
import { drawPoster, missingLetters, type PosterFormat } from '../posters/poster.ts';
import { entrancesOf, sheetOf, type Places } from '../posters/sheet.ts';
import { accountsOf, loadBot, settings } from './project.ts';
import { EXIT, complain, say } from './terminal.ts';

export interface QrOptions {
  /** `poster.svg` or `poster.pdf`; without it links and codes go to the terminal. */
  readonly out?: string;
  /** BCP 47 tags, separated by commas, in the order they are to stand; all that the account offers if left out. */
  readonly language?: string;
  /** Phone number in E.164. */
  readonly number?: string;
  /** The page's name in m.me links. */
  readonly page?: string;
  readonly size: PaperSize;
}

/** What is to be drawn, after all that was asked for is known to exist. */
interface Order {
  readonly bot: Bot;
  readonly flow: Flow;
  readonly languages: readonly string[];
  readonly places: Places;
}

/** `lotse qr [FLOW]`: links that open the bot, as codes in the terminal or on a poster. */
export async function qr(id: string | undefined, options: QrOptions): Promise<void> {
  const format = options.out === undefined ? null : formatOf(options.out);
  if (options.out !== undefined && format === null) {
    refuse(`${options.out}: posters are SVG or PDF; name a file such as poster.pdf with --out`);
    return;
  }
  const config = settings();
  const accounts = accountsOf(config);
  const chosen = choose(accounts, options);
  if (typeof chosen === 'string') {
    refuse(chosen);
    return;
  }
  const shared = await loadBot(config);
  const { account } = chosen;
  const bot = account ? botsOf(() => shared, accounts)(account.channel, account.id) : shared;
  const order = orderOf(bot, id, chosen, options.language);
  if (typeof order === 'string') refuse(order);
  else if (options.out === undefined || format === null) print(order);
  else await write(order, options.out, format, options.size);
}

function formatOf(file: string): PosterFormat | null {
  const extension = extname(file).toLowerCase();
  return extension === '.svg' ? 'svg' : extension === '.pdf' ? 'pdf' : null;
}

interface Chosen extends Places {
  /** Whose wishes count: start flow, languages, organisation. */
  readonly account: Account | null;
}

/** The number and the page to draw; or why there are none, in a sentence. */
function choose(accounts: readonly Account[], { number, page }: QrOptions): Chosen | string {
  if (number !== undefined && !isNumber(number))
    return `--number ${number} is no phone number with country code; write it such as +4982112345`;
  if (page !== undefined && !isPage(page))
    return `--page ${page} is no page name; write what stands after facebook.com/ in the page's address`;
  const named = number !== undefined || page !== undefined;
  const of = (channel: Account['channel'], link: string | undefined): readonly Account[] =>
    accounts.filter(
      (account) =>
        account.channel === channel && account.link !== null && account.link === (link ?? account.link),
    );
  const numbers = of('whatsapp', number);
  const pages = of('messenger', page);
  const several = [of('whatsapp', undefined), of('messenger', undefined)].some(({ length }) => length > 1);
  if (!named && several) {
    const all = [...numbers, ...pages].map(({ link }) => link).join(', ');
    return `there are several accounts: ${all}; choose with --number and --page`;
  }
  // Beside the one that was named, the other is drawn only where they surely belong together.
  const only = ([first]: readonly Account[]): string | null => (several ? null : (first?.link ?? null));
  const places = { number: number ?? only(numbers), page: page ?? only(pages) };
  if (places.number === null && places.page === null)
    return 'no phone number and no page is known; name one with --number +49… or --page NAME, or set ACCOUNTS';
  const account = [...(number === undefined ? [] : numbers), ...pages, ...numbers].find(
    ({ link }) => link === places.number || link === places.page,
  );
  return { ...places, account: account ?? null };
}

function orderOf(
  bot: Bot,
  id: string | undefined,
  places: Places,
  language: string | undefined,
): Order | string {
  const wanted = id ?? bot.start.id;
  const flow = bot.flows.get(wanted);
  if (!flow) {
    const known = [...bot.flows.keys()];
    return `there is no usable flow '${wanted}'${didYouMean(wanted, known)}; there are: ${known.join(', ')}`;
  }
  const known = bot.languages.map(({ tag }) => tag);
  const languages = [...new Set(language?.split(',').map((tag) => tag.trim()) ?? known)];
  const strange = languages.find((tag) => !known.includes(tag));
  if (strange !== undefined)
    return `there is no language '${strange}'${didYouMean(strange, known)}; there are: ${known.join(', ')}`;
  return { bot, flow, languages, places };
}

function print({ bot, flow, languages, places }: Order): void {
  const entrances = entrancesOf(bot, flow, languages, places);
  const printed = entrances.map(
    ({ name, link }) => `${name}: ${link}\n${printCode(link, process.stdout.isTTY)}`,
  );
  if (printed.length > 0) say(printed.join('\n\n'));
  tellMissing(flow, places, entrances.length);
}

async function write(order: Order, out: string, format: PosterFormat, size: PaperSize): Promise<void> {
  const { bot, flow, languages, places } = order;
  const sheet = sheetOf(bot, flow, languages, places);
  tellMissing(flow, places, sheet.entrances.length);
  if (sheet.entrances.length === 0) return;
  const missing = [...missingLetters(sheet)];
  if (missing.length > 0) {
    const each = missing.map(([language, letters]) => `${language}: ${letters.slice(0, 10).join(' ')}`);
    refuse(
      `Lotse has no font for these letters (${each.join('; ')}); leave the language out with --language`,
    );
    return;
  }
  for (const { language, title, line } of sheet.rows) {
    if (title.language !== language)
      complain(
        `the title of '${flow.id}' is not translated into ${language}: it stands there in ${title.language}`,
      );
    if (line.language !== language) complain(`'Scan the code' stands there in English for ${language}`);
  }
  try {
    await writeFile(out, await drawPoster(sheet, format, size));
    say(`${out} written: ${size.toUpperCase()}, ${languages.join(', ')}`);
    for (const { name, link } of sheet.entrances) say(`${name}: ${link}`);
  } catch (error) {
    if (codeOf(error) === null) throw error;
    refuse(`${out} cannot be written: ${reasonOf(error)}; choose another file with --out`);
  }
}

/** A link to WhatsApp opens a flow by a word, and this flow has none. */
function tellMissing(flow: Flow, { number, page }: Places, drawn: number): void {
  const wanted = [number, page].filter((place) => place !== null).length;
  if (drawn === wanted) return;
  complain(`no word opens '${flow.id}', so no link to WhatsApp can; add words under entry: in its file`);
  if (drawn === 0) process.exitCode = EXIT.wrongUse;
}

function refuse(message: string): void {
  complain(message);
  process.exitCode = EXIT.wrongUse;
}
