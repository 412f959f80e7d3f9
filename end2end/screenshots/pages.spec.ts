import type { Page } from '@playwright/test';
import { asAdmin, asDemo, choosePaper, expect, hydrated, pupil, startExam, test } from '../fixtures';

const pupilPages = [
  ['home', '/'],
  ['papers', '/documents'],
  ['progress', '/progress'],
  ['mistakes', '/mistakes'],
  ['account', '/account'],
] as const;
const schoolPages = [
  ['school', '/admin'],
  ['school-monday', '/admin/monday'],
  ['school-papers', '/admin/documents'],
  ['school-classes', '/admin/classes'],
  ['school-pupils', '/admin/students'],
  ['school-exams', '/admin/exams'],
  ['school-tests', '/admin/tests'],
] as const;

async function shoot(page: Page, name: string) {
  await hydrated(page, true);
  // Pictures in sight are loaded.
  const waiting = () => page.evaluate(() => [...document.images].filter((image) => !image.complete && image.checkVisibility() && image.getBoundingClientRect().top < innerHeight).length);
  await expect.poll(waiting).toBe(0);
  await page.screenshot({ path: `${__dirname}/../../docs/screenshots/${name}-${test.info().project.name}.png` });
}

test('pages of a pupil', async ({ page, context }) => {
  await page.goto('/');
  await shoot(page, 'start');
  await asDemo(context, 'aline.umutoni@demo.school');
  for (const [name, path] of pupilPages) {
    await page.goto(path);
    await shoot(page, name);
  }
  await page.goto('/progress');
  await page.locator('a[href*="/result"]').first().click();
  await shoot(page, 'result');
  // Somebody without an exam in progress.
  await pupil(context, 'P6');
  await choosePaper(page, 'P6 Mathematics practice paper', true);
  await shoot(page, 'choose');
  await startExam(page, true);
  await page.locator('input[data-signs]').first().fill('3/4 cm');
  await page.getByText('We read:').waitFor();
  await shoot(page, 'exam');
});

test('pages of a school', async ({ page, context }) => {
  await asAdmin(context);
  for (const [name, path] of schoolPages) {
    await page.goto(path);
    await shoot(page, name);
  }
  await page.goto('/admin/documents');
  await page.getByRole('link', { name: 'P6 Mathematics practice paper' }).first().click();
  await page.waitForURL(/review/);
  await shoot(page, 'school-review');
});
