import { asAdmin, expect, hydrated, pupil, sound, sql, test } from '../fixtures';

test('the school takes all that is kept of a pupil, and deletes the account and undoes it', async ({ page, context, browser, baseURL, javaScriptEnabled }) => {
  const device = await browser.newContext({ baseURL });
  const { email } = await pupil(device, 'P6');
  const id = sql(`SELECT id FROM users WHERE email = '${email}'`);
  await asAdmin(context);
  await page.goto(`/admin/students/${id}`);
  await hydrated(page, javaScriptEnabled);
  if (javaScriptEnabled) await sound(page, 'all that is kept');
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Everything about the pupil (ZIP)' }).click();
  expect((await download).suggestedFilename()).toBe('Test Pupil.zip');

  await page.getByText('Delete the account …').click();
  await expect(page.getByText('0 attempts with 0 answers; 0 documents')).toBeVisible();
  await page.getByRole('button', { name: 'Delete the account' }).click();
  await expect(page.getByText('This account is deleted.')).toBeVisible();
  expect((await device.request.get('/api/users/me')).status()).toBe(401);
  await page.getByRole('button', { name: 'Undo the deletion' }).click();
  await expect(page.getByText('The pupil can sign in.')).toBeVisible();
  await device.close();
});

test('two accounts of one pupil become one', async ({ page, context, browser, baseURL, javaScriptEnabled }) => {
  const [stays, goes] = await Promise.all([browser.newContext({ baseURL }), browser.newContext({ baseURL })]);
  const [first, second] = [await pupil(stays, 'P6'), await pupil(goes, 'P6')];
  const id = sql(`SELECT id FROM users WHERE email = '${first.email}'`);
  await asAdmin(context);
  await page.goto(`/admin/students/${id}`);
  await page.getByRole('link', { name: 'This pupil has two accounts' }).click();
  await hydrated(page, javaScriptEnabled);
  await page.getByLabel('The other account signs in as').fill('nobody@test.com');
  await page.getByRole('button', { name: 'Find it' }).click();
  await expect(page.getByText('No other pupil signs in as “nobody@test.com”.')).toBeVisible();
  await page.getByLabel('The other account signs in as').fill(second.email);
  await page.getByRole('button', { name: 'Find it' }).click();
  await expect(page.getByText('It brings 0 attempts with 0 answers; 0 documents.')).toBeVisible();
  await hydrated(page, javaScriptEnabled);
  if (javaScriptEnabled) await sound(page, 'two accounts');
  await page.getByText(`Merge ${second.email} …`).click();
  await page.getByRole('button', { name: 'Merge the two accounts' }).click();
  await expect(page).toHaveURL(new RegExp(`/admin/students/${id}$`));
  expect((await goes.request.get('/api/users/me')).status()).toBe(401);
  expect((await stays.request.get('/api/users/me')).status()).toBe(200);
  await stays.close();
  await goes.close();
});

test('a new school year is shown before it begins', async ({ page, context, browser, baseURL, javaScriptEnabled }, info) => {
  const device = await browser.newContext({ baseURL });
  const { email } = await pupil(device, 'P6');
  const name = `P5 year ${info.project.name} ${info.repeatEachIndex}${info.retry}`;
  const id = sql(`INSERT INTO classes (name, level, year) VALUES ('${name}', 'P6', 2001) RETURNING id`);
  sql(`INSERT INTO memberships SELECT '${id}', id FROM users WHERE email = '${email}'`);
  await asAdmin(context);
  await page.goto('/admin/classes');
  await page.getByRole('link', { name: 'A new school year' }).click();
  await expect(page.getByLabel(`Next year’s class of ${name}, 2001`)).toHaveValue(name.replace('P5', 'P6'));
  await expect(page.getByLabel(`What becomes of ${name}, 2001`)).toHaveValue('up');
  await hydrated(page, javaScriptEnabled);
  if (javaScriptEnabled) await sound(page, 'a new school year');
  sql(`DELETE FROM memberships WHERE class_id = '${id}'`);
  await device.close();
});
