import { choosePaper, expect, hydrated, pupil, saved, sound, sql, startExam, test } from '../fixtures';

test('short practice tells the marks after each question, and can be stopped', async ({ page, context, javaScriptEnabled }) => {
  await pupil(context, 'P6');
  await page.goto('/');
  await hydrated(page, javaScriptEnabled);
  await expect(page.getByRole('heading', { name: /^Hello, / })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Do this now' })).toBeVisible();
  if (javaScriptEnabled) await sound(page, 'the home of a pupil');
  const subject = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: /^Mathematics/ }) });
  await subject.getByRole('button', { name: '5 questions' }).click();
  await expect(page).toHaveURL(/\/attempts\/[0-9a-f-]+$/);
  await expect(page.getByRole('timer')).toHaveCount(0);
  await expect(page.locator('article.question')).toHaveCount(1);

  // Nothing is written yet.
  await page.getByRole('button', { name: 'Check' }).click();
  await expect(page.getByText('Write or choose an answer first.')).toBeVisible();
  await expect(page.getByText('Right answer')).toHaveCount(0);
  for (const answer of await page.locator('article input[type=text], article textarea').all()) await answer.fill('zebra');
  for (const choice of await page.locator('article select').all()) await choice.selectOption({ index: 1 });
  for (const group of await page.locator('article fieldset.choices').all()) await group.locator('input:not([type=hidden])').last().check();
  await page.getByRole('button', { name: 'Check' }).click();
  await expect(page).toHaveURL(/\?question=1#told$/);
  await expect(page.getByText('Right answer').first()).toBeVisible();
  await expect(page.locator('.reason').first()).toHaveText(/\w{3}/);
  if (javaScriptEnabled) await sound(page, 'a question with its marks');
  await page.getByRole('link', { name: 'Next question' }).click();
  await expect(page.getByRole('link', { name: 'Question 2: Not answered yet' })).toHaveAttribute('aria-current', 'step');
  await page.getByRole('button', { name: 'I do not know: show the answer' }).click();
  await expect(page.getByText('Read the answer below.')).toBeVisible();

  // Later, from the home page.
  await page.goto('/');
  await expect(page.getByText(/^Continue .+ where you left off\.$/)).toBeVisible();
  await page.getByRole('link', { name: 'Continue', exact: true }).click();
  await page.getByRole('button', { name: 'Stop here and see how you did' }).click();
  await expect(page).toHaveURL(/\/result$/);
  await expect(page.locator('details.question')).toHaveCount(2);
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'How you are doing' })).toBeVisible();
});

test('an answer is shown as it is read', async ({ page, context, javaScriptEnabled }) => {
  test.skip(!javaScriptEnabled, 'It needs scripts.');
  await pupil(context, 'P6');
  await choosePaper(page, 'P6 Mathematics practice paper', true);
  await startExam(page, true);
  const field = page.locator('input[data-signs]').first();
  await field.fill('3/4 cm');
  await expect(page.getByText('We read:')).toBeVisible();
  await expect(page.locator('output mfrac')).toHaveText('34');
  await field.fill('3 <b>/4');
  await expect(page.getByText('We read:')).toBeHidden();
});

