import { flow, node, rapidpro, send, split, uuid, wait } from './exports.ts';

const id = {
  ask: uuid(),
  answer: uuid(),
  again: uuid(),
  people: uuid(),
  count: uuid(),
  size: uuid(),
  family: uuid(),
  single: uuid(),
  ticket: uuid(),
  child: uuid(),
  bye: uuid(),
};
const intro = uuid();
const rules = uuid();

const ask = send('Do you need a place to sleep tonight?', { quick_replies: ['Yes', 'No', 'Not sure'] });
const again = send('Please tap one of the answers.');
const people = send('How many people are you?');
const family = send('We have a family room for @results.people people.\n\nHouse: @fields.house');
const single = send('We have a bed for you, @contact.name.');
const bye = send('Good night, and write to info@example.org!');
const other = uuid();

const night = flow(
  'Night Shelter',
  [
    node(id.ask, [ask], id.answer),
    wait(
      id.answer,
      'Needs Bed',
      [
        { category: 'Yes', args: ['yes yeah'], to: id.people },
        { category: 'No', args: ['no'], to: id.bye },
        { category: 'Unsure', type: 'has_phrase', args: ['not sure'], to: id.ticket },
      ],
      { name: 'Other', to: id.again, id: other },
      { wait: { type: 'msg', timeout: { seconds: 3600, category_uuid: other } } },
    ),
    node(id.again, [again], id.answer),
    node(id.people, [people], id.count),
    wait(
      id.count,
      'People',
      [{ category: 'Numeric', type: 'has_number_between', args: ['1', '20'], to: id.size }],
      {
        name: 'Other',
        to: id.people,
      },
    ),
    split(
      id.size,
      '@results.people',
      [{ category: 'Family', type: 'has_number_gt', args: ['2'], to: id.family }],
      {
        name: 'Other',
        to: id.single,
      },
    ),
    node(
      id.family,
      [
        {
          uuid: uuid(),
          type: 'set_contact_field',
          field: { key: 'house', name: 'House' },
          value: 'Blue house',
        },
        family,
      ],
      id.child,
    ),
    node(id.single, [single], id.child),
    split(
      id.ticket,
      '@locals._new_ticket',
      [{ category: 'Success', type: 'has_text', to: id.bye }],
      { name: 'Failure', to: id.single },
      {
        actions: [
          {
            uuid: uuid(),
            type: 'open_ticket',
            topic: { uuid: uuid(), name: 'General' },
            note: 'Is not sure',
          },
        ],
      },
    ),
    split(
      id.child,
      '@child.status',
      [{ category: 'Complete', type: 'has_only_text', args: ['completed'], to: id.bye }],
      { name: 'Expired', to: null },
      { actions: [{ uuid: uuid(), type: 'enter_flow', flow: { uuid: rules, name: 'House Rules' } }] },
    ),
    node(id.bye, [bye]),
  ],
  {
    uuid: intro,
    localization: {
      fra: {
        [ask.uuid]: {
          text: ['Avez-vous besoin d’un lit cette nuit ?'],
          quick_replies: ['Oui', 'Non', 'Pas sûr'],
        },
        [again.uuid]: { text: ['Touchez une des réponses.'] },
        [people.uuid]: { text: ['Combien êtes-vous ?'] },
        [family.uuid]: { text: ['Une chambre familiale pour @results.people personnes : @fields.house'] },
        [single.uuid]: { text: ['Un lit pour vous, @contact.name.'] },
        [bye.uuid]: { text: ['Bonne nuit !'] },
        [other]: { name: ['Autre'] },
      },
    },
  },
);

const ruleNode = uuid();
const rule = send('No smoking, please.');
const houseRules = flow('House Rules', [node(ruleNode, [rule])], {
  uuid: rules,
  spec_version: '14.3.0',
  localization: { fra: { [rule.uuid]: { text: ['Ne fumez pas.'] } } },
});

/** A shelter's flows with a question, a hint, a number, a branch, a ticket, a called flow, and French. */
export const shelter = rapidpro([night, houseRules], {
  triggers: [
    {
      trigger_type: 'K',
      keywords: ['bed', 'shelter'],
      flow: { uuid: intro, name: 'Night Shelter' },
      groups: [],
    },
    { trigger_type: 'C', flow: { uuid: intro, name: 'Night Shelter' }, groups: [] },
  ],
  fields: [{ key: 'house', name: 'House', type: 'text' }],
  groups: [{ uuid: uuid(), name: 'Guests', query: null }],
});
