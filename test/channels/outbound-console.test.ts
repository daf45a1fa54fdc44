import { expect, test } from '@jest/globals';
import { createConsole } from '../../src/channels/console.ts';
import { PLAIN_TEXT, WHATSAPP, type Limits } from '../../src/channels/limits.ts';
import type { Message } from '../../src/engine/message.ts';

/** What a terminal shows of a message, one entry for each part. */
async function printed(message: Partial<Message>, limits: Limits): Promise<string[]> {
  const written: string[] = [];
  const channel = createConsole({ limits, write: (text) => void written.push(text.trimEnd()) });
  for (const part of channel.render({ text: 'Hallo', language: 'de', ...message }))
    expect(await channel.send({ account: 'local', address: {} }, part, 'c.0')).toEqual({ type: 'sent' });
  return written;
}

test('a terminal that shows things as WhatsApp names each part', async () => {
  const location = { latitude: 1, longitude: 2, name: 'Amt' };
  const contacts = [{ name: 'Beratung', phones: ['+49821000'] }];
  const media: Message['media'] = [{ type: 'audio', url: 'https://example.org/a.ogg' }];
  const link = { label: 'Termin', url: 'https://example.org/t' };
  expect(await printed({ location, contacts, media, link }, WHATSAPP)).toEqual([
    '[audio] https://example.org/a.ogg',
    'Amt: https://www.openstreetmap.org/?mlat=1&mlon=2#map=17/1/2',
    'Beratung: +49821000',
    'Hallo\n  [Termin: https://example.org/t]',
  ]);
});

test('a menu of several pages keeps the numbers to write, and shows the way on', async () => {
  const options = Array.from({ length: 11 }, (_, index) => ({
    id: `a/b/${String(index)}`,
    label: `Ort ${String(index)}`,
  }));
  const menu: Message['menu'] = { button: 'Auswählen', more: 'Mehr', style: 'auto', options };
  expect((await printed({ menu }, WHATSAPP))[0]).toMatch(/\[9\] Ort 8\n {2}\[…\] Mehr$/u);
  expect((await printed({ menu: { ...menu, from: 9 } }, WHATSAPP))[0]).toBe(
    'Hallo\n  [10] Ort 9\n  [11] Ort 10',
  );
  expect((await printed({ menu }, PLAIN_TEXT))[0]).toMatch(/\n11\. Ort 10$/u);
});
