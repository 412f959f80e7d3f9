import { againstTheClock, hydrated, choosePaper, expect, pupil, saved, sound, sql, test } from '../fixtures';

test('what to do next says why, mistakes come back, and progress leads to practice', async ({ page, context, javaScriptEnabled }) => {
  const { email } = await pupil(context, 'P6');
  await choosePaper(page, 'P6 Mathematics practice paper', javaScriptEnabled);
  await page.getByLabel('Questions at a time').fill('3');
  await againstTheClock(page, 'Start with these');
  await expect(page).toHaveURL(/\/attempts\/[0-9a-f-]+$/);
  await hydrated(page, javaScriptEnabled);
  await expect(page.locator('article.question')).toHaveCount(3);
  // A question with the same number in its paper does not show where it is from.
  const whence = page.locator('.whence').filter({ hasText: /Question .+ of P6 Mathematics practice paper\. .+\./ });
  await expect(whence.first()).toBeVisible();

  // Wrong answers, for any kind of question.
  for (const answer of await page.locator('main article :is(input[type=text], textarea)').all()) await answer.fill('zebra');
  for (const group of await page.locator('fieldset.choices').all()) await group.locator('input:not([type=hidden])').last().check();
  await saved(page, javaScriptEnabled);
  await page.getByText('Hand in …').click();
  await page.getByRole('button', { name: 'Hand in and see the marks' }).click();
  await expect(page).toHaveURL(/\/result$/);

  // Ten days later.
  sql(`UPDATE attempts SET started_at = started_at - interval '10 d', deadline_at = deadline_at - interval '10 d',
       submitted_at = submitted_at - interval '10 d' WHERE user_id = (SELECT id FROM users WHERE email = '${email}')`);
  sql(`UPDATE pupil_item_estimates SET last_at = last_at - interval '10 d'
        WHERE user_id = (SELECT id FROM users WHERE email = '${email}')`);
  await page.goto('/mistakes');
  await hydrated(page, javaScriptEnabled);
  await expect(page.getByText('Due now').first()).toBeVisible();
  if (javaScriptEnabled) await sound(page, 'the mistakes');
  await page.getByRole('button', { name: /^Practise what is due \(\d+\)$/ }).click();
  await expect(page).toHaveURL(/\/attempts\//);
  await expect(page.locator('.whence').first()).toHaveText(/(You missed this|You had only part of this) 10 days ago\./);

  await page.goto('/progress');
  await hydrated(page, javaScriptEnabled);
  await expect(page.getByRole('heading', { name: 'What to do next' })).toBeVisible();
  await expect(page.getByText(/^Not known yet: .*Mathematics \(\d+ more answers\)/)).toBeVisible();
  await page.locator('.accordion summary').first().click();
  await page.getByRole('link', { name: /^Practise .+/ }).first().click();
  await expect(page).toHaveURL(/\/quizzes\/new\?subject=.+&topic=.+/);
  await expect(page.locator('input[name="topics[]"]:checked')).toHaveCount(1);
  await hydrated(page, javaScriptEnabled);
  await page.getByLabel('How many questions').fill('50');
  await page.getByRole('button', { name: 'Start the quiz' }).click();
  await expect(page).toHaveURL(/\/attempts\//);
  await expect(page.getByText(/You asked for 50 questions, but this choice has only \d+/)).toBeVisible();
});

test('a subject is chosen where none is named', async ({ page, context, javaScriptEnabled }) => {
  await pupil(context, 'S3');
  await page.goto('/quizzes/new');
  await hydrated(page, javaScriptEnabled);
  await page.getByRole('link', { name: 'Physics' }).click();
  await expect(page.getByRole('heading', { name: 'Practise: Physics' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Start the exam' })).toHaveCount(0);
});
