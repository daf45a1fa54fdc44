/** The page's own few words; the conversation itself is written by Lotse, in many more languages. */
const WORDS = {
  en: {
    write: 'Message',
    send: 'Send',
    menu: 'Menu',
    place: 'Send my location',
    close: 'Close',
    clear: 'Clear this conversation',
    clearMore:
      'This window forgets what was written here. Do this when other people use this device too. To have Lotse delete what it keeps, first write: delete my data.',
    clearYes: 'Clear',
    cancel: 'Cancel',
    views: 'Show messages as on',
    text: 'Text',
    conversation: 'Conversation',
    suggestions: 'Suggested answers',
    welcome: 'Hello, I am Lotse',
    welcomeMore: 'I help you find your way. Write to me in your language, or tap a greeting.',
    online: 'ready to help',
    connecting: 'connecting …',
    away: 'No connection. Your messages wait here and are sent as soon as it is back.',
    awayIdle: 'No connection. Trying again …',
    myPlace: 'My location',
    placeAsked: 'Finding your location …',
    placeRefused:
      'Your location was not shared. Allow it in the browser’s settings, or write a postcode or a town.',
    placeFailed: 'Your location could not be found. Write a postcode or a town instead.',
    placeInsecure:
      'The browser shares locations only over a secure connection (https). Write a postcode or a town instead.',
    waiting: 'waiting',
    sent: 'sent',
    answered: 'received',
    failed: 'not sent',
    again: 'Try again',
    you: 'You',
  },
  de: {
    write: 'Nachricht',
    send: 'Senden',
    menu: 'Menü',
    place: 'Meinen Standort senden',
    close: 'Schließen',
    clear: 'Dieses Gespräch löschen',
    clearMore:
      'Dieses Fenster vergisst, was hier geschrieben wurde. Gut, wenn auch andere dieses Gerät benutzen. Soll Lotse löschen, was gespeichert ist, schreiben Sie vorher: meine Daten löschen.',
    clearYes: 'Löschen',
    cancel: 'Abbrechen',
    views: 'Nachrichten zeigen wie in',
    text: 'Text',
    conversation: 'Gespräch',
    suggestions: 'Vorgeschlagene Antworten',
    welcome: 'Guten Tag, ich bin Lotse',
    welcomeMore:
      'Ich helfe Ihnen, sich zurechtzufinden. Schreiben Sie in Ihrer Sprache oder tippen Sie auf einen Gruß.',
    online: 'ist für Sie da',
    connecting: 'verbindet …',
    away: 'Keine Verbindung. Ihre Nachrichten warten hier und gehen raus, sobald sie wieder da ist.',
    awayIdle: 'Keine Verbindung. Neuer Versuch …',
    myPlace: 'Mein Standort',
    placeAsked: 'Ihr Standort wird gesucht …',
    placeRefused:
      'Ihr Standort wurde nicht geteilt. Erlauben Sie es in den Einstellungen des Browsers, oder schreiben Sie eine Postleitzahl oder einen Ort.',
    placeFailed: 'Ihr Standort war nicht zu finden. Schreiben Sie eine Postleitzahl oder einen Ort.',
    placeInsecure:
      'Der Browser teilt den Standort nur über eine sichere Verbindung (https). Schreiben Sie eine Postleitzahl oder einen Ort.',
    waiting: 'wartet',
    sent: 'gesendet',
    answered: 'angekommen',
    failed: 'nicht gesendet',
    again: 'Noch einmal',
    you: 'Sie',
  },
  ar: {
    write: 'اكتب رسالة',
    send: 'إرسال',
    menu: 'القائمة',
    place: 'إرسال موقعي',
    close: 'إغلاق',
    clear: 'مسح هذه المحادثة',
    clearMore:
      'تنسى هذه النافذة ما كُتب هنا. افعل ذلك إذا كان أشخاص آخرون يستخدمون هذا الجهاز. وإذا أردت أن يحذف Lotse ما يحفظه، فاكتب أولًا: احذف بياناتي.',
    clearYes: 'مسح',
    cancel: 'إلغاء',
    views: 'عرض الرسائل كما في',
    text: 'نص',
    conversation: 'المحادثة',
    suggestions: 'إجابات مقترحة',
    welcome: 'أهلًا، أنا Lotse',
    welcomeMore: 'أساعدك على إيجاد طريقك. اكتب بلغتك أو اضغط على تحية.',
    online: 'جاهز للمساعدة',
    connecting: 'جارٍ الاتصال …',
    away: 'لا يوجد اتصال. تنتظر رسائلك هنا وتُرسل فور عودته.',
    awayIdle: 'لا يوجد اتصال. تجري إعادة المحاولة …',
    myPlace: 'موقعي',
    placeAsked: 'جارٍ تحديد موقعك …',
    placeRefused: 'لم تتم مشاركة موقعك. اسمح بذلك في إعدادات المتصفح، أو اكتب الرمز البريدي أو اسم المدينة.',
    placeFailed: 'تعذّر تحديد موقعك. اكتب الرمز البريدي أو اسم المدينة.',
    placeInsecure: 'لا يشارك المتصفح الموقع إلا عبر اتصال آمن (https). اكتب الرمز البريدي أو اسم المدينة.',
    waiting: 'قيد الانتظار',
    sent: 'أُرسلت',
    answered: 'وصلت',
    failed: 'لم تُرسل',
    again: 'إعادة المحاولة',
    you: 'أنت',
  },
  uk: {
    write: 'Повідомлення',
    send: 'Надіслати',
    menu: 'Меню',
    place: 'Надіслати моє місцезнаходження',
    close: 'Закрити',
    clear: 'Очистити цю розмову',
    clearMore:
      'Це вікно забуде написане тут. Зробіть так, якщо цим пристроєм користуються й інші. Щоб Lotse видалив те, що зберігає, спершу напишіть: видалити мої дані.',
    clearYes: 'Очистити',
    cancel: 'Скасувати',
    views: 'Показувати повідомлення як у',
    text: 'Текст',
    conversation: 'Розмова',
    suggestions: 'Запропоновані відповіді',
    welcome: 'Вітаю, я Lotse',
    welcomeMore: 'Допоможу вам зорієнтуватися. Пишіть своєю мовою або торкніться привітання.',
    online: 'готовий допомогти',
    connecting: 'з’єднання …',
    away: 'Немає з’єднання. Ваші повідомлення чекають тут і підуть, щойно воно відновиться.',
    awayIdle: 'Немає з’єднання. Пробую знову …',
    myPlace: 'Моє місцезнаходження',
    placeAsked: 'Визначаю ваше місцезнаходження …',
    placeRefused:
      'Ваше місцезнаходження не передано. Дозвольте це в налаштуваннях браузера або напишіть поштовий індекс чи місто.',
    placeFailed: 'Не вдалося визначити місцезнаходження. Напишіть поштовий індекс або місто.',
    placeInsecure:
      'Браузер передає місцезнаходження лише через захищене з’єднання (https). Напишіть поштовий індекс або місто.',
    waiting: 'очікує',
    sent: 'надіслано',
    answered: 'отримано',
    failed: 'не надіслано',
    again: 'Спробувати ще раз',
    you: 'Ви',
  },
};

/** What the first tap may say: Lotse answers in the language of the greeting. */
export const GREETINGS = [
  { language: 'de', text: 'Hallo' },
  { language: 'en', text: 'Hello' },
  { language: 'ar', text: 'مرحبا' },
  { language: 'uk', text: 'Привіт' },
];

const RIGHT_TO_LEFT = new Set(['ar', 'fa', 'ps', 'ckb', 'ur']);

const base = (language) => language.toLowerCase().split(/[-_]/)[0];

export const directionOf = (language) => (RIGHT_TO_LEFT.has(base(language)) ? 'rtl' : 'ltr');

/** The words in a language, or in English where there are none; `language` says which of the two it was. */
export function wordsFor(language) {
  const known = base(language) in WORDS ? base(language) : 'en';
  return { ...WORDS[known], language: known };
}
