import type { AnswerType } from './answer.ts';
import type { Danger } from './danger.ts';
import type { CountName, Effect, Question } from './effect.ts';
import type { Given } from './formats.ts';
import type { Answered, Input } from './input.ts';
import type { Jump } from './jump.ts';
import type { Menu, MessageExtras } from './message.ts';
import type { Phrase } from './phrases.ts';
import type { Frame, Reminder, Session, Value } from './session.ts';
import type { Understanding } from './understand.ts';

/** What a condition may look at: answers by name, `language`, `language_known`, `channel`. */
export type Scope = ReadonlyMap<string, unknown>;

/** A compiled CEL expression; false where it speaks of an answer that was not given. */
export type Condition = (scope: Scope) => boolean;

/** Words of the start flow that lead to steps of its own. */
export type EverywhereStep = 'menu' | 'help' | 'person';

/** A flow ready to be walked: checked, and free of references to nowhere within itself. */
export interface Flow {
  readonly id: string;
  /** Changes whenever the file's content does; 8 hexadecimal digits. */
  readonly version: string;
  /** BCP 47 tag of the language its texts are written in. */
  readonly language: string;
  /** ISO 8601 date when a person last checked the content; null: nobody has. */
  readonly checked: string | null;
  /** After so many days the content is to be checked again; null: never said. */
  readonly reviewAfterDays: number | null;
  readonly owner: { readonly organization: string; readonly contact: string } | null;
  readonly first: string;
  readonly answers: ReadonlyMap<string, AnswerType>;
  readonly steps: ReadonlyMap<string, Step>;
  /** Old step names and where they went. */
  readonly moved: ReadonlyMap<string, string>;
  readonly everywhere: ReadonlyMap<EverywhereStep, string>;
  /** path -> source text: `title`, `entry`, `crisis`, `steps.need.ask`, `steps.need.options.flat.label` … */
  readonly texts: ReadonlyMap<string, string>;
  /** CEL source -> compiled. */
  readonly conditions: ReadonlyMap<string, Condition>;
}

/** What a step wants next. */
export type Outcome =
  /** On to the first jump whose condition holds; none: the flow ends. */
  | { readonly type: 'follow'; readonly next: readonly Jump[] }
  /** The person is to answer. */
  | { readonly type: 'wait' }
  /** Somebody else is to answer: `receive` gets it. */
  | { readonly type: 'ask'; readonly question: Question }
  /** The answer did not fit; `need` says what would. */
  | { readonly type: 'miss'; readonly need?: Phrase; readonly values?: Readonly<Record<string, string>> };

/** `exact`: only what is beyond doubt, asked before words that work everywhere; `loose`: the best guess. */
export type Strictness = 'exact' | 'loose';

/** One state of a flow, built from the author's YAML by its kind. */
export interface Step {
  readonly kind: string;
  readonly texts: readonly { readonly path: string; readonly source: string }[];
  readonly jumps: readonly { readonly path: Path; readonly jump: Jump }[];
  readonly conditions: readonly { readonly path: Path; readonly source: string }[];
  /** Names of answers this step writes; `value`: what it writes, where that is known beforehand. */
  readonly writes: readonly { readonly path: Path; readonly answer: string; readonly value?: Value }[];
  /** Names of answers this step uses, other than in texts and conditions. */
  readonly reads: readonly { readonly path: Path; readonly answer: string }[];
  /** For steps that come back later: after how many ms (null: on a day), with which template, and whether only if the question is still open. */
  readonly later: {
    readonly ms: number | null;
    /** The approved template it names, and how many values it gives; null: none. */
    readonly template: { readonly name: string; readonly parameters: number } | null;
    readonly unanswered: boolean;
  } | null;
  /** Whether it is a question. */
  readonly waits: boolean;
  enter(turn: Turn): Outcome;
  /** Only for steps that wait or ask. null: not for me (with `exact`). */
  receive(turn: Turn, input: Input | Answered, strictness: Strictness): Outcome | null;
  /** Only for steps with options: takes a tap, also from an old menu; null: there is no such option. */
  tap(turn: Turn, option: string): Outcome | null;
}

/** Where in the author's YAML something stands, below `steps.<name>`. */
export type Path = readonly (string | number)[];

