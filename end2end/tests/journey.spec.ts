import { againstTheClock, hydrated, expect, pupil, saved, startExam, test } from '../fixtures';

test('a pupil reads a paper, is quizzed by topic, and sees the marks and the progress', async ({ page, context, browser, baseURL, javaScriptEnabled }) => {
  await pupil(context, 'P6');

  await page.goto('/documents');
  await expect(page.getByRole('link', { name: 'P6 Mathematics practice paper' })).toBeVisible();
  await expect(page.getByText('S3')).toHaveCount(0);
  await page.getByText('Subject, year and more').click();
  await page.getByLabel('Subject').selectOption('Science and Elementary Technology');
  await page.getByRole('button', { name: 'Show' }).click();
  await expect(page.getByRole('link', { name: 'P6 Mathematics practice paper' })).toHaveCount(0);
  await page.getByLabel('Subject').selectOption('Mathematics');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.getByRole('link', { name: 'P6 Mathematics practice paper' }).click();

  const first = page.getByRole('img', { name: 'Page 1 of 7' });
  await expect(first).toBeVisible();
  await expect.poll(() => first.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)).toBeGreaterThan(300);
  const file = await context.request.get((await page.getByRole('link', { name: 'Download' }).getAttribute('href'))!);
  expect((await file.body()).subarray(0, 5).toString()).toBe('%PDF-');

  await page.getByRole('link', { name: 'Practise with it' }).click();
  await expect(page).toHaveURL(/\/quizzes\/new/);
  await hydrated(page, javaScriptEnabled);
  await page.getByRole('checkbox', { name: /Operations on fractions/ }).check();
  await page.getByLabel('How many questions').fill('2');
  await againstTheClock(page, 'Start the quiz');

  await expect(page).toHaveURL(/\/attempts\/[0-9a-f-]+$/);
  await hydrated(page, javaScriptEnabled);
  await expect(page.getByRole('timer')).toHaveText(/^\d+:\d\d$/);
  await expect(page.locator('article.question')).toHaveCount(2);
  const answers = page.locator('main input[type=text]');
  const count = await answers.count();
  expect(count).toBeGreaterThan(0);
  await answers.first().fill('</textarea><script>alert(1)</script>');
  await saved(page, javaScriptEnabled);

  // A reload, and another device.
  await page.reload();
  await expect(answers.first()).toHaveValue('</textarea><script>alert(1)</script>');
  const phone = await browser.newContext({ baseURL });
  await phone.addCookies(await context.cookies());
  const there = await phone.newPage();
  await there.goto(page.url());
  await expect(there.locator('main input[type=text]').first()).toHaveValue('</textarea><script>alert(1)</script>');
  // It takes over when it wakes.
  await hydrated(there, javaScriptEnabled);
  await phone.close();

  // With scripts the page knows that the other device has taken over.
  await hydrated(page, javaScriptEnabled);
  if (javaScriptEnabled) await page.getByRole('button', { name: 'Continue here instead' }).click();
  await page.getByText('Hand in …').click();
  await page.getByRole('button', { name: 'Hand in and see the marks' }).click();
  await expect(page).toHaveURL(/\/result$/);
  await expect(page.locator('.reason').first()).toHaveText(/\w{3}/);
  await expect(page.getByText('marking scheme, page').first()).toBeVisible();
  await expect(page.getByText(/^Page \d+ of the paper$/).first()).toBeVisible();
  await expect(page.getByRole('heading', { name: 'What to revise' })).toBeVisible();

  // A closed attempt stays closed.
  await page.goto(page.url().replace('/result', ''));
  await page.getByRole('link', { name: 'See your marks' }).click();
  await expect(page).toHaveURL(/\/result$/);

  await page.getByRole('link', { name: 'Your progress' }).click();
  await expect(page.locator('summary', { hasText: 'Operations on fractions' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'P6 Mathematics practice paper' })).toBeVisible();
});

test.describe('somebody else', () => {
  test.use({ provoked: [404] });
  test('may not see an attempt, nor a paper of another level', async ({ page, context, browser, baseURL, javaScriptEnabled }) => {
    await pupil(context, 'S3');
    await page.goto('/documents');
    await page.getByRole('link', { name: 'S3 Mathematics practice paper' }).click();
    await expect(page.getByRole('link', { name: 'Practise with it' })).toBeVisible();
    const paper = page.url();
    await page.getByRole('link', { name: 'Practise with it' }).click();
    await hydrated(page, javaScriptEnabled);
    await startExam(page, javaScriptEnabled);
    const attempt = page.url();

    const other = await browser.newContext({ baseURL });
    await pupil(other, 'P6');
    for (const url of [paper, `${paper}/file`, `${paper}/pages/1`, `${paper}/pages/1/crop?x=0&y=0&w=50&h=50`, attempt, `${attempt}/result`]) {
      expect((await other.request.get(url)).status(), url).toBe(404);
    }
    await other.close();
  });
});
