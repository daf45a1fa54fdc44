import { flow, node, send, uuid, wait } from './exports.ts';

const id = {
  language: uuid(),
  chosen: uuid(),
  hindi: uuid(),
  english: uuid(),
  menu: uuid(),
  picked: uuid(),
  course: uuid(),
  doctor: uuid(),
};
const language = send('Reply 1 for Hindi, 2 for English');
const course = send('The course begins at 9.');
const doctor = send('The doctor is in room 4.');

const english = {
  type: 'list',
  title: 'Service',
  body: 'What do you need?',
  globalButtons: [{ type: 'text', title: 'Menu' }],
  items: [
    {
      title: 'Offers',
      subtitle: 'Offers',
      options: [
        { type: 'text', title: 'Course', description: 'Learn to read' },
        { type: 'text', title: 'Doctor', description: '' },
      ],
    },
  ],
};
const hindi = {
  ...english,
  title: 'सेवा',
  body: 'आपको क्या चाहिए?',
  items: [
    {
      title: 'प्रस्ताव',
      subtitle: 'प्रस्ताव',
      options: [
        { type: 'text', title: 'पाठ्यक्रम', description: 'पढ़ना सीखें' },
        { type: 'text', title: 'डॉक्टर', description: '' },
      ],
    },
  ],
};

const welcome = flow(
  'Welcome Workflow',
  [
    node(id.language, [language], id.chosen),
    wait(
      id.chosen,
      'language',
      [
        { category: 'Hindi', type: 'has_number_eq', args: ['1'], to: id.hindi },
        { category: 'English', type: 'has_number_eq', args: ['2'], to: id.english },
      ],
      { name: 'Other', to: id.language },
    ),
    node(id.hindi, [{ uuid: uuid(), type: 'set_contact_language', language: 'hindi' }], id.menu),
    node(id.english, [{ uuid: uuid(), type: 'set_contact_language', language: 'en' }], id.menu),
    node(
      id.menu,
      [
        {
          uuid: uuid(),
          type: 'send_interactive_msg',
          id: 7,
          name: 'Service',
          text: JSON.stringify(english),
          labels: [{ uuid: '3', name: 'menu' }],
        },
      ],
      id.picked,
    ),
    wait(
      id.picked,
      'service',
      [
        { category: 'Course', type: 'has_only_phrase', args: ['course'], to: id.course },
        { category: 'Doctor', type: 'has_only_phrase', args: ['doctor'], to: id.doctor },
      ],
      { name: 'Other', to: id.menu },
    ),
    node(id.course, [course]),
    node(id.doctor, [doctor, { uuid: uuid(), type: 'wait_for_time', delay: '60' }]),
  ],
  {
    language: 'base',
    spec_version: '13.1.0',
    type: 'message',
    vars: ['x'],
    localization: {
      hi: {
        [course.uuid]: { text: ['पाठ्यक्रम 9 बजे शुरू होता है।'] },
        [doctor.uuid]: { text: ['डॉक्टर कमरा 4 में है।'] },
      },
    },
  },
);

/** What Glific exports: a question for the language, a list with Hindi, and answers. */
export const school = {
  flows: [{ keywords: ['school', 'hello'], definition: welcome }],
  contact_field: ['name'],
  collections: ['Pupils'],
  interactive_templates: [
    {
      source_id: 7,
      label: 'Service',
      type: 'list',
      language_id: 1,
      send_with_title: true,
      interactive_content: english,
      translations: { '1': english, '2': hindi },
    },
  ],
};
