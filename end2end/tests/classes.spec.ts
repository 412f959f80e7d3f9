import { asAdmin, expect, hydrated, sound, test } from '../fixtures';

test.describe('a class', () => {
  test.use({ provoked: [401, 422] });

  test('comes from a list, gets cards, and a pupil signs in with one', async ({ page, context, browser, baseURL, javaScriptEnabled }, info) => {
    // Every run has names of its own. axe needs scripts.
    const other = `${info.project.name.replaceAll(' ', '')}${info.repeatEachIndex}${info.retry}`;
    const name = `Uwineza${other} Carine`;
    const list = `Noms;Classe\n${name};P6 ${other}\nGasana${other} Yvan;P6 ${other}\n${name};P6 ${other}`;
    await asAdmin(context);
    await page.goto('/admin/classes');
    await page.getByRole('link', { name: 'Import a list' }).click();
    await expect(page.getByRole('heading', { name: 'Import a list of classes' })).toBeVisible();
    await hydrated(page, javaScriptEnabled);
    await page.getByLabel('Or paste the list here').fill('nobody');
    await page.getByRole('button', { name: 'Show what changes' }).click();
    await expect(page.getByText('No column is called “Name”.')).toBeVisible();
    await hydrated(page, javaScriptEnabled);
    await expect(page.getByLabel('Or paste the list here')).toHaveValue('nobody');
    await page.getByLabel('File').setInputFiles({ name: 'p6.csv', mimeType: 'text/csv', buffer: Buffer.from(list, 'latin1') });
    await page.getByRole('button', { name: 'Show what changes' }).click();
    await expect(page.getByText('is the same as row 2')).toBeVisible();
    await hydrated(page, javaScriptEnabled);
    if (javaScriptEnabled) await sound(page, 'preview of a list');
    await page.getByRole('button', { name: 'Import: 2 new pupils' }).click();
    await expect(page.getByText('Nothing is left to change: 2 pupils of this list are in their classes.')).toBeVisible();

    await page.getByRole('link', { name: 'Classes and cards' }).click();
    await page.getByRole('link', { name: `P6 ${other}`, exact: true }).click();
    await expect(page.getByRole('heading', { name: `P6 ${other}` })).toBeVisible();
    if (javaScriptEnabled) await sound(page, 'class');
    await page.getByRole('link', { name: 'Cards to sign in' }).click();
    await page.getByRole('button', { name: 'Make cards for 2 pupils without a password' }).click();
    const card = page.locator('.id-cards li').filter({ hasText: name });
    await expect(card).toBeVisible();
    await hydrated(page, javaScriptEnabled);
    if (javaScriptEnabled) await sound(page, 'cards');
    const code = await card.locator('.card-code').innerText();
    const login = await card.locator('dd').first().innerText();

    const device = await browser.newContext({ baseURL, javaScriptEnabled });
    const pupil = await device.newPage();
    await pupil.goto(`/login?name=${login}`);
    await hydrated(pupil, javaScriptEnabled);
    await expect(pupil.getByLabel('E-mail address or login name')).toHaveValue(login);
    await pupil.getByLabel('Password', { exact: true }).fill(code.toLowerCase());
    await pupil.getByRole('button', { name: 'Sign in' }).click();
    await expect(pupil.getByText('The code is right.')).toBeVisible();
    // No password comes back with the form.
    await pupil.getByLabel('Password', { exact: true }).fill(code);
    await pupil.getByLabel('Your new password').fill('blue-lake-7');
    await pupil.getByRole('button', { name: 'Sign in' }).click();
    await expect(pupil).toHaveURL(/\/$/);

    await page.goto('/admin/students');
    await page.getByLabel('Name, e-mail or login name').fill(name);
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByRole('link', { name }).click();
    await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
    await hydrated(page, javaScriptEnabled);
    await page.getByRole('button', { name: 'Switch the account off' }).click();
    await expect(page.getByText('This account is switched off')).toBeVisible();
    await pupil.goto('/account');
    await expect(pupil.getByRole('heading', { name: 'Sign in' })).toBeVisible();
    await device.close();
    await page.goto('/admin/audit');
    await page.getByLabel('Name of who did it, or of whose account it was').fill(name);
    await page.getByRole('button', { name: 'Show' }).click();
    await expect(page.getByRole('rowheader', { name: 'Switched off' })).toBeVisible();
    if (javaScriptEnabled) await sound(page, 'audit');
  });
});
