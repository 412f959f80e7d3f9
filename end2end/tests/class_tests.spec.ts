import type { BrowserContext } from '@playwright/test';
import { expect, hydrated, pupil, saved, sound, sql, test } from '../fixtures';

/** A class of P6 of this name, its teacher on one device and a pupil of it on another. */
async function classOf(name: string, teachers: BrowserContext, pupils: BrowserContext) {
  const classId = sql(`INSERT INTO classes (name, level, year) VALUES ('P6 test ${name}', 'P6', 2026) RETURNING id`);
  const teacher = await pupil(teachers, 'P6');
  sql(`UPDATE users SET role = 'teacher', education_level = NULL WHERE email = '${teacher.email}';
       INSERT INTO class_teachers SELECT '${classId}', id FROM users WHERE email = '${teacher.email}'`);
  const { email } = await pupil(pupils, 'P6');
  sql(`INSERT INTO memberships SELECT '${classId}', id FROM users WHERE email = '${email}';
       UPDATE users SET full_name = 'Sitting ${name}' WHERE email = '${email}'`);
}

test.describe('a test made by hand', () => {
  // A wrong code is refused.
  test.use({ provoked: [422] });

  test('is made by a teacher, set with a code of the room, sat by a pupil, and told something', async ({ page, context, browser, baseURL, javaScriptEnabled }, info) => {
    // Every run has names of its own. axe needs scripts.
    const name = `${info.project.name} ${info.repeatEachIndex}${info.retry}`;
    const device = await browser.newContext({ baseURL, javaScriptEnabled, viewport: page.viewportSize() });
    await classOf(name, context, device);

    await page.goto('/admin');
    await page.getByRole('link', { name: 'Tests', exact: true }).click();
    await hydrated(page, javaScriptEnabled);
    if (javaScriptEnabled) await sound(page, 'tests');
    await page.getByLabel('Title').fill(`Week 3 ${name}`);
    await page.getByLabel('Level').selectOption('P6');
    await page.getByRole('button', { name: 'Make the test' }).click();
    await expect(page.getByRole('heading', { name: `Week 3 ${name}` })).toBeVisible();
    await page.getByLabel('Words').fill('nearest');
    await page.getByRole('button', { name: 'Search' }).click();
    await expect(page).toHaveURL(/words=nearest/);
    await page.getByLabel('Words').fill('');
    await page.getByLabel('Kind').selectOption('numeric');
    await page.getByRole('button', { name: 'Search' }).click();
    await expect(page).toHaveURL(/kind=numeric/);
    const questions = page.locator('ol').first().locator('> li');
    for (const count of [1, 2, 3]) {
      await page.getByRole('button', { name: /^Add question/ }).first().click();
      await expect(questions).toHaveCount(count);
      await expect(page, 'the search stays').toHaveURL(/kind=numeric/);
    }
    const second = await questions.nth(1).locator('.text').first().innerText();
    await page.getByRole('button', { name: 'Up: question 2' }).click();
    await expect(questions.nth(0).locator('.text').first()).toHaveText(second);
    await page.getByRole('button', { name: 'Take out: question 3' }).click();
    await expect(questions).toHaveCount(2);
    await hydrated(page, javaScriptEnabled);
    await page.getByLabel(/^Marks of/).first().fill('4');
    await page.getByRole('button', { name: 'Save the marks' }).click();
    await expect(page.getByLabel(/^Marks of/).first()).toHaveValue('4');
    if (javaScriptEnabled) await sound(page, 'a test');

    await page.getByRole('link', { name: 'Set it to a class' }).click();
    await page.getByLabel('To start, pupils need a code').check();
    await page.getByLabel('Each pupil gets the questions in another order').check();
    await page.getByRole('button', { name: 'Set it' }).click();
    await expect(page.getByRole('row').filter({ hasText: `Week 3 ${name}` })).toContainText('shuffled');
    await page.goto('/admin/exams');
    const code = await page.locator('.room-codes b').innerText();
    expect(code).toMatch(/^[A-Z0-9]{5}$/);

    const theirs = await device.newPage();
    await theirs.goto('/');
    await hydrated(theirs, javaScriptEnabled);
    if (javaScriptEnabled) await sound(theirs, 'work with a code');
    await theirs.getByLabel(/^Code told in the room/).fill('WRONG');
    await theirs.getByRole('button', { name: /^Start: Week 3/ }).click();
    await expect(theirs.getByText('This is not the code.')).toBeVisible();
    await theirs.getByLabel(/^Code told in the room/).fill(code.toLowerCase());
    await theirs.getByRole('button', { name: /^Start: Week 3/ }).click();
    await expect(theirs).toHaveURL(/\/attempts\//);
    await hydrated(theirs, javaScriptEnabled);

    // With scripts the page of exams in progress loads anew by itself when one begins.
    if (!javaScriptEnabled) await page.reload();
    await expect(page.getByRole('button', { name: 'Tell 1 exam' })).toBeVisible();
    await hydrated(page, javaScriptEnabled);
    if (javaScriptEnabled) await sound(page, 'exams in progress');
    await page.getByLabel('Message').fill('Question 1: round to tens.');
    await page.getByRole('button', { name: 'Tell 1 exam' }).click();
    // Without scripts it is there when the page is loaded again.
    if (!javaScriptEnabled) await theirs.reload();
    await expect(theirs.getByRole('log')).toContainText('Question 1: round to tens.');
    if (javaScriptEnabled) await sound(theirs, 'an exam with a message');

    // The page of exams in progress loads anew by itself when one ends.
    await page.goto('/admin');
    await theirs.locator('main input[type=text]').first().fill('7');
    await saved(theirs, javaScriptEnabled);
    await theirs.getByText('Hand in …').click();
    await theirs.getByRole('button', { name: 'Hand in and see the marks' }).click();
    await expect(theirs).toHaveURL(/\/result$/);
    await device.close();

    await page.goto('/admin/tests');
    await page.getByRole('link', { name: `Week 3 ${name}` }).click();
    await expect(page.getByText('Pupils have begun this test')).toBeVisible();
    await page.getByRole('link', { name: 'Marks', exact: true }).click();
    await expect(page.getByRole('row').filter({ hasText: `Sitting ${name}` })).toBeVisible();
    await hydrated(page, javaScriptEnabled);
    if (javaScriptEnabled) await sound(page, 'marks of a test');
  });

  test('has sections under rules, which the exam, the marks and the paper follow', async ({ page, context, browser, baseURL, javaScriptEnabled }, info) => {
    const name = `sections ${info.project.name} ${info.repeatEachIndex}${info.retry}`;
    const device = await browser.newContext({ baseURL, javaScriptEnabled, viewport: page.viewportSize() });
    await classOf(name, context, device);
    await page.goto('/admin/tests');
    await page.getByLabel('Title').fill(`Sections ${name}`);
    await page.getByLabel('Level').selectOption('P6');
    await page.getByRole('button', { name: 'Make the test' }).click();
    for (const [section, rule, count] of [['A', 'all', ''], ['B', 'choose', '2']]) {
      await hydrated(page, javaScriptEnabled);
      await page.getByText('Add a section …').click();
      const form = page.locator('details', { hasText: 'Add a section …' });
      await form.getByLabel('Rule').selectOption(rule);
      if (rule === 'choose') {
        // What is missing is told, and what was chosen stays.
        await form.getByRole('button', { name: 'Add the section' }).click();
        await expect(form.getByText('Say how many count')).toBeVisible();
        await expect(form.getByLabel('Rule')).toHaveValue('choose');
        await form.getByLabel('How many count').fill(count);
      }
      await form.getByRole('button', { name: 'Add the section' }).click();
      await expect(page.getByText(`Change section ${section} …`)).toBeVisible();
    }
    await page.getByLabel('Kind').selectOption('numeric');
    await page.getByRole('button', { name: 'Search' }).click();
    await expect(page).toHaveURL(/kind=numeric/);
    const lists = page.locator('ol.test-questions');
    for (const [place, section, count] of [[0, 'A', 1], [1, 'B', 1], [1, 'B', 2], [1, 'B', 3]] as const) {
      await page.getByRole('button', { name: new RegExp(`^Add to section ${section}`) }).first().click();
      await expect(lists.nth(place).locator('> li')).toHaveCount(count);
    }
    await hydrated(page, javaScriptEnabled);
    // Two marks for each item; a question may have several.
    for (const marks of await page.getByLabel(/^Marks of/).all()) await marks.fill('2');
    await page.getByRole('button', { name: 'Save the marks' }).click();
    const marksOf = async (list: number) => {
      const questions = await lists.nth(list).locator('> li').all();
      return Promise.all(questions.map(async (question) => 2 * (await question.getByLabel(/^Marks of/).count())));
    };
    const [all] = await marksOf(0);
    const [first, second] = (await marksOf(1)).sort((a, b) => b - a);
    const best = first + second;
    await expect(page.getByRole('heading', { name: `Section A: all questions ${all} marks` })).toBeVisible();
    await expect(page.getByRole('heading', { name: new RegExp(`^Section B: any 2 questions;.* ${best} marks$`) })).toBeVisible();
    if (javaScriptEnabled) await sound(page, 'a test with sections');

    await page.getByRole('link', { name: 'Set it to a class' }).click();
    await page.getByRole('button', { name: 'Set it' }).click();
    await expect(page.getByRole('row').filter({ hasText: `Sections ${name}` })).toBeVisible();
    const theirs = await device.newPage();
    await theirs.goto('/');
    await theirs.getByRole('button', { name: /^Start: Sections/ }).click();
    await expect(theirs).toHaveURL(/\/attempts\//);
    await hydrated(theirs, javaScriptEnabled);
    await expect(theirs.getByText(/Section B/).first()).toBeVisible();
    const answers = theirs.locator('main input[type=text]');
    for (const place of [0, 1, 2]) {
      await answers.nth(place).fill('0.123');
      await saved(theirs, javaScriptEnabled);
    }
    await theirs.getByText('Hand in …').click();
    await theirs.getByRole('button', { name: 'Hand in and see the marks' }).click();
    await expect(theirs).toHaveURL(/\/result$/);
    await expect(theirs.getByRole('main'), 'the question of A and two of B').toContainText(`of ${all + best}`);
    await device.close();
  });
});
