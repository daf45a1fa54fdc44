import { formatFinding } from '../../../src/authoring/finding.ts';
import { loadTests, type Test } from '../../../src/authoring/transcript/load.ts';
import { formatFailures } from '../../../src/authoring/transcript/report.ts';
import { runTests, type Results } from '../../../src/authoring/transcript/run.ts';
import { renderings } from '../../../src/cli/renderings.ts';
import type { Bot } from '../../../src/engine/model.ts';
import { botOf } from '../../engine/bot.ts';

/** A small bot in English and German, with a way to go wrong for everything a test can expect. */
export const town: Bot = botOf(
  {
    start: `
steps:
  menu:
    ask: What do you need?
    hint: Tap an answer.
    options:
      flat: {label: A flat, next: {go: flat}}
      doctor: {label: A doctor, next: doctor}
  doctor: {say: Call 116117., next: menu}
  round: {say: 'Round and round', next: round}
everywhere: {menu: menu}
`,
    flat: `
entry: [flat, room, anmeldung]
answers:
  people: {type: integer, min: 1, purpose: size, keep: conversation}
  place: {type: place, purpose: search, keep: conversation}
steps:
  many: {ask: How many people?, answer: people, next: told}
  told: {say: 'You are *{{people}}* people.', next: where}
  where: {ask: Where?, answer: place, next: offers}
  offers: {find: {topic: flats, near: place}, next: later, none: nothing}
  nothing: {say: I found nothing., next: later}
  later: {remind: {after: 3 days, to: helped}, next: bye}
  helped: {ask: Did you find a flat?, options: {found: {label: I found one, next: bye}}}
  bye: {end: Good luck.}
`,
    danger: `
crisis: [fire now, help me now]
steps:
  numbers: {say: Call 112., next: more}
  more: {ask: What now?, options: {safe: {label: I am safe, next: bye}}}
  bye: {end: Good.}
`,
  },
  {
    de: {
      start: {
        'steps.menu.ask': 'Was brauchen Sie?',
        'steps.menu.hint': 'Tippen Sie auf eine Antwort.',
        'steps.menu.options.flat.label': 'Eine Wohnung',
        'steps.menu.options.doctor.label': 'Ein Arzt',
        'steps.doctor.say': 'Rufen Sie 116117 an.',
        'steps.round.say': 'Im Kreis',
      },
      flat: {
        entry: 'wohnung, zimmer, anmeldung',
        'steps.many.ask': 'Wie viele Personen?',
        'steps.told.say': 'Sie sind {{people}} Personen.',
        'steps.where.ask': 'Wo?',
        'steps.nothing.say': 'Ich habe nichts gefunden.',
        'steps.helped.ask': 'Haben Sie eine Wohnung gefunden?',
        'steps.helped.options.found.label': 'Ich habe eine',
        'steps.bye.end': 'Viel Glück.',
      },
      danger: {
        crisis: 'es brennt, hilf mir jetzt',
        'steps.numbers.say': 'Rufen Sie 112 an.',
        'steps.more.ask': 'Und jetzt?',
        'steps.more.options.safe.label': 'Ich bin sicher',
        'steps.bye.end': 'Gut.',
      },
      lotse: {
        'words.menu': 'hauptmenü, menue',
        'miss.hint': 'Das habe ich nicht verstanden.',
        'menu.button': 'Auswählen',
      },
    },
  },
);

/** Tests without findings, of the flow `flat`. */
export function testsOf(yaml: string, flow = 'flat'): readonly Test[] {
  const { tests, findings } = loadTests(`${flow}.test.yaml`, flow, yaml);
  if (findings.length > 0) throw new Error(findings.map(formatFinding).join('\n'));
  return tests;
}

/** Every line about what went wrong; [] for tests that pass. */
export function played(yaml: string, bot = town): string[] {
  return formatFailures(resultsOf(yaml, bot).runs);
}

export function resultsOf(yaml: string, bot = town): Results {
  return runTests(bot, testsOf(yaml), renderings);
}
