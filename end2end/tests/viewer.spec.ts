import type { Page } from '@playwright/test';
import { hydrated, expect, pupil, test } from '../fixtures';

/** The demo's P6 paper, open to read. */
async function open(page: Page, scripts: boolean) {
  await page.goto('/documents');
  await page.getByRole('link', { name: 'P6 Mathematics' }).click();
  await expect(page.getByRole('region', { name: 'The pages' })).toBeVisible();
  await hydrated(page, scripts);
}

test('one goes to a question, and sees where it is', async ({ page, context, javaScriptEnabled }) => {
  await pupil(context, 'P6');
  await open(page, !!javaScriptEnabled);
  const sheets = page.getByRole('img', { name: /^Page \d+ of/ });
  const count = await sheets.count();
  expect(count).toBeGreaterThan(2);
  const questions = page.getByRole('navigation', { name: 'Questions' }).getByRole('link');
  const last = questions.last();
  const path = await last.textContent();
  await last.click();
  await expect(page).toHaveURL(new RegExp(`#question-${path}$`));
  const place = page.locator(`[id="question-${path}"]`);
  await expect(place).toBeInViewport();
  expect(await place.evaluate((place) => getComputedStyle(place).fill)).not.toBe('none');
  // Below the sticky bar.
  const bar = (await page.locator('.pages-bar').boundingBox())!;
  expect((await place.boundingBox())!.y).toBeGreaterThanOrEqual(bar.y + bar.height - 1);
  await expect.poll(() => sheets.last().evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
});

test('a picture opens large', async ({ page, context, javaScriptEnabled }) => {
  await pupil(context, 'P6');
  await open(page, !!javaScriptEnabled);
  await page.getByRole('link', { name: /^Page 1 of \d+, large$/ }).click();
  await expect(page.locator('img')).toHaveJSProperty('naturalWidth', 1440);
});

test('a search leads to the question', async ({ page, context, javaScriptEnabled }) => {
  await pupil(context, 'P6');
  await page.goto('/documents?search=prime+numbers');
  await hydrated(page, !!javaScriptEnabled);
  const found = page.getByRole('link', { name: /^Question / }).first();
  const path = (await found.textContent())!.replace('Question ', '');
  await found.click();
  await expect(page.locator(`[id="question-${path}"]`)).toBeInViewport();
});