test('a device shows pages as it is told, and reads questions aloud', async ({ page, context, javaScriptEnabled }) => {
  await page.addInitScript(() => {
    const spoken: string[] = [];
    Object.assign(window, { spoken });
    speechSynthesis.speak = (said) => spoken.push(`${said.lang}: ${said.text}`);
  });
  await pupil(context, 'S3');
  await page.goto('/account');
  const size = () => page.evaluate(() => getComputedStyle(document.documentElement).fontSize);
  const before = javaScriptEnabled && (await size());
  await page.getByLabel('Larger text').check();
  await page.getByLabel('More space between letters and lines').check();
  if (!javaScriptEnabled) return;
  await page.getByLabel('A button that reads a question aloud').check();
  await choosePaper(page, 'S3 Mathematics practice paper', true);
  expect(await size()).not.toBe(before);
  await startExam(page, true);
  await page.getByRole('button', { name: 'Read aloud: question 1', exact: true }).click();
  const spoken = await page.evaluate(() => (window as unknown as { spoken: string[] }).spoken);
  expect(spoken).toHaveLength(1);
  expect(spoken[0]).toContain('en: ');
  expect(spoken[0]).toContain((await page.locator('#q-1 > .stem .text').innerText()).slice(0, 30));

  // The bar below stays one line, and nothing is wider than the screen.
  const answered = page.getByText(/^0 of \d+ answered$/);
  await answered.click();
  await page.locator('[data-see=one]').check();
  await answered.click();
  await page.getByRole('button', { name: 'Next', exact: true }).click();
  const [back, next] = await Promise.all(['Back', 'Next'].map((name) => page.getByRole('button', { name, exact: true }).boundingBox()));
  const [bar, line] = [(await page.locator('.palette > summary').boundingBox())!, back!.height];
  expect(next!.height).toBe(line);
  expect(Math.abs(bar.height - line)).toBeLessThan(8);
  await sound(page, 'an exam in large text');
  await page.getByText('Hand in …').click();
  await page.getByRole('button', { name: 'Hand in and see the marks' }).click();
  await expect(page).toHaveURL(/\/result$/);
  await sound(page, 'a result in large text');
});

test('signs that a keyboard lacks are offered below an answer', async ({ page, context, javaScriptEnabled }) => {
  test.skip(!javaScriptEnabled, 'They need scripts.');
  await pupil(context, 'P6');
  await choosePaper(page, 'P6 Mathematics practice paper', true);
  await startExam(page, true);
  const [field, other] = await page.locator('input[data-signs]').all();
  const keys = page.getByRole('toolbar', { name: 'Signs to insert' });
  await expect(keys).toHaveCount(0);
  await field.fill('5 cm');
  await keys.getByRole('button', { name: 'squared' }).click();
  await expect(field).toBeFocused();
  await field.pressSequentially(' or so');
  await expect(field).toHaveValue('5 cm² or so');
  await saved(page, true);
  await other.focus();
  await expect(keys).toHaveCount(1);
  await page.reload();
  await expect(field).toHaveValue('5 cm² or so');
});

test('a pupil plans minutes a day and sees the week', async ({ page, context, javaScriptEnabled }) => {
  const { email } = await pupil(context, 'P6');
  await page.goto('/');
  await hydrated(page, javaScriptEnabled);
  const plan = page.getByRole('region', { name: 'Your week' });
  await expect(plan.getByText('How long do you want to practise each day?')).toBeVisible();
  await expect(plan.getByRole('listitem')).toHaveCount(0);
  await plan.getByRole('button', { name: '20 minutes' }).click();
  await expect(plan.getByText('0 of 20 minutes today. Use them for')).toBeVisible();
  await expect(plan.getByRole('listitem')).toHaveCount(7);
  await expect(plan.locator('[aria-current=date]')).toContainText(': 0 minutes.');

  // A quarter of an hour's work in the last half: a practice with an answer every five minutes.
  const subject = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: /^Mathematics/ }) });
  await subject.getByRole('button', { name: '5 questions' }).click();
  await expect(page).toHaveURL(/\/attempts\/[0-9a-f-]+$/);
  const attempt = page.url().split('/').pop();
  sql(`WITH a AS (UPDATE attempts SET started_at = now() - interval '15 minutes' WHERE id = '${attempt}' RETURNING id),
            w AS (UPDATE attempt_writers SET opened_at = now() WHERE attempt_id = '${attempt}'),
            r AS (SELECT question_id, row_number() OVER () AS n FROM attempt_answers WHERE attempt_id = '${attempt}')
       UPDATE attempt_answers t SET checked_at = now() - interval '5 minutes' * (r.n - 1) FROM r
        WHERE t.attempt_id = '${attempt}' AND t.question_id = r.question_id AND r.n <= 3`);
  await page.goto('/');
  // A night's practice is of two days.
  const [hours, minutes] = sql("SELECT to_char(now() AT TIME ZONE 'Africa/Kigali', 'HH24:MI')").split(':').map(Number);
  if (hours * 60 + minutes > 16) await expect(plan.getByText('15 of 20 minutes today.')).toBeVisible();
  await plan.getByText('Change your plan').click();
  await plan.getByRole('button', { name: '10 minutes' }).click();
  if (hours * 60 + minutes > 16) {
    await expect(plan.getByText('15 minutes today. Well done!')).toBeVisible();
    await expect(plan.getByText(/^1 of \d days? this week$/)).toBeVisible();
    await expect(plan.locator('[aria-current=date].kept')).toContainText('15 minutes, done.');
  }
  if (javaScriptEnabled) await sound(page, 'the home with a plan');
  await plan.getByText('Change your plan').click();
  await plan.getByRole('button', { name: 'No plan' }).click();
  await expect(plan.getByText('How long do you want to practise each day?')).toBeVisible();
  expect(sql(`SELECT daily_minutes IS NULL FROM users WHERE email = '${email}'`)).toBe('t');
});

