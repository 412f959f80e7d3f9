import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { another, hydrated, eventually, expect, pupil, sound, test } from '../fixtures';

const place = (name: string) => `${__dirname}/../../demo/papers/${name}.pdf`;
const paper = (name: string) => ({ name: `${name}.pdf`, mimeType: 'application/pdf', buffer: readFileSync(place(name)) });

async function choose(page: Page, scripts: boolean, files: { name: string; mimeType: string; buffer: Buffer }[]) {
  await page.goto('/documents/new');
  await hydrated(page, scripts);
  await page.getByLabel('PDFs or photos').setInputFiles(files);
}

test('several papers at once, the same again, and one that is none', async ({ page, context, javaScriptEnabled }) => {
  const scripts = !!javaScriptEnabled;
  await pupil(context, 'P6');
  await choose(page, scripts, [paper('p6-mathematics'), paper('s3-physics')]);
  if (scripts) {
    await expect(page.getByRole('listitem').filter({ hasText: /\.pdf \(.* MB\)/ })).toHaveCount(2);
    await sound(page, 'the form with chosen files');
  }
  await page.getByRole('button', { name: 'Upload' }).click();
  await expect(page).toHaveURL(/whose=mine/);
  await expect(page.getByRole('link', { name: 's3-physics' })).toBeVisible();
  await eventually(page, async () => (await page.getByText(/Waiting to be read|Reading page/).count()) === 0);

  // What a school decides about a paper is not asked of a pupil.
  await page.getByRole('link', { name: 's3-physics' }).click();
  await page.getByRole('link', { name: 'See its questions' }).click();
  await expect(page.getByRole('heading', { name: 's3-physics' })).toBeVisible();
  await expect(page.getByText('Choose what counts')).toHaveCount(0);

  const broken = { name: 'picture.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('not a picture') };
  await choose(page, scripts, [paper('p6-mathematics'), another(place('s3-mathematics')), broken]);
  await page.getByRole('button', { name: 'Upload' }).click();
  const told = page.getByRole('alert');
  await expect(told).toContainText('1 paper added. Not added:');
  await expect(told).toContainText('picture.jpg: The file is not a PDF.');
  await told.getByRole('link', { name: 'p6-mathematics.pdf' }).click();
  await expect(page.getByRole('heading', { name: 'p6-mathematics' })).toBeVisible();
});

test('photos of pages become one document', async ({ page, context, javaScriptEnabled }) => {
  const scripts = !!javaScriptEnabled;
  await pupil(context, 'P6');
  await choose(page, scripts, [paper('p6-mathematics')]);
  await page.getByRole('button', { name: 'Upload' }).click();
  await expect(page).toHaveURL(/\/documents\/[0-9a-f-]{36}$/);
  const photos = await Promise.all([1, 2].map(async (number) => {
    const picture = await context.request.get(`${page.url()}/pages/${number}?width=1440`);
    return { name: `page ${number}.webp`, mimeType: 'image/webp', buffer: await picture.body() };
  }));
  // Chosen in the wrong order: with scripts the order can be changed.
  await choose(page, scripts, scripts ? photos.reverse() : photos);
  if (scripts) {
    await page.getByRole('button', { name: 'Move page 1.webp up' }).click();
    await expect(page.getByRole('listitem').filter({ hasText: '.webp' }).first()).toContainText('page 1.webp');
  }
  await page.getByRole('button', { name: 'Upload' }).click();
  await expect(page.getByRole('heading', { name: 'page 1' })).toBeVisible();
  await eventually(page, () => page.getByRole('link', { name: 'Practise with it' }).isVisible());
});

test.describe('on a bad network', () => {
  test.use({ cutsNetwork: true });

  test('an upload that breaks off is told, and goes on', async ({ page, context, javaScriptEnabled }) => {
    test.skip(!javaScriptEnabled, 'the browser tells it itself');
    await pupil(context, 'P6');
    await choose(page, true, [paper('p6-mathematics')]);
    await page.route('**/documents/new', (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()));
    await page.getByRole('button', { name: 'Upload' }).click();
    await expect(page.getByRole('alert')).toContainText('The upload stopped.');
    await page.unroute('**/documents/new');
    await page.getByRole('button', { name: 'Upload' }).click();
    await expect(page).toHaveURL(/\/documents\/[0-9a-f-]{36}$/);
  });
});
