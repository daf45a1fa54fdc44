import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeWithBrowser, launchBrowser, type TestBrowser } from '../support/browser.ts';
import { startLotse, temporaryFolder, type Lotse } from '../support/lotse.ts';

const ARABIC = /\p{Script=Arabic}/u;

describeWithBrowser('a newcomer with nothing but Node and a browser', () => {
  let browser: TestBrowser;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let lotse: Lotse;

  beforeAll(async () => {
    [browser, folder] = await Promise.all([launchBrowser(), temporaryFolder()]);
    lotse = await startLotse({ STORE: `embedded:${folder.path}` });
  });
  afterAll(async () => {
    await browser.close();
    expect(await lotse.stop()).toBe(0);
    await folder.remove();
  });

  const lastAnswer = (page: Page): Promise<string> =>
    page.locator('.row.lotse:not(.typing) .said').last().innerText();

  test('is led in Arabic from hello through housing to the end', async () => {
    const window = await browser.window({ viewport: { width: 390, height: 844 } });
    const page = await window.newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(lotse.url);
    const answersTo = async (act: () => Promise<void>): Promise<string> => {
      const before = await page.locator('.row.lotse:not(.typing)').count();
      await act();
      await page.locator('.row.lotse:not(.typing)').nth(before).waitFor();
      return lastAnswer(page);
    };
    const write = (text: string): Promise<string> =>
      answersTo(async () => {
        await page.getByRole('textbox').fill(text);
        await page.getByRole('textbox').press('Enter');
      });
    const choose = (row: number): Promise<string> =>
      answersTo(async () => {
        await page.locator('.action').last().click();
        await page
          .getByRole('dialog')
          .getByRole('button')
          .or(page.getByRole('dialog').getByRole('option'))
          .nth(row)
          .click();
      });

    expect(await write('مرحبا')).toMatch(ARABIC);
    expect(await page.evaluate('document.documentElement.dir')).toBe('rtl');
    expect(await write('سكن')).toMatch(ARABIC);
    await write('٣');
    expect(await write('٢')).toMatch(ARABIC);
    // How many people: in Arabic digits; the answer is spoken back.
    expect(await write('٥')).toMatch(/5|٥/);
    expect(choose).toBeDefined();
    await page.reload();
    expect(await page.locator('.row.me').count()).toBe(5);
    expect(await write('القائمة')).toMatch(ARABIC);
    await window.close();
  });
});
