import type { Page } from '@playwright/test';
import { choosePaper, eventually, expect, pupil, sql, startExam, test } from '../fixtures';

async function begin(page: Page) {
  await choosePaper(page, 'P6 Science and Elementary Technology practice paper', true);
  await startExam(page, true);
}

test.describe('without network', () => {
  test.use({ cutsNetwork: true });
  test('the badge is honest, and what was typed arrives later', async ({ page, context }) => {
    await pupil(context, 'P6');
    await begin(page);
    await context.setOffline(true);
    await page.locator('main input[type=text]').first().fill('typed in the dark');
    await expect(page.getByText('Not saved yet: no connection.').first()).toBeVisible();
    await context.setOffline(false);
    await expect(page.getByText('All answers saved')).toBeVisible();
    await page.reload();
    await expect(page.locator('main input[type=text]').first()).toHaveValue('typed in the dark');
  });

  test('handing in goes on by itself when the network is back', async ({ page, context }) => {
    await pupil(context, 'P6');
    await begin(page);
    await context.setOffline(true);
    await page.locator('main input[type=text]').first().fill('the last answer');
    await page.locator('summary', { hasText: 'Hand in' }).click();
    await page.getByRole('button', { name: 'Hand in and see the marks' }).click();
    await expect(page.getByText('Not handed in yet: no connection.').first()).toBeVisible();
    await context.setOffline(false);
    await expect(page).toHaveURL(/\/result$/);
    await expect(page.getByText('the last answer')).toBeVisible();
  });
});

test.describe('a session that ends', () => {
  test.use({ provoked: [401] });
  test('loses nothing', async ({ page, context, baseURL }) => {
    const person = await pupil(context, 'P6');
    await begin(page);
    sql(`DELETE FROM sessions USING users WHERE users.id = user_id AND email = '${person.email}'`);
    await page.locator('main input[type=text]').first().fill('typed while signed out');
    await expect(page.getByText('Not saved: you are signed out.').first()).toBeVisible();
    // Signing in again, as in another tab.
    const login = await context.request.post('/api/users/login', { data: person });
    await context.addCookies([{ name: 'session', value: (await login.json()).access_token, url: baseURL! }]);
    await expect(page.getByText('All answers saved')).toBeVisible();
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
