import type { Page } from '@playwright/test';
import { asAdmin, hydrated, choosePaper, eventually, expect, pupil, saved, sound, sql, startExam, test } from '../fixtures';

async function begin(page: Page) {
  await choosePaper(page, 'P6 Science and Elementary Technology practice paper', true);
  await startExam(page, true);
}

/** Makes the exam of this page end in this many seconds; returns its id. */
function endsIn(page: Page, seconds: number): string {
  const id = new URL(page.url()).pathname.split('/').pop()!;
  sql(`UPDATE attempts SET started_at = started_at - interval '3 h', deadline_at = now() + interval '${seconds} s' WHERE id = '${id}'`);
  return id;
}

/** The seconds left, as shown on the page. */
async function left(page: Page): Promise<number> {
  const clock = await page.getByRole('timer').textContent();
  return clock!.trim().split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}

test.describe('without network', () => {
  test.use({ cutsNetwork: true });
  test('what was typed before the end counts when the network is back after it', async ({ page, context }) => {
    await pupil(context, 'P6');
    await begin(page);
    endsIn(page, 20);
    await expect.poll(() => left(page), { timeout: 15_000 }).toBeLessThan(25);
    await context.setOffline(true);
    await page.locator('main input[type=text]').first().fill('typed in time');
    await expect(page.getByText('No connection. Saved on this phone. Keep writing.').first()).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Time is up' })).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText('One answer is saved on this phone.')).toBeVisible();
    // The page stays while it has answers that the server does not have.
    await page.waitForTimeout(5_000);
    await expect(page.getByText('Time is up. Not sent yet: 1 answer.').first()).toBeVisible();
    await context.setOffline(false);
    await expect(page).toHaveURL(/\/result$/);
    await expect(page.getByText('typed in time', { exact: true })).toHaveCount(1);
    await expect(page.getByText('Written in time, but sent late because there was no connection: 1 answer.')).toBeVisible();
  });

  test('what a page that was closed has kept is sent when its result is opened', async ({ page, context }) => {
    await pupil(context, 'P6');
    await begin(page);
    const id = endsIn(page, 20);
    await expect.poll(() => left(page), { timeout: 15_000 }).toBeLessThan(25);
    await context.setOffline(true);
    await page.locator('main input[type=text]').first().fill('kept on the phone');
    await expect(page.getByText('No connection. Saved on this phone. Keep writing.').first()).toBeVisible();
    await page.close({ runBeforeUnload: false });
    await context.setOffline(false);
    const handedIn = () => sql(`SELECT submitted_at IS NOT NULL FROM attempts WHERE id = '${id}'`);
    await expect.poll(handedIn, { timeout: 40_000 }).toBe('t');
    const again = await context.newPage();
    await again.goto(`/attempts/${id}/result`);
    // It is sent, and the result loads again.
    await expect(again.getByText('Written in time, but sent late because there was no connection: 1 answer.')).toBeVisible();
    await expect(again.getByText('kept on the phone', { exact: true })).toHaveCount(1);
  });

  test('the badge is honest, and what was typed arrives later', async ({ page, context }) => {
    await pupil(context, 'P6');
    await begin(page);
    await context.setOffline(true);
    await page.locator('main input[type=text]').first().fill('typed in the dark');
    await expect(page.getByText('No connection. Saved on this phone. Keep writing.').first()).toBeVisible();
    await context.setOffline(false);
    await expect(page.getByText('All saved at school')).toBeVisible();
    await page.reload();
    await expect(page.locator('main input[type=text]').first()).toHaveValue('typed in the dark');
  });

  test('what was typed without network is there when the page is opened again', async ({ page, context }) => {
    await pupil(context, 'P6');
    await begin(page);
    await context.setOffline(true);
    await page.locator('main input[type=text]').first().fill('kept on the phone');
    await expect(page.getByText('No connection. Saved on this phone. Keep writing.').first()).toBeVisible();
    // The battery dies: only what the phone has stored is left.
    const url = page.url();
    await page.close({ runBeforeUnload: false });
    await context.setOffline(false);
    const again = await context.newPage();
    await again.goto(url);
    await expect(again.locator('main input[type=text]').first()).toHaveValue('kept on the phone');
    await expect(again.getByText('All saved at school')).toBeVisible();
  });

  test('handing in goes on by itself when the network is back', async ({ page, context }) => {
    await pupil(context, 'P6');
    await begin(page);
    await context.setOffline(true);
    await page.locator('main input[type=text]').first().fill('the last answer');
    await page.locator('summary', { hasText: 'Hand in' }).click();
    await page.getByRole('button', { name: 'Hand in and see the marks' }).click();
    await expect(page.getByText('No connection. Not handed in yet.').first()).toBeVisible();
    await context.setOffline(false);
    await expect(page).toHaveURL(/\/result$/);
    await expect(page.getByText('the last answer', { exact: true })).toHaveCount(1);
  });
});

