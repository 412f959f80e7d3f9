import createClient from 'openapi-fetch';
import type { paths } from '../api';
import { expect, test } from '../fixtures';

test('a program goes the whole way with the client that is made from the description', async ({ baseURL }, info) => {
  test.skip(info.project.name !== 'desktop', 'no browser takes part');
  const client = createClient<paths>({ baseUrl: `${baseURL}/api` });
  const email = `program-${Date.now()}@test.com`;
  const account = { email, password: 'test123', full_name: 'A Program', education_level: 'P6' };
  const { data: granted } = await client.POST('/users/register', { body: account });
  client.use({
    onRequest({ request }) {
      request.headers.set('authorization', `Bearer ${granted!.access_token}`);
      return request;
    },
  });
  const { data: documents } = await client.GET('/documents', { params: { query: { subject: 'Mathematics' } } });
  expect(documents!.length).toBeGreaterThan(0);
  const wanted = { mode: 'topic-focused', document_id: documents![0].id, count: 5 };
  const { data: quiz } = await client.POST('/quiz/generate', { body: wanted });
  expect(quiz!.questions.length).toBe(5);
  const answers = Object.fromEntries(quiz!.questions.map((question) => [question.id, question.options[0]?.label ?? '12']));
  const { data: attempt } = await client.POST('/attempts', { body: { quiz_id: quiz!.id, answers } });
  expect(attempt!.answers.every((answer) => answer.reason)).toBe(true);
  const { data: progress } = await client.GET('/progress');
  expect(progress!.total_attempts).toBe(1);
  const { error, response } = await client.GET('/admin/students');
  expect([response.status, error!.detail]).toEqual([403, 'Only the school may do this.']);
});
