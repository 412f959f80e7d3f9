import { existsSync } from 'node:fs';
import { another, asAdmin, hydrated, choosePaper, eventually, expect, publish, pupil, startExam, test, uploadPaper } from '../fixtures';

const corpus = `${__dirname}/../../../shared/corpus/dev`;

test('the school uploads a paper, looks at its questions, corrects one and publishes it', async ({ page, context, browser, baseURL, javaScriptEnabled }, info) => {
  const title = `Uploaded on ${info.project.name}`;
  await asAdmin(context);
  await page.goto('/admin');
  await page.getByRole('link', { name: 'Add a paper' }).click();
  await expect(page.getByRole('heading', { name: 'Add papers' })).toBeVisible();
  await uploadPaper(page, 's3-mathematics', 'S6/Mathematics', title);
  await expect(page.getByText(/ questions · 54 of 54 parts with an answer key/)).toBeVisible();

  // No pupil sees it before it is published.
  const shelf = await browser.newContext({ baseURL });
  await pupil(shelf, 'S6');
  const seen = async () => (await (await shelf.request.get('/documents')).text()).includes(title);
  expect(await seen()).toBe(false);

  await hydrated(page, javaScriptEnabled);
  await page.getByRole('link', { name: /^Correct / }).first().click();
  await page.getByLabel('Marks', { exact: true }).fill('2.5');
  await page.getByRole('button', { name: 'Save the correction' }).click();
  await expect(page.getByText('2.5 marks').first()).toBeVisible();
  // What pupils would miss is told, and asked once.
  await page.getByText('Publish it for pupils …').click();
  await expect(page.getByText(/ needs? a look: pupils may see /)).toBeVisible();
  await page.getByRole('button', { name: 'Publish it as it is' }).click();
  await expect(page.getByText('Published', { exact: true })).toBeVisible();
  expect(await seen()).toBe(true);
  await shelf.close();
});

test('a file that is no paper is refused in plain words', async ({ page, context, javaScriptEnabled }, info) => {
  await asAdmin(context);
  const upload = async (name: string, buffer: Buffer) => {
    await page.goto('/documents/new');
    await hydrated(page, javaScriptEnabled);
    await page.getByLabel('PDFs or photos').setInputFiles({ name, mimeType: 'application/pdf', buffer });
    await page.getByLabel('Level and subject').selectOption('P6/English');
    await page.getByRole('button', { name: 'Upload' }).click();
  };
  await upload('picture.pdf', Buffer.from('GIF89a'));
  await expect(page.getByText('The file is not a PDF.')).toBeVisible();
  await upload('../../<b>broken</b>.pdf', Buffer.from(`%PDF-1.7\nof ${info.project.name}, and then nothing`));
  await expect(page).toHaveURL(/\/review$/);
  await eventually(page, () => page.getByText('This is not a PDF, or it is cut off.').isVisible());
  await hydrated(page, javaScriptEnabled);
  await page.getByRole('button', { name: 'Try again' }).click();
  await eventually(page, () => page.getByText('This is not a PDF, or it is cut off.').isVisible());
});

test('the school finds a pupil who needs help', async ({ page, context }) => {
  await asAdmin(context);
  await page.goto('/admin');
  await page.getByRole('navigation').getByRole('link', { name: 'Pupils' }).click();
  await page.getByLabel('Level').selectOption('S3');
  await page.getByRole('button', { name: 'Show' }).click();
  await expect(page.getByRole('link', { name: 'Eric Mugisha' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Esther Uwera' }).click();
  await expect(page.getByRole('heading', { name: 'Esther Uwera' })).toBeVisible();
  await page.locator('.attempts a').first().click();
  await expect(page.getByText('Pupil: Esther Uwera')).toBeVisible();
});

test('a paper that is not ours goes the whole way', async ({ page, context, browser, baseURL, javaScriptEnabled }, info) => {
  test.skip(!existsSync(corpus), 'the corpus is not beside the project');
  const title = `Corpus paper on ${info.project.name}`;
  await asAdmin(context);
  await page.goto('/documents/new');
  await hydrated(page, javaScriptEnabled);
  await page.getByLabel('PDFs or photos').setInputFiles(another(`${corpus}/cambridge-2210-specimen-1.pdf`));
  await page.getByLabel('Marking scheme, if there is one').setInputFiles(`${corpus}/cambridge-2210-specimen-1-scheme.pdf`);
  await page.getByLabel('Level and subject').selectOption({ index: 1 });
  const level = (await page.getByLabel('Level and subject').inputValue()).split('/')[0];
  await page.getByLabel('Title').fill(title);
  await page.getByRole('button', { name: 'Upload' }).click();
  // Reloading the page earlier would abort the upload.
  await expect(page).toHaveURL(/\/review$/);
  await eventually(page, () => page.getByText('Publish it for pupils').isVisible());
  await hydrated(page, javaScriptEnabled);
  await publish(page);

  const other = await browser.newContext({ baseURL, javaScriptEnabled });
  await pupil(other, level);
  const exam = await other.newPage();
  await choosePaper(exam, title, javaScriptEnabled);
  await startExam(exam, javaScriptEnabled);
  await exam.locator('main input[type=text], textarea').first().fill('an answer');
  await exam.getByText('Hand in …').click();
  await exam.getByRole('button', { name: 'Hand in and see the marks' }).click();
  await expect(exam).toHaveURL(/\/result$/);
  await expect(exam.getByText('an answer').first()).toBeVisible();
  await other.close();
});

test('the school edits the words of a topic and adds a subject', async ({ page, context, javaScriptEnabled }, info) => {
  await asAdmin(context);
  await page.goto('/admin');
  await page.getByRole('link', { name: 'Subjects and topics' }).click();
  await expect(page.getByRole('heading', { name: 'Subjects and topics' })).toBeVisible();
  await hydrated(page, javaScriptEnabled);
  const subject = `Wood technology ${info.project.name}`;
  await page.getByLabel('Level').selectOption('TTC');
  await page.getByRole('textbox', { name: 'Subject' }).fill(subject);
  await page.getByRole('button', { name: 'Add the subject' }).click();
  await expect(page).toHaveURL(/subject=/);
  await expect(page.getByRole('heading', { name: 'A new topic' })).toBeVisible();
  await hydrated(page, javaScriptEnabled);
  await page.getByRole('textbox', { name: 'Topic', exact: true }).last().fill('Joints');
  await page.getByLabel('Words of the new topic').fill('mortise, Tenon , dovetail joint');
  await page.getByRole('button', { name: 'Save' }).last().click();
  await expect(page.getByLabel('Words of Joints')).toHaveValue('mortise, tenon, dovetail joint');
  await page.getByLabel('Words of Joints').fill('mortise');
  await page.getByRole('button', { name: 'Save' }).first().click();
  await eventually(page, async () => (await page.getByLabel('Words of Joints').inputValue()) === 'mortise');
  await expect(page.getByLabel('Words of Joints')).toHaveValue('mortise');
});
