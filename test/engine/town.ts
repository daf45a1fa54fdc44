import type { Bot } from '../../src/engine/model.ts';
import { botOf, type Translations } from './bot.ts';

/** A small town's bot: two flows and an emergency one, in English, German, Arabic and Ukrainian. */
export const TOWN_FLOWS = {
  start: `
entry: [lotse]
owner: {organization: Town hall, contact: help@example.org}
everywhere: {menu: menu, help: help, person: person}
steps:
  welcome:
    branch:
      - {when: language_known, to: hello}
      - {to: language}
  language: {ask: Which language?, options: languages, next: hello}
  hello: {say: Hello., next: menu}
  menu:
    ask: What do you need?
    hint: Write one word.
    options:
      housing: {label: Housing, next: {go: housing}}
      health: {label: Health, next: {go: health}}
      hospital: {label: Hospital, next: doctor}
  doctor: {say: Go to the hospital., next: menu}
  help: {say: This is how it works.}
  person: {say: These people help.}
`,
  housing: `
entry: [housing, flat, room]
answers:
  people: {type: integer, min: 1, max: 20, purpose: size of the flat, keep: conversation}
  story: {type: text, purpose: to understand, keep: 30 days}
steps:
  need:
    ask: What about housing?
    options:
      tonight: {label: A place for tonight, next: people}
      flat: {label: A flat of my own, next: story}
      menu: {label: Main menu, next: {go: start/menu}}
  people: {ask: How many people?, answer: people, hint: 'For example 3.', next: enough}
  enough:
    branch:
      - {when: people > 4, to: family}
      - {to: small}
  family: {say: 'A family of {{people}}.', next: need}
  small: {say: 'Only {{people}}.', next: need}
  story: {ask: Tell me about it., answer: story, next: thanks}
  thanks: {say: 'You wrote: {{story}}', next: need}
`,
  health: `
entry: [health, doctor]
steps:
  what:
    ask: What about health?
    options:
      ill: {label: I am ill, next: {call: emergency, then: what}}
      pregnant: {label: I am pregnant, next: what}
`,
  emergency: `
entry: [emergency, sos]
crisis: [i want to die, rape, "🆘"]
steps:
  now: {say: Call 112 now., next: safe}
  safe:
    ask: Are you safe?
    options:
      yes: {label: I am safe, next: glad}
      no: {label: I am not safe, next: now}
  glad: {end: I am glad.}
`,
};

export const TOWN_TEXTS: Translations = {
  de: {
    lotse: {
      'words.menu': 'Menü, hauptmenü',
      'words.back': 'zurück',
      'words.repeat': 'wiederholen',
      'words.help': 'Hilfe',
      'words.language': 'Sprache, andere sprache',
      'words.person': 'Mensch',
      'words.stop': 'Stopp, stop',
      'words.start': 'Start',
      'words.forget': 'meine Daten löschen',
      'words.greeting': 'hallo, guten tag',
      'words.yes': 'ja',
      'words.no': 'nein',
      'menu.button': 'Wählen',
      'miss.hint': 'Das habe ich nicht verstanden.',
      'language.ask': 'Welche Sprache möchten Sie?',
      'forget.yes': 'Ja, löschen',
      'forget.no': 'Nein, behalten',
      untranslated: 'Noch nicht übersetzt:',
    },
    start: {
      'steps.language.ask': 'Welche Sprache?',
      'steps.hello.say': 'Guten Tag.',
      'steps.menu.ask': 'Was brauchen Sie?',
      'steps.menu.options.housing.label': 'Wohnen',
      'steps.menu.options.health.label': 'Gesundheit',
      'steps.menu.options.hospital.label': 'Krankenhaus',
      'steps.doctor.say': 'Gehen Sie ins Krankenhaus.',
    },
    housing: {
      entry: 'wohnung, zimmer',
      'steps.need.ask': 'Worum geht es beim Wohnen?',
      'steps.need.options.tonight.label': 'Ein Platz für heute Nacht',
      'steps.need.options.flat.label': 'Eine eigene Wohnung',
      'steps.need.options.menu.label': 'Hauptmenü',
      'steps.people.ask': 'Wie viele Personen?',
    },
    emergency: { crisis: 'ich will sterben', 'steps.now.say': 'Rufen Sie 112 an.' },
  },
  ar: {
    lotse: {
      'words.menu': 'القائمة',
      'words.back': 'رجوع',
      'words.language': 'لغة',
      'words.stop': 'توقف',
      'words.start': 'ابدأ',
      'words.forget': 'احذف بياناتي',
      'words.greeting': 'مرحبا، السلام عليكم',
      'words.yes': 'نعم',
      'words.no': 'لا',
      'miss.hint': 'لم أفهم.',
      'language.ask': 'ما اللغة التي تريدها؟',
    },
    start: {
      'steps.language.ask': 'أي لغة؟',
      'steps.hello.say': 'مرحبًا.',
      'steps.menu.ask': 'ماذا تحتاج؟',
      'steps.menu.options.housing.label': 'السكن',
      'steps.menu.options.health.label': 'الصحة',
      'steps.menu.options.hospital.label': 'المستشفى',
    },
    emergency: { crisis: 'أريد أن أموت' },
  },
  uk: {
    lotse: {
      'words.greeting': 'привіт',
      'words.menu': 'меню',
      'miss.hint': 'Я не зрозумів.',
      'words.forget': 'видаліть мої дані',
    },
    health: { entry: "здоров'я, лікар" },
  },
};

export const town = (): Bot => botOf(TOWN_FLOWS, TOWN_TEXTS);
