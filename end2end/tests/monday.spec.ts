import { asAdmin, expect, hydrated, sound, sql, test } from '../fixtures';

test('from what a class answered to the board', async ({ page, context, javaScriptEnabled }) => {
  await asAdmin(context);
  await page.goto('/admin');
  await page.getByRole('navigation').getByRole('link', { name: 'Teach again' }).click();
  await expect(page.getByRole('heading', { name: 'What to teach again' })).toBeVisible();
  await hydrated(page, javaScriptEnabled);
  await page.getByLabel('Class').selectOption({ label: `P6 A, ${new Date().getFullYear()}` });
  await page.getByRole('button', { name: 'Show' }).click();
  await expect(page).toHaveURL(/class=/);
  await page.getByLabel('Subject').selectOption('Mathematics');
  await page.getByRole('button', { name: 'Show' }).click();
  await expect(page).toHaveURL(/subject=Mathematics/);
  await expect(page.locator('.lessons > li')).toHaveCount(3);
  await expect(page.getByText('Have not worked for 7 days')).toBeVisible();
  await hydrated(page, javaScriptEnabled);
  if (javaScriptEnabled) await sound(page, 'what to teach again');

  await page.getByRole('link', { name: /^Project questions/ }).first().click();
  await expect(page.getByText(/^Question 1 of [2-5]$/)).toBeVisible();
  await expect(page.locator('.key')).toBeHidden();
  await hydrated(page, javaScriptEnabled);
  if (javaScriptEnabled) await sound(page, 'a question on the board');
  await page.getByText('Answer', { exact: true }).click();
  await expect(page.locator('.key')).toBeVisible();
  await page.getByRole('link', { name: 'Next' }).click();
  await expect(page.getByText(/^Question 2 of [2-5]$/)).toBeVisible();
  await page.getByRole('link', { name: 'All, to print' }).click();
  await expect(page.locator('.board-sheet > li').nth(1)).toBeVisible();
});

test('marks and questions of a paper after an exam', async ({ page, context, javaScriptEnabled }) => {
  await asAdmin(context);
  const paper = sql("SELECT id FROM documents WHERE title = 'P6 Mathematics practice paper'");
  await page.goto(`/documents/${paper}`);
  await page.getByRole('link', { name: 'Marks', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Marks: P6 Mathematics practice paper' })).toBeVisible();
  await hydrated(page, javaScriptEnabled);
  await page.getByLabel('Order').selectOption('Most marks');
  await page.getByRole('button', { name: 'Show' }).click();
  await expect(page).toHaveURL(/sort=total/);
  const shares = await page.locator('.mark-list tbody td:nth-child(4)').allInnerTexts();
  const numbers = shares.map((share) => parseInt(share, 10));
  expect(numbers.length).toBeGreaterThanOrEqual(11);
  expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
  await hydrated(page, javaScriptEnabled);
  if (javaScriptEnabled) await sound(page, 'mark list');
  const name = page.locator('.mark-list tbody th').first();
  const before = (await name.boundingBox())!.x;
  await page.locator('.mark-list .table').evaluate((table) => table.scrollTo({ left: 400 }));
  expect((await name.boundingBox())!.x, 'the name stays in sight').toBe(before);
  const csv = page.waitForEvent('download');
  await page.getByRole('link', { name: 'CSV' }).click();
  expect((await csv).suggestedFilename()).toBe('Marks P6 Mathematics practice paper.csv');

  await page.getByRole('link', { name: 'Item analysis' }).click();
  await expect(page.getByRole('heading', { name: 'Item analysis: P6 Mathematics practice paper' })).toBeVisible();
  await expect(page.getByText(/pupils? to go: with fewer|the first attempt of each/)).toBeVisible();
  await hydrated(page, javaScriptEnabled);
  if (javaScriptEnabled) await sound(page, 'item analysis');
});
