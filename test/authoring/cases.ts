import { expect } from '@jest/globals';

/** A flow file without findings. */
export const GOOD = `flow: good
language: en
title: Good
answers:
  people: {type: integer, purpose: size, keep: conversation}
  note: {type: text, purpose: test, keep: 30 days}
steps:
  need:
    ask: What?
    options:
      flat: {label: A flat, next: many}
  many: {ask: How many?, answer: people, next: [{when: people > 4, to: need}, {to: bye}]}
  bye: {say: 'Bye, {{people}}.'}
`;

/** The good file with one part of it changed. */
export const changed = (from: string, to: string): string => {
  expect(GOOD.split(from)).toHaveLength(2);
  return GOOD.replace(from, () => to);
};

/** Findings of one file on its own; those of whole projects have their cases in project.test.ts. */
export const CASES: readonly (readonly [what: string, text: string, findings: readonly string[]])[] = [
  [
    'a jump to nowhere',
    changed('next: many}', 'next: mani}'),
    ["11:35 error unknown-step: step 'need' goes to 'mani', which does not exist; did you mean 'many'?"],
  ],
  [
    'a way of several to nowhere',
    changed('{to: bye}', '{to: by}'),
    ["12:84 error unknown-step: step 'many' goes to 'by', which does not exist; did you mean 'bye'?"],
  ],
  [
    'a return to nowhere',
    changed('next: many}', 'next: {call: other, then: zz}}'),
    ["11:55 error unknown-step: step 'need' goes to 'zz', which does not exist"],
  ],
  [
    'an answer that is not declared',
    changed('answer: people', 'answer: peoples'),
    [
      "12:34 error unknown-answer: 'peoples' is not declared; add it under answers with its type, purpose and keep; did you mean 'people'?",
    ],
  ],
  [
    'a condition on an unknown name',
    changed('people > 4', 'ppl > 4'),
    ["12:56 error condition: in 'ppl > 4': Unknown variable: ppl"],
  ],
  [
    'a condition of the wrong type',
    changed('people > 4', 'people > "4"'),
    ['12:56 error condition: in \'people > "4"\': no such overload: int > string'],
  ],
  [
    'a condition that is none',
    changed('people > 4', 'people + 4'),
    ["12:56 error condition: in 'people + 4': gives int, but a condition must be true or false"],
  ],
  [
    'a condition that is no CEL',
    changed('people > 4', "'people > '"),
    ["12:65 error condition: in 'people >': Unexpected token: EOF"],
  ],
  [
    'a pattern in a condition',
    changed('people > 4', '\'true && note.matches("(?=a)b")\''),
    [
      '12:78 error condition: in \'true && note.matches("(?=a)b")\': this pattern cannot be used: error parsing regexp: invalid or unsupported Perl syntax: `(?=`',
    ],
  ],
  [
    'a loop in a condition',
    changed('people > 4', "'[1, 2].all(x, x > people)'"),
    ["12:57 error condition: in '[1, 2].all(x, x > people)': 'all()' is not available in conditions"],
  ],
  [
    'a pattern hidden behind quotes',
    changed('people > 4', `'note == "\\"" || note.matches(note) || note == "\\""'`),
    [
      '12:86 error condition: in \'note == "\\"" || note.matches(note) || note == "\\""\': the pattern of matches() must be written out between quotes',
    ],
  ],
  [
    'an endless condition',
    changed('people > 4', `'${'-'.repeat(9999)}people > 4'`),
    [`12:57 error condition: in '${'-'.repeat(100)}…': it is longer than 500 characters`],
  ],
  [
    'an unknown placeholder',
    changed('{{people}}', '{{ peeple }}'),
    ["13:14 error unknown-placeholder: {{peeple}} names no answer of this flow; did you mean 'people'?"],
  ],
  [
    'a format that the type of an answer does not have',
    changed('{{people}}', '{{people, eur}}'),
    [
      "13:14 error unknown-placeholder: {{people, eur}}: 'eur' is no format of type integer, which has grouped, plain, euro; did you mean 'euro'?",
    ],
  ],
  ['a format of the type of an answer', changed('{{people}}', '{{people, euro}}'), []],
  [
    'a placeholder in a label',
    changed('A flat', '"A {{x}}"'),
    ['11:21 error unknown-placeholder: {{x}} names no answer of this flow'],
  ],
  [
    'an unknown key',
    changed('answer: people', 'anser: people, answer: people'),
    ["12:26 error unknown-key: 'anser' is not known here; did you mean 'answer'?"],
  ],
  [
    'a known key in a wrong place',
    changed("say: 'Bye", "hint: x, say: 'Bye"),
    ["13:9 error unknown-key: 'hint' is not known here"],
  ],
  [
    'an unknown kind',
    changed("say: 'Bye", "tell: 'Bye"),
    [
      "13:9 error unknown-kind: step 'bye' is of no known kind; it needs one of say, ask, branch, set, call, go, end, find, look_up, refer, handoff, remind, feedback",
    ],
  ],
  [
    'a kind misspelt',
    changed("say: 'Bye", "sey: 'Bye"),
    [
      "13:9 error unknown-kind: step 'bye' is of no known kind; it needs one of say, ask, branch, set, call, go, end, find, look_up, refer, handoff, remind, feedback; did you mean 'say'?",
    ],
  ],
  [
    'a step that is a text',
    changed("{say: 'Bye, {{people}}.'}", 'Bye'),
    ["13:8 error wrong-shape: step 'bye' must hold a key such as say or ask"],
  ],
  [
    'a step that is empty',
    changed("{say: 'Bye, {{people}}.'}", ''),
    ["13:8 error wrong-shape: step 'bye' must hold a key such as say or ask"],
  ],
  [
    'a step name with capitals',
    changed('bye: {say', 'Bye: {say').replace('to: bye', 'to: Bye'),
    [
      "13:3 error wrong-name: 'Bye' cannot be a step name: a step name begins with a small letter and has only small letters, digits and _",
    ],
  ],
  [
    'another name than the file',
    changed('flow: good', 'flow: best'),
    ["1:7 error wrong-name: the flow is called 'best' but its file 'good.yaml'; make them the same"],
  ],
  [
    'a text that is missing',
    changed('ask: What?', 'ask:'),
    ['9:9 error wrong-shape: steps.need.ask: must be a text'],
  ],
  [
    'a question without answers',
    changed('answer: people, ', ''),
    ['12:9 error wrong-shape: steps.many: a question needs options, or the name of an answer that is typed'],
  ],
  [
    'a question without a single option',
    changed('\n      flat: {label: A flat, next: many}', ' {}'),
    ['10:14 error wrong-shape: steps.need.options: must hold at least one option'],
  ],
  [
    'a way that may be none',
    changed(', {to: bye}]', ']'),
    [
      "12:48 error wrong-shape: steps.many.next: the last way, and only the last, must have no 'when': otherwise somebody is left without a way",
    ],
  ],
  [
    'a lifetime that is none',
    changed('30 days', 'forever'),
    ['6:43 error wrong-shape: answers.note.keep: must be "conversation" or a number of days, e.g. "30 days"'],
  ],
  [
    'a type that is none',
    changed('type: text', 'type: string'),
    [
      '6:16 error wrong-shape: answers.note.type: must be one of text, integer, number, yes_no, date, postcode, place, phone, email, choice, media',
    ],
  ],
  [
    'an answer whose name conditions know already',
    changed('note:', 'language:'),
    ["6:3 error wrong-name: 'language' means something else in conditions; give this answer another name"],
  ],
  [
    'an answer with a reserved name',
    changed('note:', 'for:'),
    ["6:3 error wrong-name: 'for' means something else in conditions; give this answer another name"],
  ],
  [
    'a language that is none',
    changed('language: en', 'language: en-a1'),
    ['2:11 error wrong-shape: language: must be a language tag such as de, ar or ckb'],
  ],
  [
    'a value of another type than declared',
    changed("say: 'Bye, {{people}}.'", 'set: {people: three}'),
    ['13:23 error wrong-shape: \'people\' is declared as integer, but "three" would be stored in it'],
  ],
  [
    'options stored in a number',
    changed('ask: What?', 'ask: What?\n    answer: people'),
    ['10:13 error wrong-shape: \'people\' is declared as integer, but "flat" would be stored in it'],
  ],
  [
    'a key that stands twice',
    changed('  bye: {say', '  many: {say: x}\n  bye: {say'),
    ["13:3 error duplicate-key: 'many' stands twice in the same place; remove or rename one of the two"],
  ],
  [
    'a key that cannot be a name',
    changed('  bye: {say', '  __proto__: {say: x}\n  bye: {say'),
    ["13:3 error wrong-name: '__proto__' cannot be a name"],
  ],
  [
    'a step moved to nowhere',
    changed('steps:', 'moved: {old: beye}\nsteps:'),
    ["7:14 error unknown-step: 'beye' is no step of this flow; did you mean 'bye'?"],
  ],
  [
    'an everywhere word that leads nowhere',
    changed('steps:', 'everywhere: {menu: start}\nsteps:'),
    ["7:20 error unknown-step: 'start' is no step of this flow"],
  ],
  [
    'an alias',
    changed('ask: What?', 'ask: &what What?').replace('How many?', '*what'),
    [
      "12:15 error alias: '*what' refers to another place in the file; Lotse reads no aliases: write the text again here",
    ],
  ],
  [
    'a tab',
    changed('    ask: What?', '\task: What?'),
    ['9:1 error yaml: the line begins with a tab; use spaces'],
  ],
  ['a tag', changed('A flat', '!python/object A flat'), ['11:21 error yaml: Unresolved tag: !python/object']],
  [
    'a file that is empty',
    '',
    ['1:1 error wrong-shape: the file: must hold keys such as flow, language, title and steps'],
  ],
  [
    'a file of comments',
    '# nothing\n',
    ['1:1 error wrong-shape: the file: must hold keys such as flow, language, title and steps'],
  ],
  [
    'a file that is a list',
    '- a\n- b\n',
    ['1:1 error wrong-shape: the file: must hold keys such as flow, language, title and steps'],
  ],
  [
    'a file that is a text',
    'hello',
    ['1:1 error wrong-shape: the file: must hold keys such as flow, language, title and steps'],
  ],
  [
    'a file without steps',
    'flow: good\nlanguage: en\ntitle: T\n',
    ['1:1 error wrong-shape: steps: is missing'],
  ],
];
