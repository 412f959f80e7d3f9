import { asAdmin, expect, hydrated, pupil, sound, sql, test } from '../fixtures';

test.describe('two schools', () => {
  test.use({ provoked: [401, 404, 422] });

  test('an owner adds a school, whose admin sees nothing of the first', async ({ page, context, browser, baseURL, javaScriptEnabled }, info) => {
    // Every run has names of its own. axe needs scripts.
    const other = `${info.project.name.replaceAll(' ', '')}${info.repeatEachIndex}${info.retry}`;
    const name = `GS Kacyiru ${other}`;
    const device = await browser.newContext({ baseURL });
    const { email: pupils } = await pupil(device, 'P6');
    await device.close();
    const foreign = sql(`SELECT id FROM users WHERE email = '${pupils}'`);
    sql(`UPDATE users SET full_name = 'Pupil of the first ${other}' WHERE id = '${foreign}'`);
    await asAdmin(context);
    await page.goto('/admin');
    await page.getByRole('link', { name: 'Schools' }).click();
    await expect(page.getByRole('heading', { name: 'Schools' })).toBeVisible();
    await hydrated(page, javaScriptEnabled);
    if (javaScriptEnabled) await sound(page, 'schools');
    await page.getByLabel('Name of the school').fill(name);
    await page.getByRole('button', { name: 'Add the school' }).click();
    await expect(page.getByRole('heading', { name })).toBeVisible();
    await expect(page.getByText('0 pupils · 0 teachers · 0 classes · 0 papers')).toBeVisible();
    await hydrated(page, javaScriptEnabled);
    const email = `head.${other}@kacyiru.test`.toLowerCase();
    await page.getByLabel('Name', { exact: true }).fill('Uwera Diane');
    await page.getByLabel('E-mail address').fill(email);
    await page.getByRole('button', { name: 'Make the account and a code' }).click();
    const code = await page.locator('.code b').innerText();
    await page.reload();
    await expect(page.getByText('has no password yet')).toBeVisible();
    if (javaScriptEnabled) await sound(page, 'a school');

    const phone = await browser.newContext({ baseURL, javaScriptEnabled });
    const head = await phone.newPage();
    await head.goto('/login');
    await hydrated(head, javaScriptEnabled);
    await head.getByLabel('E-mail').fill(email);
    await head.getByLabel('Password', { exact: true }).fill(code);
    await head.getByRole('button', { name: 'Sign in' }).click();
    await head.getByLabel('Password', { exact: true }).fill(code);
    await head.getByLabel('Your new password').fill('blue-lake-7');
    await head.getByRole('button', { name: 'Sign in' }).click();
    await expect(head).toHaveURL(/\/admin$/);
    await expect(head.getByText(name)).toBeVisible();
    await expect(head.getByRole('link', { name: '0 pupils' })).toBeVisible();
    await expect(head.getByRole('link', { name: 'Schools' })).toHaveCount(0);
    await head.goto('/admin/students');
    await expect(head.getByText(`Pupil of the first ${other}`)).toHaveCount(0);
    await head.goto(`/admin/students/${foreign}`);
    await expect(head.getByRole('heading', { name: 'Not found' })).toBeVisible();
    await phone.close();
  });
});
