import { asAdmin, hydrated, expect, sound, test, unfold, uploadPaper } from '../fixtures';

test('a review by keyboard', async ({ page, context }, info) => {
  await asAdmin(context);
  await uploadPaper(page, 's3-physics', 'S6/Physics', `Keys on ${info.project.name}`);
  await hydrated(page, true);
  await page.keyboard.press('j');
  await expect(page).toHaveURL(/\?q=1#q-1$/);
  await expect(page.locator('.chosen')).toHaveCount(1);
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await expect(page).toHaveURL(/\?q=1#/);
  await sound(page, 'an item under review');

  // The text does not start with an extra line break.
  const text = page.getByLabel('Question', { exact: true });
  expect(await text.inputValue()).not.toMatch(/^\n/);
  await page.keyboard.press('e');
  await expect(text).toBeFocused();
  await text.fill('Written by keyboard: ajk?');
  await page.keyboard.press('Control+Enter');
  await expect(page.locator('#q-1 .text').first()).toHaveText('Written by keyboard: ajk?');
  await expect(page.locator('#q-1').getByText('Checked').first()).toBeVisible();
  await page.keyboard.press('u');
  await expect(page.getByText('Written by keyboard')).toHaveCount(0);

  await page.goto(`${page.url().split('?')[0]}?q=1`);
  await hydrated(page, true);
  await page.keyboard.press('a');
  await expect(page.getByText('1 change by hand')).toBeVisible();
  await expect(page.locator('#q-1').getByText('Checked').first()).toBeVisible();
});

test('a box is dragged', async ({ page, context }, info) => {
  await asAdmin(context);
  await uploadPaper(page, 's3-physics', 'S6/Physics', `Drag on ${info.project.name}`);
  await hydrated(page, true);
  await page.getByRole('link', { name: 'Correct 1', exact: true }).click();
  const box = page.locator('.sheet .box').first();
  const grip = page.locator('.sheet .grip').nth(1);
  const numbers = page.getByLabel('Box 1');
  await unfold(page);
  await page.getByText('Where it is: page').click();
  const before = (await numbers.inputValue()).split(' ').map(Number);
  // Waits until the images have loaded, so that it no longer moves.
  await grip.hover();
  const at = (await grip.boundingBox())!;
  await page.mouse.down();
  await page.mouse.move(at.x - 40, at.y + 30, { steps: 4 });
  await page.mouse.up();
  const after = (await numbers.inputValue()).split(' ').map(Number);
  expect(after.slice(0, 3)).toEqual(before.slice(0, 3));
  expect(after[3]).toBeLessThan(before[3]);
  expect(after[4]).toBeGreaterThan(before[4]);
  await page.getByRole('button', { name: 'Save the correction' }).click();
  await expect(page.getByText('1 change by hand')).toBeVisible();
  await expect(page.getByText('place corrected')).toHaveCount(1);
  await expect(box).toHaveAttribute('width', String(after[3]));
});

test('Control and Enter save from every control', async ({ page, context }, info) => {
  await asAdmin(context);
  await uploadPaper(page, 'p6-mathematics', 'S6/Mathematics', `Saved by keys on ${info.project.name}`);
  const item = `${page.url()}?q=2`;
  // What is saved leads on to the next item.
  const again = async () => {
    await page.goto(item);
    await hydrated(page, true);
  };
  await again();
  const right = page.getByLabel('C is right');
  await right.check();
  await right.press('Control+Enter');
  await expect(page.locator('#q-2 .key')).toHaveText('Answer: C');
  await again();
  await page.getByRole('combobox', { name: 'Kind' }).selectOption('Several choices');
  await page.getByRole('combobox', { name: 'Kind' }).press('Control+Enter');
  await expect(page.getByText('2 changes by hand')).toBeVisible();
  await again();
  await expect(right).toHaveAttribute('type', 'checkbox');
  const option = page.locator('textarea[aria-label="Option A"]');
  await unfold(page);
  await option.fill('one\ntwo');
  await option.press('Control+Enter');
  await expect(page.locator('#q-2 .options')).toContainText('two');
  await again();
  expect(await option.inputValue()).toBe('one\ntwo');
  await sound(page, 'an option of two lines');
  // Without any focused field, as after dragging a box.
  const marks = page.getByLabel('Marks', { exact: true });
  await marks.fill('7');
  await marks.blur();
  await page.keyboard.press('Control+Enter');
  await expect(page.locator('#q-2 .marks')).toHaveText('7 marks');
});

test.describe('going on', () => {
  test.use({ provoked: [422] });
  test('what is changed is saved by going on, or asked for', async ({ page, context }, info) => {
    await asAdmin(context);
    await uploadPaper(page, 'p6-mathematics', 'S6/Mathematics', `Going on with ${info.project.name}`);
    await hydrated(page, true);
    await page.getByRole('link', { name: 'Correct 2', exact: true }).click();
    const marks = page.getByLabel('Marks', { exact: true });
    await marks.fill('7');
    await marks.press('Escape');
    await page.keyboard.press('j');
    await expect(page).toHaveURL(/\?q=3#q-3$/);
    await expect(page.locator('#q-2 .marks')).toHaveText('7 marks');
    // Nothing was changed here, so nothing is saved.
    await page.keyboard.press('k');
    await expect(page).toHaveURL(/\?q=2#q-2$/);
    await expect(page.getByText('1 change by hand')).toBeVisible();
    // What is written after that is asked for too.
    await marks.fill('9');
    const asks = page.waitForEvent('dialog');
    await page.evaluate(() => void setTimeout(() => location.reload()));
    const first = await asks;
    expect(first.type()).toBe('beforeunload');
    await first.dismiss();

    await marks.fill('many');
    await page.getByRole('link', { name: 'Next item' }).click();
    await expect(page.getByText('Write the marks as a number from 0 to 200.')).toBeVisible();
    await expect(page).toHaveURL(/\?q=2#q-2$/);
    const stays = async (type: string, leave: () => Promise<unknown>) => {
      const asked = page.waitForEvent('dialog');
      const left = leave();
      const dialog = await asked;
      expect(dialog.type()).toBe(type);
      await dialog.dismiss();
      await left;
      expect(await marks.inputValue()).toBe('many');
    };
    await stays('confirm', () => page.getByRole('button', { name: 'Drop it' }).click());
    await stays('beforeunload', () => page.evaluate(() => void setTimeout(() => location.reload())));

    await marks.fill('8');
    await page.getByRole('link', { name: 'Previous item' }).click();
    await expect(page).toHaveURL(/\?q=1(\.|%2E)b#/);
    await expect(page.locator('#q-2 .marks')).toHaveText('8 marks');
  });
});

test('a question that was not found is added by a box drawn around it', async ({ page, context }, info) => {
  await asAdmin(context);
  await uploadPaper(page, 'p6-mathematics', 'S6/Mathematics', `Drawn on ${info.project.name}`);
  await hydrated(page, true);
  await page.getByRole('link', { name: 'Correct 5', exact: true }).click();
  const text = await page.locator('#q-5 .text').first().textContent();
  await unfold(page);
  const [number, left, top, width, height] = (await page.getByLabel('Box 1').inputValue()).split(' ').map(Number);
  await page.getByRole('button', { name: 'Drop it' }).click();
  await expect(page.locator('#q-5')).toHaveCount(0);

  await page.getByText('Add a question that was not found').click();
  await page.getByRole('button', { name: 'Draw a box' }).click();
  const canvas = page.locator('.sheet .canvas').nth(number - 1);
  await canvas.scrollIntoViewIfNeeded();
  const scale = (await canvas.boundingBox())!.width / Number((await canvas.getAttribute('viewBox'))!.split(' ')[2]);
  const position = (x: number, y: number) => ({ x: x * scale, y: y * scale });
  await canvas.hover({ position: position(left, top) });
  await page.mouse.down();
  await canvas.hover({ position: position(left + width, top + height) });
  await page.mouse.up();
  await page.getByRole('button', { name: 'Add it' }).click();
  await expect(page).toHaveURL(/\?q=5#q-5$/);
  await expect(page.locator('#q-5 .text').first()).toContainText(text!.trim().split(' ').slice(0, 3).join(' '));
  await expect(page.locator('#q-5')).toContainText('It was added by hand and not checked since.');
});

test('choices are typed on a grid, and the right answer by its number', async ({ page, context }, info) => {
  await asAdmin(context);
  await uploadPaper(page, 'p6-mathematics', 'S6/Mathematics', `Grid on ${info.project.name}`);
  await hydrated(page, true);
  await page.getByText('Fill in choices on a grid').click();
  const next = await page.locator('.grid li b').nth(1).textContent();
  await page.getByLabel('2: A', { exact: true }).focus();
  await page.keyboard.type('d3');
  await page.getByRole('button', { name: 'Fill in the choices' }).click();
  await expect(page.getByText('1 change by hand')).toBeVisible();
  await expect(page.locator('#q-2 .key')).toHaveText('Answer: D');
  await expect(page.locator(`[id="q-${next}"] .key`).first()).toHaveText('Answer: C');

  await page.getByRole('link', { name: 'Correct 2', exact: true }).click();
  await page.keyboard.press('3');
  await expect(page.getByLabel('C is right')).toBeChecked();
  await page.keyboard.press('a');
  await expect(page.locator('#q-2 .key')).toHaveText('Answer: C');
  await expect(page.getByText(/^1 of \d+ parts checked/)).toBeVisible();
});

test.describe('a form that is refused before the page is awake', () => {
  test.use({ cutsNetwork: true });
  test('does not keep the page from waking', async ({ page, context }, info) => {
    await asAdmin(context);
    await uploadPaper(page, 'p6-mathematics', 'S6/Mathematics', `Refused early on ${info.project.name}`);
    await page.route('**/pkg/*.wasm', (route) => route.abort());
    await page.goto(`${page.url()}?q=2`);
    await page.getByLabel('Marks', { exact: true }).fill('many');
    await page.getByRole('button', { name: 'Save the correction' }).click();
    await expect(page.getByText('Write the marks as a number from 0 to 200.')).toBeVisible();
    // It wakes by itself once the network is back.
    await page.unroute('**/pkg/*.wasm');
    await hydrated(page, true);
    await expect(page.getByText('Write the marks as a number from 0 to 200.')).toBeVisible();
    await page.getByLabel('Marks', { exact: true }).fill('7');
    await page.getByRole('button', { name: 'Save the correction' }).click();
    await expect(page.locator('#q-2 .marks')).toHaveText('7 marks');
  });
});
