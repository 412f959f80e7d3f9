import { asAdmin, expect, hydrated, pupil, sound, sql, test } from '../fixtures';

test.describe('a teacher', () => {
  test.use({ provoked: [401, 404, 422] });

  test('is made by an admin, and sees only the class that they teach', async ({ page, context, browser, baseURL, javaScriptEnabled }, info) => {
    // Every run has names of its own. axe needs scripts.
    const other = `${info.project.name.replaceAll(' ', '')}${info.repeatEachIndex}${info.retry}`;
    const [own, foreign] = await Promise.all(['own', 'foreign'].map(async (kind) => {
      const device = await browser.newContext({ baseURL });
      const { email } = await pupil(device, 'P6');
      await device.close();
      const [id, name] = [sql(`SELECT id FROM users WHERE email = '${email}'`), `P6 ${kind} ${other}`];
      sql(`UPDATE users SET full_name = 'Pupil ${kind} ${other}' WHERE id = '${id}'`);
      sql(`WITH made AS (INSERT INTO classes (name, level, year) VALUES ('${name}', 'P6', 2002) RETURNING id)
           INSERT INTO memberships SELECT id, '${id}' FROM made`);
      return { id, name };
    }));
    await asAdmin(context);
    await page.goto('/admin/classes');
    await page.getByRole('link', { name: 'Teachers' }).click();
    await expect(page.getByRole('heading', { name: 'A new teacher' })).toBeVisible();
    await hydrated(page, javaScriptEnabled);
    if (javaScriptEnabled) await sound(page, 'teachers');
    await page.getByLabel('Name').fill(`Teta${other} Claire`);
    await page.getByRole('button', { name: 'Make the account' }).click();
    await expect(page.getByRole('heading', { name: `Teta${other} Claire` })).toBeVisible();
    const login = sql(`SELECT login_name FROM users WHERE full_name = 'Teta${other} Claire'`);
    await page.getByLabel(`${own.name}, 2002`).check();
    await page.getByRole('button', { name: 'Save the classes' }).click();
    await expect(page.getByLabel(`${own.name}, 2002`)).toBeChecked();
    await hydrated(page, javaScriptEnabled);
    await page.getByRole('button', { name: 'Make a one-time code' }).click();
    const code = await page.locator('.code b').innerText();
    if (javaScriptEnabled) await sound(page, 'a teacher');

    const device = await browser.newContext({ baseURL, javaScriptEnabled });
    const teacher = await device.newPage();
    await teacher.goto(`/login?name=${login}`);
    await hydrated(teacher, javaScriptEnabled);
    await teacher.getByLabel('Password', { exact: true }).fill(code);
    await teacher.getByRole('button', { name: 'Sign in' }).click();
    await expect(teacher.getByText('The code is right.')).toBeVisible();
    await teacher.getByLabel('Password', { exact: true }).fill(code);
    await teacher.getByLabel('Your new password').fill('blue-lake-7');
    await teacher.getByRole('button', { name: 'Sign in' }).click();
    await expect(teacher).toHaveURL(/\/admin$/);
    await teacher.getByRole('link', { name: 'Classes' }).click();
    await teacher.getByRole('link', { name: own.name }).click();
    await teacher.getByRole('link', { name: `Pupil own ${other}` }).click();
    await expect(teacher.getByRole('heading', { name: `Pupil own ${other}` })).toBeVisible();
    await expect(teacher.getByRole('button', { name: 'Switch the account off' })).toHaveCount(0);
    await teacher.goto('/admin/students');
    await expect(teacher.getByText(`Pupil own ${other}`)).toBeVisible();
    await expect(teacher.getByText(`Pupil foreign ${other}`)).toHaveCount(0);
    await teacher.goto(`/admin/students/${foreign.id}`);
    await expect(teacher.getByRole('heading', { name: 'Not found' })).toBeVisible();
    await device.close();
  });
});
