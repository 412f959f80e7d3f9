// Shared by all tests: a page that fails the test on any error in the browser, and users to sign in as.
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { expect, test as base, type APIRequestContext, type BrowserContext, type Page } from '@playwright/test';

export { expect };

type Options = {
  /** Statuses that the test provokes; any other from 400 on fails it. */
  provoked: number[];
  /** The test cuts the network. */
  cutsNetwork: boolean;
};

export const test = base.extend<Options>({
  provoked: [[], { option: true }],
  cutsNetwork: [false, { option: true }],
  page: async ({ page, provoked, cutsNetwork, javaScriptEnabled }, use) => {
    const problems = watch(page, provoked, cutsNetwork, javaScriptEnabled);
    await use(page);
    expect(problems, 'errors in the browser').toEqual([]);
  },
});

function watch(page: Page, provoked: number[], cutsNetwork: boolean, scripts: boolean): string[] {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    // The browser's own message about a response that is checked below; preloaded scripts that do not run.
    const known = message.text().startsWith('Failed to load resource') || (!scripts && message.text().includes('preload'));
    if (['error', 'warning'].includes(message.type()) && !known) problems.push(`console: ${message.text()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400 && !provoked.includes(response.status())) problems.push(`${response.status()}: ${response.url()}`);
  });
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? '';
    // Images of a page that was left; scripts when JavaScript is off.
    const left = reason === 'net::ERR_ABORTED' || (!scripts && request.url().includes('/pkg/'));
    if (!left && !cutsNetwork) problems.push(`failed: ${request.url()} ${reason}`);
  });
  return problems;
}

/** Waits until all answers are saved; without scripts, presses the form's button. */
export async function saved(page: Page, scripts: boolean) {
  if (scripts) return expect(page.getByText('All saved at school')).toBeVisible();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText(/^\d+ answers? saved\. Press Save\.$/)).toBeVisible();
}

/** Waits until the page is hydrated. */
export async function hydrated(page: Page, scripts: boolean) {
  if (scripts) await page.locator('html[data-hydrated]').waitFor();
}

/** Tokens of people of the demo: signed in only once, because too many sign-ins are refused. */
const tokens = new Map<string, Promise<string>>();

/** Registers a new pupil of a level, and signs in this context. */
export async function pupil(context: BrowserContext, level: string): Promise<{ email: string; password: string }> {
  const person = { email: `${randomUUID()}@test.com`, password: 'test123' };
  const data = { ...person, full_name: 'Test Pupil', education_level: level };
  await signIn(context, await context.request.post('/api/users/register', { data }).then(tokenOf));
  return person;
}

/** The token of somebody of the demo; every pupil has the same password. */
function tokenOfDemo(request: APIRequestContext, email: string): Promise<string> {
  const log = readFileSync(`${__dirname}/server.log`, 'utf8');
  const passwordOf = (name: string) => log.match(new RegExp(`^  \\w+ +${name} +(\\w+)`, 'm'))?.[1];
  const data = { email, password: passwordOf(email) ?? passwordOf('amina.uwase@demo.school') };
  if (!tokens.has(email)) tokens.set(email, request.post('/api/users/login', { data }).then(tokenOf));
  return tokens.get(email)!;
}

/** The token of the demo's admin. */
export function adminsToken(request: APIRequestContext): Promise<string> {
  return tokenOfDemo(request, 'admin@demo.school');
}

/** Signs in this context as somebody of the demo. */
export async function asDemo(context: BrowserContext, email: string) {
  await signIn(context, await tokenOfDemo(context.request, email));
}

/** Signs in this context as the demo's admin. */
export async function asAdmin(context: BrowserContext) {
  await asDemo(context, 'admin@demo.school');
}

async function tokenOf(response: Awaited<ReturnType<APIRequestContext['post']>>): Promise<string> {
  expect(response.ok(), await response.text()).toBe(true);
  const { access_token } = (await response.json()) as { access_token: string };
  return access_token;
}

/** A bearer token is also the value of the cookie. */
async function signIn(context: BrowserContext, token: string) {
  await context.addCookies([{ name: 'session', value: token, domain: '127.0.0.1', path: '/', httpOnly: true, sameSite: 'Lax' }]);
}

/** Goes from the library to the choice of a quiz from this paper. */
export async function choosePaper(page: Page, title: string, scripts: boolean) {
  await page.goto('/documents');
  await page.getByRole('link', { name: title }).click();
  await page.getByRole('link', { name: 'Practise with it' }).click();
  await expect(page).toHaveURL(/\/quizzes\/new/);
  await hydrated(page, scripts);
}

/** Starts a quiz that tells its marks at the end, with this button. */
export async function againstTheClock(page: Page, button: string) {
  const form = page.locator('form').filter({ has: page.getByRole('button', { name: button }) });
  await form.getByLabel('At the end, against the clock').check();
  await form.getByRole('button', { name: button }).click();
}

/** Starts the real exam from the chosen paper. */
export async function startExam(page: Page, scripts: boolean) {
  await page.getByRole('button', { name: 'Start the exam' }).click();
  await expect(page).toHaveURL(/\/attempts\//);
  await hydrated(page, scripts);
}

/** Uploads a demo paper with its scheme as the school, under this title; ends on its review page. */
export async function uploadPaper(page: Page, name: string, level: string, title: string) {
  const papers = `${__dirname}/../demo/papers`;
  await page.goto('/documents/new');
  await page.getByLabel('PDFs or photos').setInputFiles(another(`${papers}/${name}.pdf`));
  await page.getByLabel('Marking scheme, if there is one').setInputFiles(`${papers}/${name}-scheme.pdf`);
  await page.getByLabel('Level and subject').selectOption(level);
  await page.getByLabel('Title').fill(title);
  await page.getByRole('button', { name: 'Upload' }).click();
  await expect(page).toHaveURL(/\/review$/);
  // Questions may appear before the scheme is read; this button appears when everything is done.
  await eventually(page, () => page.getByText('Publish it for pupils').isVisible());
}

/** Publishes the paper under review, also where that is asked because pupils would miss something. */
export async function publish(page: Page) {
  const asked = page.getByText('Publish it for pupils …');
  if (await asked.isVisible()) await asked.click();
  await page.getByRole('button', { name: /^Publish it/ }).click();
  await expect(page.getByText('Published', { exact: true })).toBeVisible();
}

/** The PDF with bytes that differ from all before, because identical files are recognised. */
export function another(path: string) {
  const buffer = Buffer.concat([readFileSync(path), Buffer.from(`\n%${randomUUID()}\n`)]);
  return { name: path.split('/').pop()!, mimeType: 'application/pdf', buffer };
}

/** Runs SQL on the server's database. */
export function sql(statement: string): string {
  return execFileSync('psql', ['-XAtq', '-v', 'ON_ERROR_STOP=1', process.env.DATABASE_URL!, '-c', statement], { encoding: 'utf8' }).trim();
}

/** Checks that axe finds nothing, that there is one h1, that nothing scrolls sideways, and that no list or paragraph is empty. */
export async function sound(page: Page, name: string) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide, `${name} is wider than the screen`).toBeLessThanOrEqual(0);
  // A page that was opened by a link may still be on its way.
  await page.locator('h1').first().waitFor();
  expect(await page.locator('h1').count(), `${name}: headings of the first level`).toBe(1);
  const empty = await page.evaluate(() => {
    const holds = 'img, input, button, select, textarea, svg, [role]';
    const parts = [...document.querySelectorAll<HTMLElement>('main :is(p, ul, ol)')];
    const isEmpty = (part: HTMLElement) => !part.role && !part.textContent!.trim() && !part.querySelector(holds);
    return parts.filter((part) => part.checkVisibility() && isEmpty(part)).map((part) => part.outerHTML);
  });
  expect(empty, `${name}: nothing in it`).toEqual([]);
  const analyze = () => new AxeBuilder({ page }).analyze();
  // The page of exams in progress loads anew when somebody starts one.
  const { violations } = await analyze().catch(async (error: Error) => {
    if (!error.message.includes('context was destroyed')) throw error;
    await hydrated(page, true);
    return analyze();
  });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), name).toEqual([]);
}

/** Reloads the page until `done`, for work in the background; also works without scripts. */
export async function eventually(page: Page, done: () => Promise<boolean>) {
  await expect(async () => {
    await page.reload();
    expect(await done()).toBe(true);
  }).toPass({ timeout: 45_000, intervals: [500] });
}

/** Opens the fields of the item under review that are folded. */
export async function unfold(page: Page) {
  await page.getByText('Text, options, number of answers').click();
}