test.describe('a session that ends', () => {
  test.use({ provoked: [401] });
  test('loses nothing', async ({ page, context }) => {
    const person = await pupil(context, 'P6');
    await begin(page);
    sql(`DELETE FROM sessions USING users WHERE users.id = user_id AND email = '${person.email}'`);
    await page.locator('main input[type=text]').first().fill('typed while signed out');
    await expect(page.getByText('You are signed out.').first()).toBeVisible();
    await page.getByLabel('E-mail address').fill(person.email);
    await page.getByLabel('Password').fill(person.password);
    await page.getByRole('button', { name: 'Sign in and continue' }).click();
    await expect(page.getByText('All saved at school')).toBeVisible();
    await page.reload();
    await expect(page.locator('main input[type=text]').first()).toHaveValue('typed while signed out');
  });
});

test.describe('a device whose clock is wrong', () => {
  test.beforeEach(async ({ page }) => {
    await page.addInitScript(() => {
      const real = Date.now.bind(Date);
      const device = window as unknown as { ahead: number };
      device.ahead = -3_600_000;
      Date.now = () => real() + device.ahead;
    });
  });

  test('an hour slow: the exam ends when it ends', async ({ page, context }) => {
    await pupil(context, 'P6');
    await begin(page);
    endsIn(page, 5);
    await expect(page).toHaveURL(/\/result$/, { timeout: 15_000 });
  });

  test('jumps ahead: no time is lost, and nothing typed', async ({ page, context }) => {
    await pupil(context, 'P6');
    await begin(page);
    const before = await left(page);
    const answer = page.locator('main input[type=text]').first();
    await answer.pressSequentially('sev');
    await page.evaluate(() => ((window as unknown as { ahead: number }).ahead = 35 * 60_000));
    await page.waitForTimeout(3_000);
    await answer.pressSequentially('enteen');
    await expect(page.getByText('All saved at school')).toBeVisible();
    expect(before - (await left(page))).toBeLessThan(20);
    await page.reload();
    await expect(page.locator('main input[type=text]').first()).toHaveValue('seventeen');
  });
});

test('the page shows the marks by itself when the time is over', async ({ page, context }) => {
  await pupil(context, 'P6');
  await begin(page);
  const id = page.url().split('/').pop();
  sql(`UPDATE attempts SET started_at = started_at - interval '3 h', deadline_at = now() + interval '4 s' WHERE id = '${id}'`);
  await page.reload();
  await expect(page).toHaveURL(/\/result$/);
});

test('what was typed just before leaving is there on the way back', async ({ page, context }) => {
  await pupil(context, 'P6');
  await begin(page);
  await page.locator('main input[type=text]').first().fill('in a hurry');
  await page.goto('/documents');
  await page.goBack();
  await eventually(page, async () => (await page.locator('main input[type=text]').first().inputValue()) === 'in a hurry');
});

test('a double tap hands in once', async ({ page, context }) => {
  await pupil(context, 'P6');
  await begin(page);
  await page.locator('summary', { hasText: 'Hand in' }).click();
  await page.getByRole('button', { name: 'Hand in and see the marks' }).dblclick();
  await expect(page).toHaveURL(/\/result$/);
});