export interface Said {
  readonly text: string;
  /** BCP 47 tag of the language the text is in: the one asked for, or the flow's own. */
  readonly language: string;
}

export type Values = Readonly<Record<string, string | Given>>;

/** The translations, as values the engine is given. A text is named by its flow (or `lotse`) and path. */
export interface Texts {
  /**
   * `values` fill the placeholders: strings as they are, answers as the text's language writes them. Most texts have
   * none: a function is only called for those that do.
   */
  say(language: string, flow: string, path: string, values: Values | (() => Values)): Said;
  /** Every loaded form of a text, by language, the source's own included; placeholders unfilled. */
  forms(flow: string, path: string): ReadonlyMap<string, string>;
  /** An answer as a language writes it. */
  show(language: string, given: Given): string;
}

export interface Language {
  readonly tag: string;
  /** In itself: العربية. */
  readonly name: string;
  /** Its names in the loaded languages, and other spellings people use. */
  readonly names: readonly string[];
}

/** A word that means the same wherever it is written. */
export type Word =
  | { readonly type: 'everywhere'; readonly name: Everywhere }
  | { readonly type: 'language'; readonly tag: string }
  | { readonly type: 'entry'; readonly flow: string };

export type Everywhere =
  EverywhereStep | 'back' | 'repeat' | 'language' | 'stop' | 'start' | 'forget' | 'greeting';

/** All that a turn needs besides the person's session and words; made once, changed only as a whole. */
export interface Bot {
  readonly flows: ReadonlyMap<string, Flow>;
  /** Where conversations begin. */
  readonly start: Flow;
  /** Whom to turn to where a flow names nobody. */
  readonly owner: Flow['owner'];
  readonly texts: Texts;
  readonly languages: readonly Language[];
  /** What is spoken with people whose language is unknown: the start flow's, if it is offered. */
  readonly language: string;
  /** folded word -> what it means */
  readonly words: ReadonlyMap<string, Word>;
  /** language -> everywhere word -> how this language shows it; fills {{menu}} and the like in phrases */
  readonly shownWords: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** folded word -> languages in which it is one of Lotse's words */
  readonly wordLanguages: ReadonlyMap<string, ReadonlySet<string>>;
  readonly crisis: readonly Danger[];
  /** The danger phrase in a folded text, wherever in it and in whatever language. */
  dangerIn(folded: string): Danger | null;
  readonly yes: ReadonlySet<string>;
  readonly no: ReadonlySet<string>;
  readonly understanding: Understanding;
  /** Folded forms of a text by language, remembered. */
  folded(flow: string, path: string): ReadonlyMap<string, string>;
}

/** One answer to one input, while it is being worked out: the session's draft and the effects so far. */
export interface Turn {
  readonly bot: Bot;
  readonly session: Session;
  readonly nowMs: number;
  readonly channel: string;
  readonly effects: Effect[];
  /** Goes with every message while a reminder is given. */
  template: NonNullable<Reminder['template']> | null;
  /** How many options of the next menu were on earlier pages. */
  menuFrom: number;
  /** Whether this is a reminder, and not something the person did. */
  readonly woken: boolean;
  /** The person's language, or while unknown the start flow's. */
  readonly language: string;
  /** Where the person is; throws between flows. */
  readonly frame: Frame;
  /** The flow the person is in; the start flow between flows. */
  readonly flow: Flow;
  /** A text of the current flow, with answers filled in. */
  text(path: string): Said;
  /** One of Lotse's own phrases, in the person's language unless another is named. */
  phrase(key: Phrase, values?: Readonly<Record<string, string>>, language?: string): string;
  /** Sends one of Lotse's own phrases; marked where it is not translated. */
  tell(key: Phrase, values?: Readonly<Record<string, string>>, more?: MessageExtras): void;
  /** Sends; a text in another language than the person's is marked as such. */
  say(text: string, language?: string, more?: MessageExtras): void;
  menu(options: Menu['options'], style?: Menu['style']): Menu;
  count(name: CountName, labels?: Readonly<Record<string, string>>): void;
  /** Stores an answer that the current flow declares, for as long as declared. */
  keep(name: string, value: Value): void;
  /** A stored answer of the current flow; null: none. */
  answer(name: string): Value | null;
  /** The first jump whose condition holds. */
  choose(next: readonly Jump[]): Jump | null;
}
