/**
 * What Lotse itself says, and the words that work everywhere, in English. Translations stand in
 * `locales/<language>/lotse.po` under the same keys as `msgctxt`. Word lists are separated by commas; a
 * translation may hold more or fewer words, and its first word is the one shown to people.
 */
export const phrases = {
  'words.menu': 'menu, main menu',
  'words.back': 'back, go back',
  'words.repeat': 'repeat, again, repeat the question',
  'words.help': 'help, help me, please help me, i need help, how does this work',
  'words.language': 'language, change language, other language',
  'words.person': 'person, human, talk to a person, talk to someone',
  'words.stop': 'stop, unsubscribe',
  'words.start': 'start',
  'words.forget': 'delete my data, delete everything, forget me',
  'words.greeting': 'hello, hi, hey, good morning, good evening',
  'words.yes': 'yes, yes please, ok',
  'words.no': 'no, no thanks',
  'menu.button': 'Choose',
  'menu.more': 'More',
  'poster.welcome': 'Help in your language',
  'poster.write': 'Scan the code, or write to us on {{channel}}.',
  'poster.word': 'Scan the code, or write “{{word}}” to us on {{channel}}.',
  'poster.or': '{{one}} or {{other}}',
  'yes.label': 'Yes',
  'no.label': 'No',
  'language.ask': 'Which language do you want?',
  'forget.ask': 'Shall I delete everything I have stored about you? This cannot be undone.',
  'forget.yes': 'Yes, delete',
  'forget.no': 'No, keep it',
  'forget.done': 'Done. I have deleted everything I had stored about you.',
  'stop.done': 'I will not write to you any more. Write *{{start}}* whenever you want to go on.',
  'stop.still': 'You asked me to stop. Write *{{start}}* whenever you want to go on. In danger: call 112.',
  help: 'Tap an answer, write its number, or write what you need in your own words.\n\nThese words always work:\n*{{menu}}* – start over\n*{{back}}* – one question back\n*{{language}}* – change the language\n*{{person}}* – people who can help\n*{{stop}}* – no more messages\n*{{forget}}* – delete what I know about you\n\nIn danger: call 112 (ambulance, fire) or 110 (police).',
  'feedback.partly': 'Partly',
  'feedback.thanks': 'Thank you for telling me.',
  'find.none': 'I found nothing that fits.',
  'find.failed': 'I cannot search right now. Please try again later.',
  'refer.failed': 'I could not pass this on. Please contact the organisation yourself.',
  'person.contact': 'People who can help you: {{organization}}, {{contact}}',
  'person.none':
    'I cannot connect you to a person yet. In danger: call 112 (ambulance, fire) or 110 (police).',
  'miss.hint': 'Sorry, I did not understand that.',
  'miss.numbers': 'Sorry, I still did not understand. Please write the number of your answer:',
  'miss.person':
    'I am sorry that I cannot help with this yet. Write *{{menu}}* to see what I can do, or *{{person}}* for people who can help.',
  'need.integer': 'Please write a whole number, for example 3.',
  'need.number': 'Please write a number, for example 3 or 2.5.',
  'need.between': 'The number must be between {{min}} and {{max}}.',
  'need.at_least': 'The number must be {{min}} or more.',
  'need.at_most': 'The number must be {{max}} or less.',
  'need.yes_no': 'Please answer yes or no.',
  'need.date': 'Please write the date with day, month and year, for example 31.12.2026.',
  'need.postcode': 'Please write a postcode with five digits, for example 86150.',
  'need.phone': 'Please write a phone number with its country code, for example +49 911 9430.',
  'need.phone_short':
    'This phone number is too short: digits are missing. Please write it in full, for example +49 911 9430.',
  'need.phone_long':
    'This phone number has too many digits. Please check it, and write only one number, for example +49 911 9430.',
  'need.email': 'Please write an e-mail address, for example name@example.org.',
  'need.place': 'Please send your location, or write a postcode or the name of a town.',
  'need.place_which':
    'Which of these places do you mean, or another one of this name?\n{{places}}\nPlease write the line as it stands here, or better the postcode.',
  'need.text': 'Please write your answer.',
  'need.media': 'Please send a picture, a voice message or a file.',
  'input.voice': 'I cannot listen to voice messages yet. Please tap an answer or write to me.',
  'input.media': 'I cannot look at pictures and files yet. Please tap an answer or write to me.',
  'input.unsupported': 'I cannot read this kind of message. Please tap an answer or write to me.',
  'input.location': 'Thank you. I do not need your location for this question.',
  'step.gone': 'Sorry, this part of the conversation has changed. We start it again.',
  'option.gone': 'Sorry, this answer no longer exists. Please choose again.',
  fault: 'Sorry, something went wrong on our side. Write *{{menu}}* to start over. In danger: call 112.',
  late: 'Sorry that this answer comes late: something was broken on our side. In danger: call 112.',
  untranslated: 'This is not in your language yet:',
} as const;

export type Phrase = keyof typeof phrases;

/** The flow id under which translations of these phrases are filed: `locales/<language>/lotse.po`. */
export const PHRASES_FLOW = 'lotse';
