import type { Browser, Page } from '@playwright/test';
import { asAdmin, hydrated, eventually, expect, pupil, sound, sql, startExam, test } from '../fixtures';

/** Uploads a personal PDF and waits until it is read; ends on its page. */
async function addPaper(page: Page, title: string, scripts: boolean) {
  await page.goto('/documents/new');
  await hydrated(page, scripts);
  await page.getByLabel('PDFs or photos').setInputFiles(`${__dirname}/../../demo/papers/p6-mathematics.pdf`);
  await page.getByLabel('Title').fill(title);
  await page.getByRole('button', { name: 'Upload' }).click();
  await expect(page).toHaveURL(/\/documents\/[0-9a-f-]{36}$/);
  await eventually(page, () => page.getByRole('link', { name: 'Practise with it' }).isVisible());
  await hydrated(page, scripts);
}

/** Another pupil, on another device. */
async function person(browser: Browser, baseURL: string | undefined, scripts: boolean) {
  const context = await browser.newContext({ baseURL, javaScriptEnabled: scripts, viewport: { width: 360, height: 740 } });
  const { email } = await pupil(context, 'P6');
  return { email, context, page: await context.newPage() };
}

test('a paper is shared by address and taken back', async ({ page, context, browser, baseURL, javaScriptEnabled }, info) => {
  const scripts = !!javaScriptEnabled;
  const title = `Shared on ${info.project.name}`;
  await pupil(context, 'P6');
  const friend = await person(browser, baseURL, scripts);
  await addPaper(page, title, scripts);
  const address = page.url();

  for (const email of ['nobody@test.com', friend.email]) {
    await page.getByLabel("A classmate's e-mail address").fill(email);
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    await expect(page.getByRole('row', { name: email })).toContainText('Not yet');
  }
  if (scripts) await sound(page, 'the page of a shared paper');

  await friend.page.goto('/documents?whose=shared');
  await expect(friend.page.getByText('Shared with you by Test Pupil on')).toBeVisible();
  if (scripts) await sound(friend.page, 'what is shared with one');
  await friend.page.getByRole('link', { name: title }).click();
  await expect(friend.page.getByText('Test Pupil shared it with you on')).toBeVisible();
  await expect(friend.page.getByRole('heading', { name: 'Share it' })).toHaveCount(0);
  await friend.page.getByRole('link', { name: 'Practise with it' }).click();
  await expect(friend.page).toHaveURL(/\/quizzes\/new/);
  await hydrated(friend.page, scripts);
  await startExam(friend.page, scripts);
  const exam = friend.page.url();
  if (!scripts) await friend.page.goto('/documents');

  await page.reload();
  await hydrated(page, scripts);
  await expect(page.getByRole('row', { name: friend.email })).toContainText('1 quiz attempt');
  await page.getByRole('button', { name: `Take back from ${friend.email}` }).click();
  await expect(page.getByRole('row', { name: friend.email })).toHaveCount(0);
  await expect(page.getByRole('row', { name: 'nobody@test.com' })).toBeVisible();
  // The open exam disappears by itself.
  const taken = friend.page.getByText('The person who shared this paper has taken it back');
  if (scripts) await expect(taken).toBeVisible();
  expect((await friend.page.goto(address))!.status()).toBe(404);
  await expect(friend.page.getByRole('heading', { name: 'Not found' })).toBeVisible();
  expect((await friend.page.goto(exam))!.status()).toBe(409);
  await expect(taken).toBeVisible();
  await expect(friend.page.getByRole('link', { name: 'Go to the papers' })).toBeVisible();
  await friend.page.goto('/documents?whose=shared');
  await expect(friend.page.getByText('No papers here yet.')).toBeVisible();

  await page.getByText('Change the title').click();
  await page.getByLabel('Title', { exact: true }).fill(`${title}, renamed`);
  await page.getByRole('button', { name: 'Save the title' }).click();
  await expect(page.getByRole('heading', { name: `${title}, renamed` })).toBeVisible();
  await page.getByText('Delete it', { exact: true }).click();
  await expect(page.getByText(/Quiz attempts that stay, .*: 1\. Of these still running, and then handed in as they are: 1\./)).toBeVisible();
  await page.getByRole('button', { name: 'Delete it for good' }).click();
  await expect(page).toHaveURL(/\/documents$/);
  await expect(page.getByRole('link', { name: title })).toHaveCount(0);

  await friend.page.goto(`${exam}/result`);
  await expect(friend.page.getByText('Its paper was deleted. The saved answers were handed in.')).toBeVisible();
  await expect(friend.page.locator('details.question').first()).toBeVisible();
  await expect(friend.page.locator('details.question img')).toHaveCount(0);
  await friend.context.close();
});

