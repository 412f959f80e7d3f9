import { asAdmin, expect, hydrated, sound, sql, test } from '../fixtures';

test('the mark to expect, week by week', async ({ page, context, javaScriptEnabled }) => {
  await asAdmin(context);
  // Of the demo's pupils the one with the most answers.
  const id = sql(`SELECT user_id FROM scored_answers JOIN users u ON u.id = user_id
                   WHERE u.email LIKE '%@demo.school' AND u.education_level = 'P6' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`);
  await page.goto(`/admin/students/${id}`);
  await hydrated(page, javaScriptEnabled);
  const chart = page.locator('figure.chart').filter({ hasText: /Expected mark in .+, week by week/ }).first();
  await expect(chart.locator('rect.at').first()).toBeAttached();
  await chart.getByText('Show the figures').click();
  const rows = chart.locator('tbody tr');
  expect(await rows.count()).toBe(await chart.locator('rect.at').count());
  const [low, likely, high] = (await rows.first().locator('td').allInnerTexts()).map(Number);
  expect(low).toBeLessThanOrEqual(likely);
  expect(likely).toBeLessThanOrEqual(high);
  if (javaScriptEnabled) await sound(page, 'expected marks by week');
});
