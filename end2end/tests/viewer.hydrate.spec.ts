import { hydrated, expect, pupil, sound, test } from '../fixtures';

test.beforeEach(async ({ page, context }) => {
  await pupil(context, 'P6');
  await page.goto('/documents');
  await page.getByRole('link', { name: 'P6 Mathematics' }).click();
  await hydrated(page, true);
  await page.getByRole('region', { name: 'The pages' }).scrollIntoViewIfNeeded();
});

test('pages come as one gets to them, and their text with them', async ({ page }) => {
  const first = page.locator('#page-1 text');
  await expect(first.first()).toBeAttached();
  const last = page.locator('figure').last();
  await expect(last.locator('text')).toHaveCount(0);
  await last.scrollIntoViewIfNeeded();
  await expect(last.locator('text').first()).toBeAttached();

  await sound(page, 'the pages of a paper');

  // The selected text is what is printed there.
  const line = page.locator('#page-1 text').filter({ hasText: /[a-z]{4} [a-z]+ [a-z]/ }).first();
  await line.evaluate((line) => line.scrollIntoView({ block: 'center' }));
  const words = (await line.textContent())!;
  const box = (await line.boundingBox())!;
  await page.mouse.move(box.x + 1, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 1, box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
  const selected = await page.evaluate(() => getSelection()!.toString());
  expect(selected.length).toBeGreaterThan(words.length - 3);
  expect(words).toContain(selected.trim());
});

test('pages grow, and what one reads stays before one', async ({ page }) => {
  const sheet = page.locator('#page-2 img');
  await sheet.scrollIntoViewIfNeeded();
  await expect(sheet).toHaveJSProperty('complete', true);
  const width = (await sheet.boundingBox())!.width;
  await expect(page.getByRole('button', { name: 'Smaller' })).toBeDisabled();
  const middle = () => page.evaluate(() => document.elementsFromPoint(innerWidth / 2, innerHeight / 2).map((e) => e.closest('figure')?.id).find(Boolean));
  const reading = await middle();
  for (const size of ['150 %', '200 %', '300 %']) {
    // Playwright's `click` would scroll first.
    await page.getByRole('button', { name: 'Larger' }).dispatchEvent('click');
    await expect(page.getByText(size)).toBeVisible();
    await expect.poll(middle).toBe(reading);
  }
  await expect(page.getByRole('button', { name: 'Larger' })).toBeDisabled();
  expect((await sheet.boundingBox())!.width / width).toBeCloseTo(3, 1);
  // The page itself never scrolls sideways.
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
});
