import { randomUUID } from 'node:crypto';
import { asAdmin, hydrated, expect, pupil, test } from '../fixtures';

test.describe('an account', () => {
  test.use({ provoked: [401, 404, 409, 422] });

  test('is made, left and entered again', async ({ page, javaScriptEnabled }) => {
    const email = `${randomUUID()}@test.com`;
    await page.goto('/');
    await page.getByRole('main').getByRole('link', { name: 'Register' }).click();
    await expect(page).toHaveURL(/\/register$/);
    await hydrated(page, javaScriptEnabled);
    await page.getByLabel('Your name').fill('Amina <b>Uwase</b>');
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('The exam you are preparing for').selectOption('P6');
    for (const password of ['aaaaaa', 'test123']) {
      await page.getByLabel('Password').fill(password);
      await page.getByRole('button', { name: 'Register' }).click();
      // The form keeps what was typed.
      if (password === 'aaaaaa') await expect(page.getByText('Use at least 4 different characters.')).toBeVisible();
    }
    await expect(page).toHaveURL(/\/$/);
    await expect(page.getByRole('heading', { name: 'Hello, Amina <b>Uwase</b>' })).toBeVisible();

    await page.getByRole('link', { name: 'Account' }).click();
    await expect(page.getByText(email)).toBeVisible();
    await expect(page.getByLabel('Your name')).toHaveValue('Amina <b>Uwase</b>');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page).toHaveURL(/\/$/);

    await page.goto('/progress');
    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
    await expect(page).toHaveURL(/\/login\?next=/);
    await hydrated(page, javaScriptEnabled);
    await page.getByLabel('E-mail address').fill(email.toUpperCase());
    await page.getByLabel('Password').fill('wrong one');
    await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByText('The name or the password is not right.')).toBeVisible();
    await page.getByLabel('Password').fill('test123');
    await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
    await expect(page).toHaveURL(/\/progress$/);
    await expect(page.getByRole('heading', { name: 'Your progress' })).toBeVisible();
  });

  test('is not made twice', async ({ page, context, javaScriptEnabled }) => {
    const { email } = await pupil(context, 'P6');
    await context.clearCookies();
    await page.goto('/register');
    await hydrated(page, javaScriptEnabled);
    await page.getByLabel('Your name').fill('Somebody Else');
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Password').fill('test123');
    await page.getByLabel('The exam you are preparing for').selectOption('S3');
    await page.getByRole('button', { name: 'Register' }).click();
    await expect(page.getByText('There is already an account with this e-mail address.')).toBeVisible();
  });

  test('is entered by a code of the school when the password is forgotten', async ({ page, context, browser, baseURL, javaScriptEnabled }) => {
    const { email } = await pupil(context, 'P6');
    await context.clearCookies();
    const school = await browser.newContext({ baseURL, javaScriptEnabled });
    await asAdmin(school);
    const desk = await school.newPage();
    await desk.goto(`/admin/students?search=${email}`);
    await desk.getByRole('link', { name: 'Test Pupil' }).click();
    await hydrated(desk, !!javaScriptEnabled);
    await desk.getByRole('button', { name: 'Make a one-time code' }).click();
    const code = await desk.locator('.code b').textContent();
    await school.close();

    await page.goto('/login');
    await page.getByRole('link', { name: 'Set a new password' }).click();
    await hydrated(page, !!javaScriptEnabled);
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Code').fill(code!);
    for (const password of ['short', 'blue-lake-7']) {
      await page.getByLabel('New password').fill(password);
      await page.getByRole('button', { name: 'Set the password' }).click();
      if (password === 'short') await expect(page.getByText('Use at least 6 characters.')).toBeVisible();
    }
    await expect(page).toHaveURL(/\/login/);
  });

  test('of a pupil opens no page of the school', async ({ page, context }) => {
    await pupil(context, 'P6');
    for (const path of ['/admin', '/admin/students', '/admin/documents/00000000-0000-0000-0000-000000000000/review', '/nothing/here']) {
      const response = await page.goto(path);
      expect(response!.status(), path).toBe(404);
      await expect(page.getByRole('heading', { name: 'Not found' })).toBeVisible();
    }
  });

  test('signs another device out', async ({ page, context, browser, javaScriptEnabled, baseURL }) => {
    const { email, password } = await pupil(context, 'P6');
    const other = await browser.newContext({ baseURL });
    const login = await other.request.post('/api/users/login', { data: { email, password }, headers: { 'User-Agent': 'curl/8' } });
    const headers = { Authorization: `Bearer ${(await login.json()).access_token}` };
    expect((await other.request.get('/api/users/me', { headers })).status()).toBe(200);
    await page.goto('/account');
    await hydrated(page, javaScriptEnabled);
    await page.getByRole('row', { name: /curl/ }).getByRole('button', { name: 'Sign out' }).click();
    await expect(page.getByRole('row', { name: /curl/ })).toHaveCount(0);
    expect((await other.request.get('/api/users/me', { headers })).status()).toBe(401);
    await other.close();
  });
});
