import { asAdmin, hydrated, expect, pupil, sound, test } from '../fixtures';

test.use({ provoked: [401, 404] });

test("a pupil's pages are sound", async ({ page, context }) => {
  const visit = async (path: string) => {
    await page.goto(path);
    await hydrated(page, true);
    await sound(page, path);
  };
  for (const path of ['/', '/register', '/login', '/documents', '/nothing']) await visit(path);
  await pupil(context, 'P6');
  for (const path of ['/documents', '/documents/new', '/quizzes/new', '/mistakes', '/move', '/progress', '/account']) await visit(path);
  await page.goto('/documents');
  await page.getByRole('link', { name: 'P6 Mathematics practice paper' }).click();
  await expect(page.getByRole('img').first()).toBeVisible();
  await sound(page, 'a document');
  await page.getByRole('link', { name: 'Practise with it' }).click();
  await expect(page.getByRole('heading', { name: 'Real exam' })).toBeVisible();
  await sound(page, 'the choice of a quiz');
  await page.getByRole('button', { name: 'Start the exam' }).click();
  await expect(page.getByRole('timer')).toBeVisible();
  await sound(page, 'an exam');
  await page.getByText('Hand in …').click();
  await page.getByRole('button', { name: 'Hand in and see the marks' }).click();
  await expect(page.getByRole('heading', { name: 'Question by question' })).toBeVisible();
  await sound(page, 'a result');
  await page.getByRole('link', { name: 'What happened when' }).click();
  await expect(page.getByText('Handed in').first()).toBeVisible();
  await sound(page, 'a timeline');
  await visit('/progress');
});

test('a page that is opened from another starts at its title', async ({ page, context }) => {
  await pupil(context, 'P6');
  await page.goto('/');
  await hydrated(page, true);
  await expect(page.locator('body')).toBeFocused();
  const names = await page.getByRole('button').evaluateAll((all) => all.map((button) => button.ariaLabel ?? button.textContent));
  expect(new Set(names).size, names.join()).toBe(names.length);
  await page.getByRole('link', { name: 'Papers', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Papers', level: 1 })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('Search')).toBeFocused();
  // The link at the top of a page leads to the same place.
  await page.reload();
  await hydrated(page, true);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.locator('main')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('Search')).toBeFocused();
});

test("the school's pages are sound", async ({ page, context }) => {
  await asAdmin(context);
  for (const path of ['/admin', '/admin/students', '/admin/documents', '/admin/topics', '/admin/topics?subject=S3%2FPhysics', '/admin/exams', '/admin/weak-topics', '/documents/new', '/account']) {
    // The page of exams in progress may load itself anew at this moment, which ends a navigation.
    await expect(async () => void (await page.goto(path))).toPass();
    await hydrated(page, true);
    await sound(page, path);
  }
  await page.goto('/admin/students');
  await page.getByRole('link', { name: 'Eric Mugisha' }).click();
  await expect(page.getByRole('heading', { name: 'Eric Mugisha' })).toBeVisible();
  await sound(page, 'a pupil');
  await page.goto('/admin/documents');
  await page.getByRole('link', { name: 'S3 Physics practice paper' }).click();
  await expect(page.getByText(/ questions · 54 of 54 parts/)).toBeVisible();
  await sound(page, 'a review');
});

test.describe('what was typed', () => {
  test.use({ provoked: [401] });
  test('outlives another form of the page and an expired session', async ({ page, context }) => {
    await asAdmin(context);
    await page.goto('/admin/topics?subject=P6/Mathematics');
    const [first, second] = [page.locator('form.topic').nth(0), page.locator('form.topic').nth(1)];
    const words = second.getByRole('textbox', { name: /^Words of/ });
    const before = await words.inputValue();
    const after = `${before}, unlikely word`;
    await words.fill(after);
    await first.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('status')).toContainText('Saved:');
    await expect(words).toHaveValue(after);

    await context.clearCookies();
    await second.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('link', { name: 'Sign in' }).first()).toBeVisible();
    await asAdmin(context);
    await page.goto('/admin/topics?subject=P6/Mathematics');
    await expect(words).toHaveValue(after);

    // What was accepted is not filled in again.
    await second.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('status')).toContainText('Saved:');
    await words.fill(before);
    await second.getByRole('button', { name: 'Save' }).click();
    await expect(words).toHaveValue(before);

    // What somebody else has saved meanwhile stands.
    await words.fill(after);
    const other = await context.newPage();
    await other.goto('/admin/topics?subject=P6/Mathematics');
    const theirs = other.locator('form.topic').nth(1);
    await theirs.getByRole('textbox', { name: /^Words of/ }).fill(`${before}, another word`);
    await theirs.getByRole('button', { name: 'Save' }).click();
    await expect(other.getByRole('status')).toContainText('Saved:');
    await page.goto('/admin/topics?subject=P6/Mathematics');
    await expect(words).toHaveValue(`${before}, another word`);
    await words.fill(before);
    await second.getByRole('button', { name: 'Save' }).click();
    await expect(words).toHaveValue(before);

    // Nobody else sees a draft.
    await words.fill(after);
    await page.goto('/admin');
    await pupil(context, 'P6');
    await page.goto('/account');
    await asAdmin(context);
    await page.goto('/admin/topics?subject=P6/Mathematics');
    await expect(words).toHaveValue(before);
  });
});