test('another device takes over, and the first can take it back', async ({ page, context, browser, baseURL }) => {
  await pupil(context, 'P6');
  await begin(page);
  const first = page.locator('main input[type=text]').first();
  await first.fill('on the phone');
  await expect(page.getByText('All saved at school')).toBeVisible();
  const other = await browser.newContext({ baseURL });
  await other.addCookies(await context.cookies());
  const laptop = await other.newPage();
  await laptop.goto(page.url());
  await expect(laptop.locator('main input[type=text]').first()).toHaveValue('on the phone');
  await expect(page.getByRole('heading', { name: 'This exam is open on another device' })).toBeVisible();
  expect(await page.locator('form').evaluate((form: HTMLElement) => form.inert)).toBe(true);
  await laptop.locator('main input[type=text]').first().fill('on the laptop');
  await expect(laptop.getByText('All saved at school')).toBeVisible();
  await page.getByRole('button', { name: 'Continue here instead' }).click();
  await expect(first).toHaveValue('on the laptop');
  await expect(laptop.getByRole('heading', { name: 'This exam is open on another device' })).toBeVisible();
  await first.fill('on the phone again');
  await expect(page.getByText('All saved at school')).toBeVisible();
  await other.close();
});

test('what the school grants is there within two seconds', async ({ page, context, browser, baseURL }) => {
  await pupil(context, 'P6');
  await begin(page);
  await expect(page.getByText('All saved at school')).toBeVisible();
  const id = page.url().split('/').pop();
  const left = async () => {
    const parts = (await page.getByRole('timer').textContent())!.split(':').map(Number);
    return parts.reduce((sum, part) => sum * 60 + part, 0);
  };
  const before = await left();
  sql(`UPDATE attempts SET deadline_at = deadline_at + interval '5 min' WHERE id = '${id}'`);
  await expect.poll(left, { timeout: 2_000, intervals: [100] }).toBeGreaterThan(before + 280);
  sql(`UPDATE attempts SET paused_at = now() WHERE id = '${id}'`);
  await expect(page.getByRole('heading', { name: 'The exam is paused' })).toBeVisible({ timeout: 2_000 });
  await expect(page.locator('article.question').first()).toBeHidden();
  sql(`UPDATE attempts SET deadline_at = deadline_at + (now() - paused_at), paused_at = NULL WHERE id = '${id}'`);
  await expect(page.locator('article.question').first()).toBeVisible({ timeout: 2_000 });

  const school = await browser.newContext({ baseURL });
  await asAdmin(school);
  const admin = await school.newPage();
  await admin.goto('/admin/exams');
  await sound(admin, 'exams in progress');
  await hydrated(admin, true);
  // End only this exam: other tests are running exams at the same time.
  const who = sql(`SELECT user_id FROM attempts WHERE id = '${id}'`);
  const row = admin.locator('tr', { has: admin.locator(`a[href*="pupil=${who}"]`) });
  await expect(row).toContainText('works');
  await page.locator('main input[type=text]').first().fill('12');
  await expect(row).toContainText(/^.*1 of \d+, \d\d:\d\d/, { timeout: 8_000 });
  await row.getByRole('link').click();
  await hydrated(admin, true);
  const panel = admin.locator('#pupil');
  const end = async () => {
    await panel.getByText('End …').click();
    await panel.getByRole('button', { name: 'End it now' }).click();
    await expect(page.getByRole('heading', { name: 'Your school has ended the exam' })).toBeVisible({ timeout: 5_000 });
    await expect(page.locator('article.question').first()).toBeHidden();
  };
  await end();
  await panel.getByRole('button', { name: /^Undo the end/ }).click();
  await expect(page.locator('article.question').first()).toBeVisible({ timeout: 5_000 });
  await end();
  await panel.getByRole('button', { name: /^Hand in now/ }).click();
  await expect(page).toHaveURL(/\/result$/);
  await expect(page.getByText('Your school ended it. The saved answers were handed in.')).toBeVisible();
  await page.getByRole('link', { name: 'What happened when' }).click();
  await expect(page.getByRole('cell', { name: /^Ended by the school by Demo Admin/ })).toHaveCount(2);
  await school.close();
});