test('a code opens a paper until it is turned off', async ({ page, context, browser, baseURL, javaScriptEnabled }, info) => {
  const scripts = !!javaScriptEnabled;
  const title = `By code on ${info.project.name}`;
  await pupil(context, 'P6');
  await addPaper(page, title, scripts);
  await page.getByRole('button', { name: 'Make a code' }).click();
  const code = (await page.locator('.code').innerText()).trim();
  expect(code).toMatch(/^[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}$/);

  const friend = await person(browser, baseURL, scripts);
  await friend.page.goto('/documents');
  await friend.page.getByRole('link', { name: 'I have a code' }).click();
  await expect(friend.page).toHaveURL(/\/join$/);
  await hydrated(friend.page, scripts);
  if (scripts) await sound(friend.page, 'the page for a code');
  await friend.page.getByLabel('Code', { exact: true }).fill('2345-6789');
  await friend.page.getByRole('button', { name: 'Open it' }).click();
  await expect(friend.page.getByText('This code does not open anything for you.')).toBeVisible();
  await friend.page.getByLabel('Code', { exact: true }).fill(code.toLowerCase());
  await friend.page.getByRole('button', { name: 'Open it' }).click();
  await expect(friend.page.getByRole('heading', { name: title })).toBeVisible();

  await page.getByRole('button', { name: 'Turn it off' }).click();
  await expect(page.locator('.code')).toHaveCount(0);
  await expect(page.getByRole('row', { name: 'Test Pupil' })).toBeVisible();
  const late = await person(browser, baseURL, scripts);
  await late.page.goto(`/join?code=${code}`);
  await hydrated(late.page, scripts);
  await late.page.getByRole('button', { name: 'Open it' }).click();
  await expect(late.page.getByText('This code does not open anything for you.')).toBeVisible();
  await friend.context.close();
  await late.context.close();
});

test('the school notes something on a page, archives a paper and restores it', async ({ page, context, browser, baseURL, javaScriptEnabled }, info) => {
  const scripts = !!javaScriptEnabled;
  const title = `Noted on ${info.project.name}`;
  const owner = await person(browser, baseURL, scripts);
  await addPaper(owner.page, title, scripts);
  const address = new URL(owner.page.url()).pathname;

  await asAdmin(context);
  await page.goto(address);
  await hydrated(page, scripts);
  await page.getByText('Add a note').click();
  await page.getByLabel('What it is').selectOption('issue');
  await page.getByLabel('Page (optional)').fill('1');
  await page.getByLabel('Note', { exact: true }).fill('Blurred');
  await page.getByRole('button', { name: 'Save the note' }).click();
  await expect(page.getByText('Blurred', { exact: true })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Page 1', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Mark it as settled' }).click();
  await expect(page.getByText('Settled', { exact: true })).toBeVisible();
  if (scripts) await sound(page, "the school's notes");

  await page.getByText('Archive it', { exact: true }).first().click();
  await page.getByLabel('Why').fill('Not a paper of ours');
  // Pages that came into view load their text, which is not found once the paper is archived.
  await page.waitForLoadState('networkidle');
  await page.getByRole('button', { name: 'Archive it' }).click();
  await expect(page.getByText('Not a paper of ours')).toBeVisible();
  await page.goto('/documents?whose=archived');
  await expect(page.getByRole('link', { name: title, exact: true })).toBeVisible();
  await owner.page.reload();
  await expect(owner.page.getByText('Not a paper of ours')).toBeVisible();
  await expect(owner.page.getByText('Blurred')).toHaveCount(0);
  await page.goto(address);
  await hydrated(page, scripts);
  await page.getByRole('button', { name: 'Restore it' }).click();
  await expect(page.getByText('Not a paper of ours')).toHaveCount(0);
  sql(`DELETE FROM documents WHERE title = '${title}'`);
  await owner.context.close();
});
