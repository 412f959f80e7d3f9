import { hydrated, choosePaper, expect, pupil, saved, sound, sql, startExam, test } from '../fixtures';

test('the real exam: its sections, its time, every kind of answer', async ({ page, context, javaScriptEnabled }) => {
  await pupil(context, 'S3');
  await choosePaper(page, 'S3 Physics practice paper', javaScriptEnabled);
  await expect(page.getByText('The whole paper, 100 marks, in 3 h.')).toBeVisible();
  await startExam(page, javaScriptEnabled);
  await expect(page.getByRole('timer')).toHaveText(/^2:59:\d\d$/);
  await expect(page.getByRole('heading', { name: /^Section A: all questions/ })).toBeVisible();
  await expect(page.getByRole('heading', { name: /^Section B: any 2 questions/ })).toBeVisible();

  await page.locator('input[type=radio]').first().check();
  const text = page.locator('main input[type=text]');
  const long = page.locator('textarea');
  await text.first().fill('12 N');
  await long.first().fill('Two lines:\n</textarea><b>the second</b>');
  await saved(page, javaScriptEnabled);
  await page.reload();
  await expect(page.locator('input[type=radio]').first()).toBeChecked();
  await expect(text.first()).toHaveValue('12 N');
  await expect(long.first()).toHaveValue('Two lines:\n</textarea><b>the second</b>');
  const picture = page.locator('details[open] img').first();
  await picture.scrollIntoViewIfNeeded();
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)).toBeGreaterThan(100);
});

test('when the time is over, what was saved is handed in', async ({ page, context, javaScriptEnabled }) => {
  await pupil(context, 'P6');
  await choosePaper(page, 'P6 Mathematics practice paper', javaScriptEnabled);
  await startExam(page, javaScriptEnabled);
  const id = page.url().split('/').pop();
  // Who cannot see jumps from question to question, and hears what each field asks.
  const headings = page.getByRole('heading', { name: /^Question \d+$/ });
  await expect(headings).toHaveCount(await page.locator('article.question').count());
  const asked = page.getByRole('group', { name: 'Question 2 Which of the following numbers is the greatest?' });
  await asked.getByRole('radio', { name: /5,890,070/ }).check();
  await saved(page, javaScriptEnabled);
  sql(`UPDATE attempts SET started_at = started_at - interval '3 h', deadline_at = now() + interval '2 s' WHERE id = '${id}'`);
  await expect.poll(() => sql(`SELECT closed_by FROM attempts WHERE id = '${id}'`), { timeout: 6_000 }).toBe('clock');
  // A late form leads to the marks, not to an error; with scripts the page goes there by itself.
  if (!javaScriptEnabled) await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page).toHaveURL(/\/result$/);
  await expect(page.getByText('Time was up. The saved answers were handed in.')).toBeVisible();
  // What was right is folded; its place in the strip opens it.
  await expect(page.getByText('Right: B: 5,890,070.')).toBeHidden();
  await page.getByRole('link', { name: /^Question \d+: Right$/ }).click();
  await expect(page.getByText('Right: B: 5,890,070.')).toBeVisible();
});

test('six digits open the exam on another device', async ({ page, context, browser, baseURL, javaScriptEnabled }) => {
  await pupil(context, 'P6');
  await choosePaper(page, 'P6 Mathematics practice paper', javaScriptEnabled);
  await startExam(page, javaScriptEnabled);
  await page.getByRole('radio', { name: /5,890,070/ }).check();
  await saved(page, javaScriptEnabled);
  await page.getByRole('link', { name: 'Continue on another device' }).click();
  await hydrated(page, javaScriptEnabled);
  await page.getByRole('button', { name: 'Show the six-digit code' }).click();
  const digits = page.locator('.code');
  await expect(digits).toHaveText(/^\d{3} \d{3}$/);
  await expect(page.locator('.qr svg')).toBeVisible();
  if (javaScriptEnabled) await sound(page, 'move');

  const other = await browser.newContext({ baseURL, javaScriptEnabled });
  const there = await other.newPage();
  await there.goto('/login');
  await there.getByRole('link', { name: 'I have a six-digit code' }).click();
  await hydrated(there, javaScriptEnabled);
  await there.getByLabel('Six-digit code').fill((await digits.textContent())!);
  await there.getByRole('button', { name: 'Continue' }).click();
  await expect(there).toHaveURL(/\/attempts\/[0-9a-f-]+$/);
  await expect(there.getByRole('radio', { name: /5,890,070/ })).toBeChecked();
  await other.close();
});

test('in a section with a choice the pupil says what counts', async ({ page, context, javaScriptEnabled }) => {
  await pupil(context, 'S3');
  await choosePaper(page, 'S3 Physics practice paper', javaScriptEnabled);
  await startExam(page, javaScriptEnabled);
  const counts = page.getByRole('checkbox', { name: /^Count question/ });
  await expect(counts.nth(2)).toBeAttached();
  const number = await counts.count();
  expect(number).toBeGreaterThan(2);
  await counts.nth(number - 1).check();
  await saved(page, javaScriptEnabled);
  await page.reload();
  await expect(counts.nth(number - 1)).toBeChecked();
  await hydrated(page, javaScriptEnabled);
  await page.getByText('Hand in …').click();
  await expect(page.getByText(/^Section B: any 2 questions; .* Now question \S+ counts\./)).toBeVisible();
});

test('what belongs together is chosen, and each pair earns its share', async ({ page, context, javaScriptEnabled }) => {
  await pupil(context, 'S3');
  await choosePaper(page, 'S3 Physics practice paper', javaScriptEnabled);
  await startExam(page, javaScriptEnabled);
  const question = page.locator('article', { hasText: 'Match each device' });
  await expect(question.getByRole('cell', { name: 'A Electrical energy to kinetic energy' })).toBeVisible();
  await question.getByLabel(/Solar panel$/).selectOption('C Light energy to electrical energy');
  await question.getByLabel(/Electric motor$/).selectOption('A Electrical energy to kinetic energy');
  await question.getByLabel(/Torch cell$/).selectOption('D Kinetic energy to heat energy');
  await saved(page, javaScriptEnabled);
  await page.reload();
  await expect(question.getByLabel(/Solar panel$/)).toHaveValue('1-C');
  await expect(question.getByLabel(/Microphone$/)).toHaveValue('');
  await hydrated(page, javaScriptEnabled);
  await page.getByText('Hand in …').click();
  await page.getByRole('button', { name: 'Hand in and see the marks' }).click();
  await expect(page).toHaveURL(/\/result$/);
  const result = page.locator('details.question', { hasText: 'Match each device' });
  await expect(result.getByText(/2 of 4/).first()).toBeVisible();
});
