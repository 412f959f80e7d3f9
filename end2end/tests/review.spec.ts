import { asAdmin, hydrated, choosePaper, expect, pupil, sql, startExam, test, unfold, uploadPaper } from '../fixtures';

test.describe('splitting', () => {
  test.use({ provoked: [409] });
  test('an item is split, and that is taken back', async ({ page, context, javaScriptEnabled }, info) => {
    await asAdmin(context);
    await uploadPaper(page, 'p6-mathematics', 'S6/Mathematics', `Split on ${info.project.name}`);
    await hydrated(page, javaScriptEnabled);
    await page.getByRole('link', { name: 'Correct 1', exact: true }).click();
    const words = (await page.getByLabel('Question', { exact: true }).inputValue()).trim().split(' ').slice(-2).join(' ');
    await page.getByText('Split it in two').click();
    await page.getByLabel('The new item begins with these words').fill('nowhere in it');
    await page.getByRole('button', { name: 'Split' }).click();
    await expect(page.getByText('Nothing was changed.')).toBeVisible();
    if (!javaScriptEnabled) await page.getByText('Split it in two').click();
    await page.getByLabel('The new item begins with these words').fill(words);
    await page.getByLabel('Its number, if it is not printed').fill('1x');
    await page.getByRole('button', { name: 'Split' }).click();
    await expect(page.locator('[id="q-1x"]')).toContainText(words);
    await expect(page.locator('[id="q-1x"]')).toContainText('It was split by hand');

    await page.getByText('1 change by hand').click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(page.locator('[id="q-1x"]')).toHaveCount(0);
    await expect(page.getByText('change by hand')).toHaveCount(0);
  });
});

test.describe('a list of answers', () => {
  test.use({ provoked: [422] });
  test('is filled in as one step, and undone as one', async ({ page, context, javaScriptEnabled }, info) => {
    await asAdmin(context);
    await uploadPaper(page, 'p6-mathematics', 'S6/Mathematics', `List at ${info.project.name}`);
    await hydrated(page, javaScriptEnabled);
    const send = async (list: string) => {
      const field = page.getByRole('textbox', { name: 'Answers', exact: true });
      if (!(await field.isVisible())) await page.getByText('Fill in answers from a list').click();
      await field.fill(list);
      await page.getByRole('button', { name: 'Fill in the answers' }).click();
    };
    await send('99 C');
    await expect(page.getByText('Nothing was changed. 99: there is no such question.')).toBeVisible();
    await expect(page.getByRole('textbox', { name: 'Answers', exact: true })).toHaveValue('99 C');
    const before = (await page.locator('#q-2 .key').textContent())!;
    expect(before).not.toBe('Answer: A');
    await send('2 A 3 B 99 C');
    await expect(page.getByRole('status').filter({ hasText: '2 keys taken. 1 line fits no question: 99: there is no such question.' })).toBeVisible();
    await expect(page.locator('#q-2').getByText('Checked')).toHaveCount(0);
    await expect(page.locator('#q-2 .key')).toHaveText('Answer: A');
    await expect(page.locator('#q-3 .key')).toHaveText('Answer: B');
    await page.getByText('1 change by hand').click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(page.locator('#q-2 .key')).toHaveText(before);
    await expect(page.getByText('change by hand')).toHaveCount(0);
  });
});

test.describe('two reviewers', () => {
  test.use({ provoked: [409] });
  test('what two have set differently is asked, and nothing is overwritten', async ({ page, context, javaScriptEnabled }, info) => {
    await asAdmin(context);
    await uploadPaper(page, 'p6-mathematics', 'S6/Mathematics', `Two at ${info.project.name}`);
    const item = `${page.url()}?q=2`;
    const other = await context.newPage();
    for (const desk of [page, other]) {
      await desk.goto(item);
      await hydrated(desk, javaScriptEnabled);
    }
    const save = (desk: typeof page) => desk.getByRole('button', { name: 'Save the correction' }).click();
    await other.getByLabel('D is right').check();
    await other.getByLabel('Marks', { exact: true }).fill('7');
    await save(other);
    await expect(other.locator('#q-2 .key')).toHaveText('Answer: D');

    await page.getByLabel('C is right').check();
    await unfold(page);
    await page.getByLabel('Question', { exact: true }).fill('Which is the greatest?');
    await save(page);
    await expect(page.getByText('has “D”, you have “C”')).toBeVisible();
    await expect(page.getByLabel('C is right')).toBeChecked();
    await expect(page.getByLabel('Question', { exact: true })).toHaveValue('Which is the greatest?');
    await save(page);
    await expect(page.locator('#q-2 .key')).toHaveText('Answer: C');
    await expect(page.locator('#q-2 .text')).toHaveText('Which is the greatest?');
    await expect(page.locator('#q-2 .marks')).toHaveText('7 marks');
    await other.close();
  });
});

test('a pupil reports an item in two taps, and the school sees it', async ({ page, context, browser, baseURL, javaScriptEnabled }, info) => {
  const title = `Reported on ${info.project.name} ${info.retry}`;
  await asAdmin(context);
  await uploadPaper(page, 'p6-mathematics', 'P6/Mathematics', title);
  await hydrated(page, javaScriptEnabled);
  await page.getByRole('button', { name: 'Publish' }).click();
  await expect(page.getByText('Published', { exact: true })).toBeVisible();

  const desk = await browser.newContext({ baseURL, javaScriptEnabled });
  await pupil(desk, 'P6');
  const sheet = await desk.newPage();
  await choosePaper(sheet, title, javaScriptEnabled);
  await startExam(sheet, javaScriptEnabled);
  await sheet.locator('summary', { hasText: 'Hand in' }).click();
  await sheet.getByRole('button', { name: 'Hand in and see the marks' }).click();
  await expect(sheet).toHaveURL(/\/result$/);
  await hydrated(sheet, javaScriptEnabled);
  await sheet.getByText('Report a problem').first().click();
  await sheet.getByRole('button', { name: 'The answer is wrong' }).first().click();
  await expect(sheet.getByText('You reported this.')).toBeVisible();
  await desk.close();

  await page.reload();
  await hydrated(page, javaScriptEnabled);
  await expect(page.getByText('Test Pupil reports: The answer is wrong')).toBeVisible();
  await expect(page.getByText(/, 1 to look at/)).toBeVisible();
  await page.getByRole('link', { name: 'Next to look at' }).click();
  await page.getByRole('button', { name: 'Approve and go on' }).click();
  await expect(page.getByText('reports:')).toHaveCount(0);
  await expect(page.getByText(/, 0 to look at/)).toBeVisible();
  sql(`UPDATE documents SET published_at = NULL WHERE title = '${title}'`);
});
