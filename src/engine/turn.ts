import { fits, type AnswerType } from './answer.ts';
import type { CountName, Effect } from './effect.ts';
import type { Given } from './formats.ts';
import type { Menu, MessageExtras } from './message.ts';
import { PHRASES_FLOW, type Phrase } from './phrases.ts';
import type { Frame, Reminder, Session, Value } from './session.ts';
import type { Jump } from './jump.ts';
import type { Bot, Flow, Said, Scope, Turn, Values } from './model.ts';

/** Stands for an answer that was not given, as in texts. */
const MISSING = '…';

export class TurnDraft implements Turn {
  readonly bot: Bot;
  readonly session: Session;
  readonly nowMs: number;
  readonly channel: string;
  readonly effects: Effect[] = [];
  template: NonNullable<Reminder['template']> | null = null;
  menuFrom = 0;
  woken = false;

  constructor(bot: Bot, session: Session, nowMs: number, channel: string) {
    this.bot = bot;
    this.session = session;
    this.nowMs = nowMs;
    this.channel = channel;
  }

  get language(): string {
    const { language } = this.session;
    return language !== null && this.bot.shownWords.has(language) ? language : this.bot.language;
  }

  get frame(): Frame {
    const frame = this.session.frames.at(-1);
    if (!frame) throw new Error('no flow is running');
    return frame;
  }

  get flow(): Flow {
    return this.bot.flows.get(this.session.frames.at(-1)?.flow ?? '') ?? this.bot.start;
  }

  text(path: string): Said {
    return this.bot.texts.say(this.language, this.flow.id, path, () => this.values());
  }

  phrase(key: Phrase, values: Readonly<Record<string, string>> = {}, language = this.language): string {
    const filled = (): Values => ({ ...this.bot.shownWords.get(language), ...values });
    return this.bot.texts.say(language, PHRASES_FLOW, key, filled).text;
  }

  tell(key: Phrase, values: Readonly<Record<string, string>> = {}, more: MessageExtras = {}): void {
    const filled = (): Values => ({ ...this.bot.shownWords.get(this.language), ...values });
    const { text, language } = this.bot.texts.say(this.language, PHRASES_FLOW, key, filled);
    this.say(text, language, more);
  }

  say(text: string, language = this.language, more: MessageExtras = {}): void {
    const foreign = language !== this.language && this.session.language !== null;
    const template = this.template && {
      template: { name: this.template.name, parameters: this.template.with.map((name) => this.shown(name)) },
    };
    const marked = foreign ? `${this.phrase('untranslated')}\n${text}` : text;
    this.effects.push({ type: 'send', message: { text: marked, language, ...template, ...more } });
  }

  menu(options: Menu['options'], style: Menu['style'] = 'auto'): Menu {
    const from = this.menuFrom < options.length ? this.menuFrom : 0;
    return { button: this.phrase('menu.button'), more: this.phrase('menu.more'), from, style, options };
  }

  count(name: CountName, labels: Readonly<Record<string, string>> = {}): void {
    this.effects.push({ type: 'count', name, labels });
  }

  keep(name: string, value: Value): void {
    const type = this.flow.answers.get(name);
    if (!type) throw new Error(`answer '${name}' is not declared in flow '${this.flow.id}'`);
    const until = type.keepMs === null ? null : this.nowMs + type.keepMs;
    this.session.answers[this.flow.id] = {
      ...this.session.answers[this.flow.id],
      [name]: { value, until },
    };
  }

  answer(name: string): Value | null {
    return this.answers().find((answer) => answer.name === name)?.value ?? null;
  }

  /** An answer as the person's language writes it; «…» where it was not given. */
  private shown(name: string): string {
    const value = this.values()[name] ?? MISSING;
    return typeof value === 'string' ? value : this.bot.texts.show(this.language, value);
  }

  /** What conditions see. Integers are CEL integers. */
  private scope(): Scope {
    const scope = new Map<string, unknown>([
      ['language', this.language],
      ['language_known', this.session.language !== null],
      ['channel', this.channel],
    ]);
    for (const { name, type, value } of this.answers())
      scope.set(name, type === 'integer' ? BigInt(Number(value)) : value);
    return scope;
  }

  /** This flow's answers, as far as they still are what it declares. */
  private answers(): { name: string; type: AnswerType['type']; value: Value }[] {
    return Object.entries(this.session.answers[this.flow.id] ?? {}).flatMap(([name, { value }]) => {
      const type = this.flow.answers.get(name)?.type;
      return type !== undefined && fits(type, value) ? [{ name, type, value }] : [];
    });
  }

  choose(next: readonly Jump[]): Jump | null {
    const scope = next.some(({ when }) => when !== undefined) ? this.scope() : new Map<string, unknown>();
    return next.find(({ when }) => when === undefined || this.flow.conditions.get(when)?.(scope)) ?? null;
  }

  /** Answers as shown in texts. */
  private values(): Record<string, string | Given> {
    return Object.fromEntries(
      this.answers().map(({ name, type, value }) => [
        name,
        typeof value === 'boolean' ? this.phrase(value ? 'yes.label' : 'no.label') : { type, value },
      ]),
    );
  }
}
