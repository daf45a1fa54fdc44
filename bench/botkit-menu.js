/** The dialog of botkit.js: a menu of topics, a menu of questions in each, and «back», worded like flows/start.yaml. */

const GREETING = `Hello, I am *Lotse*.
I show you what you can do in Germany, and who helps you.
I am a computer program, not an authority. I am free. You need no papers, and I need no name.
I remember your language and your answers for a while. Write *delete my data*, and I delete them.
In danger, call 112 (ambulance, fire) or 110 (police).

`;

const TOPICS = [
  ['emergency', 'Emergency', 'Danger, violence, great distress'],
  ['housing', 'Housing', 'A place to sleep, Anmeldung, flat, rent'],
  ['health', 'Health', 'Doctor, pregnancy, who pays'],
  ['german', 'German course', 'Places, costs, other ways to learn'],
  ['people', 'People who help', 'Free advice, a lawyer, the right office'],
  ['about', 'About Lotse', 'Who I am, and what I cannot do'],
  ['privacy', 'What Lotse keeps', 'Your data, and how to delete it'],
  ['language', 'Another language', undefined],
];

const QUESTIONS = [
  ['tonight', 'A place for tonight', 'I do not know where to sleep'],
  ['register', 'Registration', 'Anmeldung: I have moved in'],
  ['wbs', 'A cheaper flat', 'Wohnberechtigungsschein (WBS)'],
  ['landlord', 'Landlord problems', 'Rent, repairs, I must move out'],
  ['people', 'People who help', undefined],
  ['menu', 'Main menu', undefined],
];

const asReplies = (options) =>
  options.map(([payload, title, detail]) => ({ content_type: 'text', title, payload, detail }));
/** A number, an id or the beginning of a label. */
const patternOf = ([id, label], index) => `^\\s*(${index + 1}|${id}|${label})\\s*$`;
const goTo = (thread) => async (_answer, convo) => {
  convo.setVar('greeting', '');
  await convo.gotoThread(thread);
};
const again = { default: true, handler: async (_answer, convo) => convo.repeat() };

export function addMenu(controller, BotkitConversation) {
  const menu = new BotkitConversation('menu', controller);
  menu.addQuestion(
    { text: ['{{{vars.greeting}}}What do you need?'], quick_replies: asReplies(TOPICS) },
    [
      ...TOPICS.map((topic, index) => ({
        type: 'regex',
        pattern: patternOf(topic, index),
        handler: goTo(topic[0]),
      })),
      again,
    ],
    'topic',
    'default',
  );
  for (const [topic, label] of TOPICS) {
    const chosen = QUESTIONS.map((question, index) => ({
      type: 'regex',
      pattern: patternOf(question, index),
      handler: goTo(question[0] === 'menu' ? 'default' : 'answer'),
    }));
    menu.addQuestion(
      { text: [`${label}: what is it about?`], quick_replies: asReplies(QUESTIONS) },
      [{ type: 'regex', pattern: '^\\s*(back|menu)\\s*$', handler: goTo('default') }, ...chosen, again],
      'question',
      topic,
    );
  }
  menu.addMessage('You chose {{vars.question}}. An advice centre can tell you more.', 'answer');
  menu.addAction('default', 'answer');
  controller.addDialog(menu);

  controller.interrupts(/suicide|kill myself|i want to die|he hits me/iu, 'message', async (bot) => {
    await bot.say('In danger, call 112 or 110. TelefonSeelsorge: 0800 1110111.');
  });
  controller.interrupts(/^\s*delete my data\s*$/iu, 'message', async (bot) => {
    await bot.cancelAllDialogs();
    await bot.say('All is deleted.');
  });
  controller.on('message', async (bot) => {
    await bot.beginDialog('menu', { greeting: GREETING });
  });
}
