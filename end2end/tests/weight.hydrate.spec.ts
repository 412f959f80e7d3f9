import type { Page } from '@playwright/test';
import { choosePaper, expect, hydrated, pupil, startExam, test } from '../fixtures';

/** What the page loaded, in bytes as sent: the document, and the script and WebAssembly that wake it. */
async function weight(page: Page): Promise<{ html: number; waking: number }> {
  await hydrated(page, true);
  return page.evaluate(() => {
    const sum = (entries: PerformanceEntryList) => entries.reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).encodedBodySize, 0);
    const waking = performance.getEntriesByType('resource').filter((entry) => /\.(js|wasm)$/.test(entry.name));
    return { html: sum(performance.getEntriesByType('navigation')), waking: sum(waking) };
  });
}

test('pages are light on the line', async ({ page, context }) => {
  // Nothing wakes in pages of links and forms, so that they load no script.
  for (const path of ['/', '/login', '/register']) {
    await page.goto(path);
    const { html, waking } = await weight(page);
    expect(html, path).toBeLessThan(40_000);
    expect(waking, path).toBe(0);
  }
  await pupil(context, 'P6');
  for (const path of ['/', '/documents', '/documents/new', '/progress', '/mistakes', '/quizzes/new']) {
    await page.goto(path);
    const { html, waking } = await weight(page);
    expect(html, path).toBeLessThan(40_000);
    expect(waking, path).toBe(0);
  }
  // A paper's pages have scripts of their own.
  await page.goto('/documents');
  await page.getByRole('link', { name: 'P6 Mathematics practice paper' }).click();
  await expect(page.getByRole('region', { name: 'The pages' })).toBeVisible();
  expect((await weight(page)).waking).toBe(0);
  await choosePaper(page, 'P6 Mathematics practice paper', true);
  await startExam(page, true);
  const { html, waking } = await weight(page);
  expect(await page.evaluate(() => scrollY)).toBe(0);
  expect(html).toBeLessThan(90_000);
  expect(waking).toBeGreaterThan(0);
  expect(waking).toBeLessThan(176_000);
});

test('a form leaves one where one stood, or leads to what is wrong', async ({ page, context }) => {
  await pupil(context, 'P6');
  await page.setViewportSize({ width: 360, height: 300 });
  await page.goto('/account');
  await hydrated(page, true);
  await page.getByLabel('Current password').fill('not this one');
  await page.getByLabel('New password').fill('blue-lake-7');
  await page.getByRole('button', { name: 'Change the password' }).click();
  await expect(page.locator('main .field-error').first()).toBeInViewport();
  await expect(page.getByLabel('Current password')).toBeFocused();

  const name = page.getByLabel('Your name');
  await name.fill('Another Name');
  const stood = await page.evaluate(() => scrollY);
  expect(stood).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('main .field-error')).toHaveCount(0);
  await hydrated(page, true);
  expect(Math.abs((await page.evaluate(() => scrollY)) - stood)).toBeLessThan(100);
});