test('the answer to an earlier request does not bring back the former end', async ({ page, context }) => {
  await pupil(context, 'P6');
  await begin(page);
  await expect(page.getByText('All saved at school')).toBeVisible();
  let release = () => {};
  const held = new Promise<void>((resume) => (release = resume));
  const answered = new Promise<void>((resume) => {
    page.route('**/sync_attempt*', async (route) => {
      const response = await route.fetch();
      resume();
      await held;
      await route.fulfill({ response });
    });
  });
  await page.locator('main input[type=text]').first().fill('on the way');
  await answered;
  endsIn(page, 600);
  await expect.poll(() => left(page), { timeout: 15_000 }).toBeLessThan(605);
  release();
  await expect(page.getByText('All saved at school')).toBeVisible();
  expect(await left(page)).toBeLessThan(605);
  await page.unrouteAll({ behavior: 'wait' });
});

test('the palette shows what is answered and flagged, and one question at a time', async ({ page, context }) => {
  await pupil(context, 'S3');
  await choosePaper(page, 'S3 Physics practice paper', true);
  await startExam(page, true);
  await hydrated(page, true);
  const palette = page.locator('.palette > summary');
  const questions = page.locator('article.question');
  const number = await questions.count();
  await expect(palette).toHaveText(`0 of ${number} answered`);
  await page.locator('input[type=radio]').first().check();
  for (const choices of await questions.nth(1).locator('fieldset').all()) await choices.locator('[type=radio]').first().check();
  await expect(palette).toHaveText(`1 of ${number} answered`);
  await questions.nth(1).getByRole('button', { name: /^Look again/ }).click();
  await palette.click();
  await expect(page.getByRole('link', { name: 'Question 1: partly answered' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Question 2: answered, flagged' })).toBeVisible();
  await page.getByLabel('Notes, only on this phone').fill('7 × 8 = 56');
  await page.getByLabel('One question at a time').check();
  await sound(page, 'palette');
  await page.getByRole('link', { name: 'Question 3: not answered' }).click();
  await expect(questions.nth(2)).toBeVisible();
  await expect(questions.nth(3)).toBeHidden();
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(questions.nth(3)).toBeInViewport();
  await expect(questions.nth(3).locator('.item').first()).toBeFocused();
  await expect(questions.nth(2)).toBeHidden();
  // A reload loses neither the place nor the rest.
  await saved(page, true);
  await page.reload();
  await expect(questions.nth(3)).toBeVisible();
  await expect(questions.nth(2)).toBeHidden();
  await page.locator('.palette > summary').click();
  await expect(page.getByLabel('Notes, only on this phone')).toHaveValue('7 × 8 = 56');
  await expect(page.getByRole('link', { name: 'Question 2: answered, flagged' })).toBeVisible();
  // What is left open is told with links that lead there.
  await page.locator('.palette > summary').click();
  await page.locator('summary', { hasText: 'Hand in' }).click();
  await expect(page.locator('[data-again]')).toHaveText('Look again, answered in part or flagged: 1 2');
  await expect(page.getByRole('button', { name: 'Hand in and see the marks' })).toBeInViewport();
  await page.locator('.open-items a').first().click();
  await expect(questions.nth(0)).toBeVisible();
  await expect(page.getByRole('timer')).toBeVisible();
  await page.locator('.palette > summary').click();
  await page.getByLabel('Hide the clock').check();
  await expect(page.getByRole('timer')).toBeHidden();
  endsIn(page, 300);
  await expect(page.getByRole('timer')).toBeVisible({ timeout: 15_000 });
});

test('words of a bank go into the blanks when they are tapped', async ({ page, context }) => {
  await pupil(context, 'P6');
  await begin(page);
  const blanks = page.locator('article', { hasText: 'Complete the text about digestion' });
  await blanks.getByRole('button', { name: 'mouth' }).click();
  await blanks.getByRole('button', { name: 'saliva' }).click();
  const order = page.locator('article', { hasText: 'Put her four steps in the right order' });
  await order.getByRole('button', { name: 'B. She lets the dirt settle' }).click();
  await order.getByRole('button', { name: 'C. She pours the clear water' }).click();
  await saved(page, true);
  await page.reload();
  await expect(blanks.locator('input[type=text]').nth(0)).toHaveValue('mouth');
  await expect(blanks.locator('input[type=text]').nth(1)).toHaveValue('saliva');
  await expect(order.locator('input[type=text]')).toHaveValue('B; C');
});
