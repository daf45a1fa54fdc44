import type { Turn } from '../../src/channels/channel.ts';
import type { Message, MenuOption } from '../../src/engine/message.ts';

interface Sentences {
  readonly hello: string;
  readonly need: string;
  readonly choose: string;
  readonly needs: readonly MenuOption[];
  readonly topic: string;
  readonly topics: readonly MenuOption[];
  readonly where: string;
  readonly offers: string;
  readonly again: string;
}

const de: Sentences = {
  hello: 'Willkommen! Ich bin *Lotse*. Ich begleite Sie, Schritt für Schritt, in Ihrer Sprache.',
  need: 'Was brauchen Sie?',
  choose: 'Auswählen',
  needs: [
    { id: 'housing/need/tonight', label: 'Schlafplatz heute' },
    { id: 'housing/need/flat', label: 'Eigene Wohnung' },
    { id: 'housing/need/more', label: 'Andere Themen' },
  ],
  topic: 'Womit kann ich helfen?',
  topics: [
    { id: 'start/topic/housing', label: 'Wohnen', detail: 'Schlafplatz, Wohnung, Ärger mit der Miete' },
    { id: 'start/topic/health', label: 'Gesundheit', detail: 'Arzt, Medikamente, Krankenversicherung' },
    { id: 'start/topic/german', label: 'Deutsch lernen', detail: 'Integrationskurs und andere Kurse' },
    { id: 'start/topic/work', label: 'Arbeit', detail: 'Erlaubnis, Anerkennung, Stellen' },
    { id: 'start/topic/emergency', label: 'Notfall', detail: 'Polizei 110, Feuerwehr und Arzt 112' },
  ],
  where: 'Wo sind Sie? Senden Sie Ihren Standort, eine Postleitzahl oder einen Ort.',
  offers:
    '*Haus Beispiel*\nMusterstraße 1, 86150 Augsburg\n_Täglich ab 17 Uhr, kostenlos_\nTelefon: 030 23125-001\nhttps://example.org/haus.\nIn einer Notlage: 112',
  again: 'Das habe ich nicht verstanden.',
};

const ar: Sentences = {
  hello: 'أهلًا وسهلًا! أنا *Lotse*. أرافقك خطوة بخطوة وبلغتك.',
  need: 'ماذا تحتاج؟',
  choose: 'اختيار',
  needs: [
    { id: 'housing/need/tonight', label: 'مكان للنوم الليلة' },
    { id: 'housing/need/flat', label: 'شقة خاصة بي' },
    { id: 'housing/need/more', label: 'مواضيع أخرى' },
  ],
  topic: 'بماذا يمكنني أن أساعدك؟',
  topics: [
    { id: 'start/topic/housing', label: 'السكن', detail: 'مكان للنوم، شقة، مشاكل الإيجار' },
    { id: 'start/topic/health', label: 'الصحة', detail: 'الطبيب والأدوية والتأمين الصحي' },
    { id: 'start/topic/german', label: 'تعلّم الألمانية', detail: 'دورات الاندماج ودورات أخرى' },
    { id: 'start/topic/work', label: 'العمل', detail: 'التصريح والاعتراف بالشهادات والوظائف' },
    { id: 'start/topic/emergency', label: 'حالة طارئة', detail: 'الشرطة 110، الإطفاء والإسعاف 112' },
  ],
  where: 'أين أنت؟ أرسل موقعك أو الرمز البريدي أو اسم المدينة.',
  offers:
    '*Haus Beispiel*\nMusterstraße 1, 86150 Augsburg\n_يوميًا من الساعة 17، مجانًا_\nالهاتف: +49 30 23125-001\nhttps://example.org/haus\nفي حالة الخطر: 112',
  again: 'لم أفهم ذلك.',
};

/** A small conversation, with an invented shelter and a number reserved for films, about a place to sleep: German, or Arabic to whoever greets in it. */
export function createScript(): (turn: Turn) => readonly Message[] {
  let language: 'de' | 'ar' = 'de';
  return (turn) => {
    if (turn.kind === 'text' && /[\u0600-\u06ff]/u.test(turn.text)) language = 'ar';
    const says = { de, ar }[language];
    const plain = (text: string): Message => ({ text, language });
    const menu = (text: string, options: readonly MenuOption[]): Message => ({
      ...plain(text),
      menu: { button: says.choose, style: 'auto', options: [...options] },
    });
    if (turn.kind === 'location') return [plain(says.offers)];
    if (turn.kind === 'choice') {
      if (turn.choice === 'housing/need/more') return [menu(says.topic, says.topics)];
      return [{ ...plain(says.where), request: 'location' }];
    }
    if (turn.kind === 'text' && /^(hallo|مرحبا|menu)$/iu.test(turn.text))
      return [plain(says.hello), menu(says.need, says.needs)];
    return [plain(says.again), menu(says.topic, says.topics)];
  };
}
