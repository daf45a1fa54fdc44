import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { describeWithBrowser, launchBrowser, type TestBrowser } from '../support/browser.ts';
import { startBot, type Bot, type Script } from './bot.ts';
import { createScript } from './script.ts';

let browser: TestBrowser;
let bot: Bot;
let context: BrowserContext;
/** What no page of ours may ever do: errors, broken rules, requests to elsewhere. */
const faults: string[] = [];

/** Opens the page in a new profile; the conversation is `script`. */
async function open(options: BrowserContextOptions = {}, script: Script = createScript()): Promise<Page> {
  bot = await startBot(script);
  context = await browser.window({ viewport: { width: 390, height: 844 }, ...options });
  context.on('request', (request) => {
    if (!request.url().startsWith(`${bot.url}/`)) faults.push(`request to ${request.url()}`);
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (entry) => {
    if (entry.type() === 'error' || entry.type() === 'warning') faults.push(entry.text());
  });
  await page.goto(bot.url);
  return page;
}

async function write(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox').fill(text);
  await page.getByRole('textbox').press('Enter');
}

/** Starts the conversation, up to the first menu. */
async function greet(page: Page, greeting = 'Hallo'): Promise<void> {
  await write(page, greeting);
  await page.locator('.action').nth(2).waitFor();
}

/** Of all bubbles, the text that is seen, without times. */
const said = (page: Page): Promise<string[]> => page.locator('.said').allTextContents();

describeWithBrowser('the chat page', () => {
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });
  afterEach(async () => {
    await context.close();
    await bot.stop();
    expect(faults.splice(0)).toEqual([]);
  });

  test('what is written goes out once, and the answer comes back formatted', async () => {
    const page = await open();
    await greet(page);
    expect(await said(page)).toEqual([
      'Sie: Hallo',
      'Lotse: Willkommen! Ich bin Lotse. Ich begleite Sie, Schritt für Schritt, in Ihrer Sprache.',
      'Lotse: Was brauchen Sie?',
    ]);
    expect(await page.locator('.said strong').allTextContents()).toEqual(['Lotse']);
    await page.locator('.row.me.answered').waitFor();
    expect(bot.received).toMatchObject([{ kind: 'text', text: 'Hallo', account: 'local' }]);
  });

  test('a tapped button sends its option, and stays there to be tapped again', async () => {
    const page = await open();
    await greet(page);
    const button = page.getByRole('button', { name: 'Schlafplatz heute' });
    await button.click();
    await page.getByRole('button', { name: 'Meinen Standort senden' }).nth(1).waitFor();
    await button.click();
    await page.getByRole('button', { name: 'Meinen Standort senden' }).nth(2).waitFor();
    const choice = { kind: 'choice', choice: 'housing/need/tonight', text: 'Schlafplatz heute' };
    expect(bot.received.slice(1)).toMatchObject([choice, choice]);
  });

  test('a list opens as a sheet, keeps the focus inside, closes with Esc and is chosen by keyboard', async () => {
    const page = await open();
    await greet(page);
    await page.getByRole('button', { name: 'Andere Themen' }).click();
    const opener = page.locator('.action').nth(3);
    await opener.focus();
    await page.keyboard.press('Enter');
    const sheet = page.getByRole('dialog', { name: 'Auswählen' });
    await sheet.waitFor();
    for (let count = 0; count < 8; count += 1) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.closest("dialog")?.id')).toBe('sheet');
    }
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'hidden' });
    expect(await page.evaluate('document.activeElement === document.querySelectorAll(".action")[3]')).toBe(
      true,
    );
    await page.keyboard.press('Enter');
    for (const key of ['ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
    await page.getByText('Wo sind Sie?').waitFor();
    expect(bot.received.at(-1)).toMatchObject({ choice: 'start/topic/health', text: 'Gesundheit' });
  });

  test('the switch shows the same conversation as each platform would', async () => {
    const page = await open();
    await greet(page);
    await page.getByRole('button', { name: 'Andere Themen' }).click();
    await page.getByRole('button', { name: 'Auswählen' }).waitFor();
    await page.getByRole('radio', { name: 'Messenger' }).check();
    await page.getByRole('group', { name: 'Vorgeschlagene Antworten' }).getByText('Gesundheit').waitFor();
    expect(await page.locator('.said strong').count()).toBe(0);
    await page.getByRole('radio', { name: 'Text' }).check();
    expect((await said(page)).at(-1)).toContain('2. Gesundheit');
    expect(await page.locator('.action, .replies button').count()).toBe(0);
    await page.getByRole('radio', { name: 'WhatsApp' }).check();
    expect(await page.locator('.action').count()).toBe(4);
  });

  test('a quick reply sends its option and goes, as on Messenger', async () => {
    const page = await open();
    await page.getByRole('radio', { name: 'Messenger' }).check();
    await write(page, 'Hallo');
    const replies = page.getByRole('group', { name: 'Vorgeschlagene Antworten' });
    await replies.getByRole('button', { name: 'Eigene Wohnung' }).click();
    await page.getByText('Wo sind Sie?').waitFor();
    expect(await replies.count()).toBe(0);
    expect(await page.evaluate('document.activeElement.id')).toBe('log');
    expect(bot.received.at(-1)).toMatchObject({ kind: 'choice', choice: 'housing/need/flat' });
  });

  test('a location is sent from the bubble that asks for it', async () => {
    const page = await open({
      geolocation: { latitude: 48.3705, longitude: 10.8978 },
      permissions: ['geolocation'],
    });
    await greet(page);
    await page.getByRole('button', { name: 'Schlafplatz heute' }).click();
    await page.getByRole('log').getByRole('button', { name: 'Meinen Standort senden' }).click();
    await page.getByText('Haus Beispiel').waitFor();
    expect(bot.received.at(-1)).toMatchObject({ kind: 'location', latitude: 48.3705, longitude: 10.8978 });
    const links = '[...document.querySelectorAll(".said a")].map((link) => link.getAttribute("href"))';
    expect(await page.evaluate(links)).toEqual(['tel:03023125001', 'https://example.org/haus', 'tel:112']);
  });

  test('links, recordings, places and cards can be opened, and nothing of them is loaded before', async () => {
    const media = (['image', 'audio', 'video', 'document'] as const).map((type) => ({
      type,
      url: `https://example.org/${type}`,
    }));
    const page = await open({}, () => [
      { text: 'Ein Termin', language: 'de', link: { label: 'Buchen', url: 'https://example.org/termin' } },
      {
        text: 'Hier',
        language: 'de',
        media,
        location: { latitude: 48.37, longitude: 10.9, name: 'Amt', address: 'Weg 1' },
        contacts: [{ name: 'Beratung', phones: ['+49821000'], url: 'https://example.org' }],
      },
    ]);
    await write(page, 'Hallo');
    await page.getByText('Beratung').waitFor();
    const links =
      '[...document.querySelectorAll(".log a")].map((a) => [a.textContent, a.getAttribute("href")])';
    const map = 'https://www.openstreetmap.org/?mlat=48.37&mlon=10.9#map=17/48.37/10.9';
    expect(await page.evaluate(links)).toEqual([
      ['Buchen', 'https://example.org/termin'],
      ['Bild öffnen', 'https://example.org/image'],
      ['Anhören', 'https://example.org/audio'],
      ['Film ansehen', 'https://example.org/video'],
      ['Dokument öffnen', 'https://example.org/document'],
      ['Auf der Karte zeigen', map],
      ['+49821000', 'tel:+49821000'],
      ['https://example.org', 'https://example.org'],
    ]);
    const small = `[...document.querySelectorAll('.log a')].filter((a) => a.getBoundingClientRect().height < 44).length`;
    expect(await page.evaluate(small)).toBe(0);
    expect(await page.evaluate(CONTRASTS)).toEqual([]);
    await page.getByRole('radio', { name: 'Messenger' }).check();
    expect((await said(page)).at(-6)).toContain(`Amt, Weg 1: ${map}`);
    await page.getByRole('radio', { name: 'Text' }).check();
    expect((await said(page)).at(-2)).toContain('Buchen: https://example.org/termin');
  });

  test('a refused location is explained', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Meinen Standort senden' }).click();
    await page.getByRole('alert').getByText('Ihr Standort wurde nicht geteilt.').waitFor();
    expect(bot.received).toEqual([]);
  });

  test('a reload keeps the conversation, the view and the visitor', async () => {
    const page = await open();
    await greet(page);
    await page.getByRole('radio', { name: 'Text' }).check();
    const before = await said(page);
    await page.reload();
    await page.locator('.row').first().waitFor();
    expect(await said(page)).toEqual(before);
    await write(page, 'Hallo');
    await page.locator('.row.me.answered').nth(1).waitFor();
    const visitors = new Set(bot.received.map((event) => ('user' in event ? event.user : '')));
    expect(visitors.size).toBe(1);
  });

  test('clearing forgets the conversation and the visitor', async () => {
    const page = await open();
    await greet(page);
    await page.getByRole('button', { name: 'Dieses Gespräch löschen' }).click();
    await page.getByRole('button', { name: 'Löschen', exact: true }).click();
    await page.getByRole('heading', { name: 'Guten Tag, ich bin Lotse' }).waitFor();
    expect(await page.locator('.row:visible').count()).toBe(0);
    await greet(page);
    const visitors = new Set(bot.received.map((event) => ('user' in event ? event.user : '')));
    expect(visitors.size).toBe(2);
    expect(await page.evaluate('sessionStorage.getItem("lotse.chat")')).not.toContain([...visitors][0]);
  });

  test('what is written while the server is away waits, says so, and is sent once when it is back', async () => {
    const page = await open();
    await greet(page);
    await bot.stop();
    await page.getByText('Keine Verbindung').waitFor();
    await write(page, 'menu');
    await page.getByText('Ihre Nachrichten warten hier').waitFor();
    await page.locator('.row.me.waiting').waitFor();
    await bot.start();
    await page.locator('.row.me.answered').nth(1).waitFor();
    await page.getByText('Keine Verbindung').waitFor({ state: 'hidden' });
    expect(bot.received.map((event) => ('text' in event ? event.text : ''))).toEqual(['Hallo', 'menu']);
    // The refused connections are what the browser reports by itself; nothing else went wrong.
    const refused = faults
      .splice(0)
      .filter((fault) => !/ERR_(CONNECTION_REFUSED|INCOMPLETE_CHUNKED|EMPTY_RESPONSE)/.test(fault));
    expect(refused).toEqual([]);
  });

  test('a message sent twice is shown once, and acknowledged twice', async () => {
    const page = await open();
    await greet(page);
    const message = { text: 'Nur einmal', language: 'de' };
    expect(await bot.say(message, 'c.same')).toBe('sent');
    expect(await bot.say(message, 'c.same')).toBe('sent');
    expect(await page.getByText('Nur einmal').count()).toBe(1);
  });

  test('Arabic is right-to-left, and what is foreign in it keeps its direction', async () => {
    const page = await open();
    await greet(page, 'مرحبا');
    expect(await page.evaluate('[document.documentElement.lang, document.documentElement.dir]')).toEqual([
      'ar',
      'rtl',
    ]);
    const [mine, lotse] = await Promise.all(
      ['.row.me .bubble', '.row.lotse .bubble'].map((rows) => page.locator(rows).first().boundingBox()),
    );
    expect(mine!.x).toBeLessThan(lotse!.x);
    await page.getByRole('textbox', { name: 'اكتب رسالة' }).waitFor();
    await bot.say({ text: 'Guten Tag, Telefon 0821 324-0', language: 'de' });
    await page.locator('.row[lang=de][dir=ltr]').waitFor();
    expect(await page.evaluate('document.documentElement.dir')).toBe('ltr');
  });

  test('what is said is text, never markup', async () => {
    const page = await open();
    const attack = '<img src=x onerror=alert(1)> <b>fett</b> javascript:alert(1)';
    await greet(page);
    await write(page, attack);
    await bot.say({ text: attack, language: 'de' });
    await page.locator('.lotse .said', { hasText: attack }).waitFor();
    expect(await page.locator('.said img, .said b, .said a').count()).toBe(0);
  });

  test('only a refusal of the server makes a message fail, with its reason and another try', async () => {
    const page = await open();
    await greet(page);
    await page.route('**/chat/messages', (route) =>
      route.fulfill({ status: 400, json: { error: 'Zu lang.' } }),
    );
    await write(page, 'menu');
    await page.getByText('Zu lang.').waitFor();
    await page.unroute('**/chat/messages');
    await page.getByRole('button', { name: 'Noch einmal' }).click();
    await page.locator('.row.me.answered').nth(1).waitFor();
    expect(faults.splice(0)).toEqual([expect.stringContaining('400')]);
  });

  test('a screen reader finds every part by its role and name', async () => {
    const page = await open();
    await greet(page);
    await page.locator('.row.me.answered').waitFor();
    const tree = await page.locator('body').ariaSnapshot();
    expect(tree.replace(/\d\d:\d\d/g, '<time>')).toBe(
      [
        '- banner:',
        '  - heading "Lotse" [level=1]',
        '  - status: ist für Sie da',
        '  - button "Dieses Gespräch löschen"',
        '  - group "Nachrichten zeigen wie in":',
        '    - text: Nachrichten zeigen wie in',
        '    - radio "WhatsApp" [checked]',
        '    - text: WhatsApp',
        '    - radio "Messenger"',
        '    - text: Messenger',
        '    - radio "Text"',
        '    - text: Text',
        '- main:',
        '  - log "Gespräch":',
        '    - text: "heute Sie: Hallo"',
        '    - time: <time>',
        '    - text: "angekommen Lotse: Willkommen! Ich bin"',
        '    - strong: Lotse',
        '    - text: . Ich begleite Sie, Schritt für Schritt, in Ihrer Sprache.',
        '    - time: <time>',
        '    - text: "Lotse: Was brauchen Sie?"',
        '    - time: <time>',
        '    - button "Schlafplatz heute"',
        '    - button "Eigene Wohnung"',
        '    - button "Andere Themen"',
        '- contentinfo:',
        '  - button "Menü"',
        '  - textbox "Nachricht"',
        '  - button "Meinen Standort senden"',
        '  - button "Senden"',
      ].join('\n'),
    );
  });

  test('every control is at least 44 px high and wide, and nothing is wider than a 320 px screen', async () => {
    const page = await open({ viewport: { width: 320, height: 568 } });
    await greet(page);
    await page.getByRole('button', { name: 'Andere Themen' }).click();
    await page.getByRole('radio', { name: 'Messenger' }).check();
    await page.locator('.replies button').first().waitFor();
    const small = await page.evaluate(`[...document.querySelectorAll('button, .views label, textarea')]
      .filter((element) => element.checkVisibility())
      .map((element) => ({ name: element.textContent, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width < 44 || box.height < 43.9)
      .map(({ name, box }) => name + ' ' + box.width + ' x ' + box.height)`);
    expect(small).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
    expect(await page.evaluate('document.querySelector("#scroll").scrollWidth <= 320')).toBe(true);
  });

  test.each(['light', 'dark'] as const)('text stands out from what is behind it: %s', async (colorScheme) => {
    const page = await open({ colorScheme });
    await greet(page);
    expect(await page.evaluate(CONTRASTS)).toEqual([]);
    await page.getByRole('button', { name: 'Dieses Gespräch löschen' }).click();
    expect(await page.evaluate(CONTRASTS)).toEqual([]);
  });

  test('links are addresses and phone numbers, not dates, prices or postcodes', async () => {
    const page = await open();
    const linked = async (text: string): Promise<unknown> =>
      page.evaluate(`import('/assets/chat-text.js').then(({ writeText }) => {
        const parent = document.createElement('div');
        writeText(parent, ${JSON.stringify(text)}, true);
        return parent.innerHTML;
      })`);
    const link = (href: string, text: string): string => `<a href="${href}" dir="ltr">${text}</a>`;
    const web = (href: string, text = href): string =>
      `<a href="${href}" dir="ltr" target="_blank" rel="noopener noreferrer">${text}</a>`;
    const cases: [string, string][] = [
      ['Am 01.11.2026 um 08:00', 'Am 01.11.2026 um 08:00'],
      ['01/11/2026, 86150 Augsburg, 112 Euro, 110 km', '01/11/2026, 86150 Augsburg, 112 Euro, 110 km'],
      ['Mo 08-12 13-17 Uhr, Nr. 2110', 'Mo 08-12 13-17 Uhr, Nr. 2110'],
      ['0800 111 0 111', link('tel:08001110111', '0800 111 0 111')],
      ['(0821) 324-0.', `${link('tel:08213240', '(0821) 324-0')}.`],
      ['+49 (0)821/3240', link('tel:+498213240', '+49 (0)821/3240')],
      [
        '*112* oder 116 117',
        `<strong>${link('tel:112', '112')}</strong> oder ${link('tel:116117', '116 117')}`,
      ],
      ['(https://a.example/x_y_(z)?b=1).', `(${web('https://a.example/x_y_(z)?b=1')}).`],
      ['www.a.example!', `${web('https://www.a.example', 'www.a.example')}!`],
      ['hilfe@a.example', link('mailto:hilfe@a.example', 'hilfe@a.example')],
      [
        '*fett _beides_* 2*3*4 snake_case_name',
        '<strong>fett <em>beides</em></strong> 2*3*4 snake_case_name',
      ],
      ['* Punkt\n* Punkt', '* Punkt\n* Punkt'],
      ['~alt~ `x`', '<s>alt</s> <code>x</code>'],
      ['\ufffc https://a.example', ` ${web('https://a.example')}`],
    ];
    const shown = await Promise.all(cases.map(([text]) => linked(text)));
    expect(shown).toEqual(cases.map(([, html]) => html));
  });
});

/** Names every visible text whose contrast with the colour behind it is below WCAG AA (4.5 to 1). */
const CONTRASTS = `(() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = channels(colour).map((value) => {
      const part = value / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if ((channels(colour)[3] ?? 1) === 1) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const poor = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || element.closest('.hidden, symbol, noscript') || !element.checkVisibility()) continue;
    const [a, b] = [light(getComputedStyle(element).color), light(behind(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) poor.push(element.className + ' ' + element.textContent + ' ' + ratio.toFixed(2));
  }
  return poor;
})()`;