test('blanks are filled in within their sentence, by typing or with the words below', async ({ page, context, javaScriptEnabled }) => {
  await pupil(context, 'P6');
  await choosePaper(page, 'P6 Science and Elementary Technology practice paper', javaScriptEnabled);
  await startExam(page, javaScriptEnabled);
  const blank = (n: number) => page.getByRole('textbox', { name: `Answer to 10, blank ${n}`, exact: true });
  await expect(page.getByRole('textbox', { name: /^Answer to 10, / })).toHaveCount(5);
  await expect(page.locator('.text').filter({ has: blank(1) })).toContainText(/Digestion begins in the\s+, where food is chewed/);
  await blank(2).fill('saliva');
  if (javaScriptEnabled) {
    await page.locator('.item').filter({ has: blank(1) }).getByRole('button', { name: 'mouth' }).click();
    await sound(page, 'an exam with blanks in a sentence');
  } else {
    await blank(1).fill('mouth');
  }
  await saved(page, javaScriptEnabled);
  await page.reload();
  await expect(blank(1)).toHaveValue('mouth');
  await expect(blank(2)).toHaveValue('saliva');
  await expect(blank(3)).toHaveValue('');
});

test('an exam that allows a calculator has one, and nothing in it is an answer', async ({ page, context, javaScriptEnabled }) => {
  test.skip(!javaScriptEnabled, 'It needs scripts.');
  await pupil(context, 'P6');
  await choosePaper(page, 'P6 Mathematics practice paper', true);
  await startExam(page, true);
  const open = page.getByRole('button', { name: 'Calculator', exact: true });
  await expect(open).toHaveCount(0);
  sql(`UPDATE quizzes SET calculator = true WHERE id = (SELECT quiz_id FROM attempts WHERE id = '${page.url().split('/').pop()}')`);
  await page.reload();
  await hydrated(page, true);
  await open.click();
  const calculator = page.getByRole('dialog', { name: 'Calculator' });
  const [field, result] = [calculator.getByLabel('Calculation'), calculator.getByRole('status')];
  await expect(field).toBeFocused();
  // Touch.
  for (const key of ['open bracket', '2', 'plus', '3', 'close bracket', 'times', '4', '5', 'delete the last sign', 'equals'])
    await calculator.getByRole('button', { name: key, exact: true }).click();
  await expect(field).toHaveValue('(2+3)×4');
  await expect(result).toHaveText('= 20');
  // The keyboard.
  const results = {
    '0.1+0,2': '= 0.3', '8/4/2': '= 1', '10-2*3': '= 4', '−3²': '= −9', '√16+1': '= 5', '2√(9': '= 6', '3(1+1)': '= 6', '50%×80': '= 40',
    '2π': '= 6.283185307', '1÷0': 'You cannot divide by 0.', '2 3': 'Check what you wrote.', '5)': 'Check what you wrote.',
    'alert(1)': 'Check what you wrote.', '√−1': 'Check what you wrote.',
  };
  for (const [calculation, shown] of Object.entries(results)) {
    await field.fill(calculation);
    await field.press('Enter');
    await expect(result, calculation).toHaveText(shown);
  }
  await sound(page, 'an exam with a calculator');
  await page.keyboard.press('Escape');
  await expect(calculator).toBeHidden();
  await expect(open).toBeFocused();
  await expect(page.getByText('All saved at school')).toBeVisible();
  await expect(page).toHaveURL(/\/attempts\/[0-9a-f-]+$/);
});
