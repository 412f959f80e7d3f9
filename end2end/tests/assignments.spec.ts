import { asAdmin, expect, hydrated, pupil, sound, sql, test } from '../fixtures';

test('the school sets a paper to a class, and a pupil starts it', async ({ page, context, browser, baseURL, javaScriptEnabled }, info) => {
  // Every run has a class of its own. axe needs scripts.
  const name = `P6 set ${info.project.name} ${info.repeatEachIndex}${info.retry}`;
  const classId = sql(`INSERT INTO classes (name, level, year) VALUES ('${name}', 'P6', 2026) RETURNING id`);
  const device = await browser.newContext({ baseURL, javaScriptEnabled, viewport: page.viewportSize() });
  const { email } = await pupil(device, 'P6');
  sql(`INSERT INTO memberships SELECT '${classId}', id FROM users WHERE email = '${email}'`);

  await asAdmin(context);
  const paper = sql("SELECT id FROM documents WHERE title = 'P6 Mathematics practice paper'");
  await page.goto(`/documents/${paper}`);
  await page.getByRole('link', { name: 'Set it to a class' }).click();
  await expect(page.getByRole('heading', { name: 'Set to a class: P6 Mathematics practice paper' })).toBeVisible();
  await hydrated(page, javaScriptEnabled);
  if (javaScriptEnabled) await sound(page, 'setting work');
  await page.getByLabel('Class').selectOption(`${name}, 2026`);
  await page.getByLabel('Minutes for an attempt').fill('50');
  await page.getByRole('button', { name: 'Set it' }).click();
  const line = page.getByRole('row').filter({ hasText: name });
  await expect(line).toContainText('0 of 1');

  const theirs = await device.newPage();
  await theirs.goto('/');
  await expect(theirs.getByRole('region', { name: 'Do this now' })).toContainText('set by your school');
  await hydrated(theirs, javaScriptEnabled);
  if (javaScriptEnabled) await sound(theirs, 'work that is set');
  await theirs.getByRole('button', { name: 'Start: P6 Mathematics practice paper' }).click();
  await expect(theirs).toHaveURL(/\/attempts\//);
  await theirs.goto('/');
  await expect(theirs.getByRole('link', { name: 'Continue: P6 Mathematics practice paper', exact: true })).toBeVisible();

  await page.goto('/admin/assignments');
  await hydrated(page, javaScriptEnabled);
  await line.getByText('0 of 1').click();
  await expect(line).toContainText('Doing it now: 1');
  await line.getByRole('link', { name: /^Change/ }).click();
  await page.getByLabel('Attempts allowed').fill('2');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(line).toContainText('2 attempts');
  await line.getByText('Withdraw …').click();
  await line.getByRole('button', { name: /^Withdraw/ }).click();
  await expect(line).toContainText('Withdrawn');
  await line.getByRole('button', { name: /^Undo/ }).click();
  await expect(line.getByRole('link', { name: /^Change/ })).toBeVisible();
  await device.close();
});
