import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import createClient from 'openapi-fetch';
import type { paths } from '../api';
import { adminsToken, another, expect, test } from '../fixtures';

/** A client that sends this token with each request. */
function clientOf(baseURL: string | undefined, token: string) {
  const client = createClient<paths>({ baseUrl: `${baseURL}/api` });
  client.use({
    onRequest({ request }) {
      request.headers.set('authorization', `Bearer ${token}`);
      return request;
    },
  });
  return client;
}

/** Options of a request that uploads files and fields. */
function form(fields: Record<string, string>, pdf: string) {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  const { buffer, mimeType, name } = another(`${__dirname}/../../demo/papers/${pdf}`);
  data.append('file', new Blob([buffer], { type: mimeType }), name);
  // The description's type of a file is a string; what is sent is the form.
  return { body: {} as never, bodySerializer: () => data };
}

test('a program goes the whole way with the client that is made from the description', async ({ baseURL }, info) => {
  test.skip(info.project.name !== 'desktop', 'no browser takes part');
  const visitor = createClient<paths>({ baseUrl: `${baseURL}/api` });
  const email = `program-${Date.now()}@test.com`;
  const account = { email, password: 'test123', full_name: 'A Program', education_level: 'P6' };
  const { data: granted } = await visitor.POST('/users/register', { body: account });
  const client = clientOf(baseURL, granted!.access_token);
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

test('a program takes a paper from its upload to a result', async ({ baseURL, request }, info) => {
  test.skip(info.project.name !== 'desktop', 'no browser takes part');
  const school = clientOf(baseURL, await adminsToken(request));
  const fields = { level: 'P6', subject: 'Mathematics', year: '1999' };
  const { data: paper } = await school.POST('/documents/admin', form(fields, 'p6-mathematics.pdf'));
  const id = { params: { path: { id: paper!.id } } };
  const read = async () => (await school.GET('/documents/{id}', id)).data!.ingestion_status;
  await school.POST('/documents/{id}/scheme', { ...id, ...form({}, 'p6-mathematics-scheme.pdf') });
  await expect.poll(read, { timeout: 60_000 }).toBe('completed');

  const { data: questions } = await school.GET('/documents/{id}/questions', id);
  const asked = questions!.filter((item) => item.kind !== 'group');
  expect(asked.length).toBeGreaterThan(20);
  expect(asked.filter((item) => item.key).length).toBeGreaterThan(20);
  const numeric = asked.find((item) => item.kind === 'numeric')!;
  const place = { params: { path: { ...id.params.path, path: numeric.path } } };
  const { data: corrected } = await school.PATCH('/documents/{id}/questions/{path}', { ...place, body: { key: '4321', marks: 3 } });
  expect([corrected!.key, corrected!.marks, corrected!.approved]).toEqual(['4321', 3, true]);
  const { response: refused } = await school.PATCH('/documents/{id}/questions/{path}', { ...place, body: { marks: -1 } });
  expect(refused.status).toBe(422);

  const account = { email: `sits-${Date.now()}@test.com`, password: 'test123', full_name: 'A Pupil', education_level: 'P6' };
  const { data: granted } = await createClient<paths>({ baseUrl: `${baseURL}/api` }).POST('/users/register', { body: account });
  const pupil = clientOf(baseURL, granted!.access_token);
  const quiz = { mode: 'real-exam', document_id: paper!.id };
  expect((await pupil.POST('/quiz/generate', { body: quiz })).response.status, 'not published yet').toBe(404);
  expect((await school.PATCH('/documents/{id}/publish', id)).data!.is_published).toBe(true);
  const { data: exam } = await pupil.POST('/quiz/generate', { body: quiz });
  const item = exam!.questions.find((question) => question.text.endsWith(numeric.text))!;
  const { data: attempt } = await pupil.POST('/attempts', { body: { quiz_id: exam!.id, answers: { [item.id]: '4321' } } });
  expect(attempt!.answers.find((answer) => answer.question_id === item.id)!.marks).toBe(3);

  await school.PATCH('/documents/{id}/hide', id);
  expect((await pupil.GET('/documents/{id}', id)).response.status).toBe(404);
  expect((await school.DELETE('/documents/{id}/scheme', id)).response.status).toBe(204);
  await expect.poll(read, { timeout: 60_000 }).toBe('completed');
  const { data: without } = await school.GET('/documents/{id}/questions', id);
  expect(without!.filter((question) => question.key).map((question) => question.path)).toEqual([numeric.path]);
  await school.PATCH('/documents/{id}/archive', { ...id, body: { reason: 'A test' } });
});

test('a program makes a test of questions of the bank and sets it to a class', async ({ baseURL, request }, info) => {
  test.skip(info.project.name !== 'desktop', 'no browser takes part');
  const school = clientOf(baseURL, await adminsToken(request));
  const { data: found } = await school.GET('/admin/questions', { params: { query: { level: 'P6', limit: 3 } } });
  const [first, second, third] = found!.map((question) => question.id);
  const sections = [{ label: 'A', rule: 'all' }, { label: 'B', rule: 'choose', count: 1 }];
  const questions = [{ id: first, section: 'A' }, { id: second, section: 'B' }, { id: third, section: 'B' }];
  const { data: made } = await school.POST('/admin/tests', { body: { title: 'By a program', level: 'P6', sections, questions } });
  expect(made!.questions.map((question) => question.section)).toEqual(['A', 'B', 'B']);
  const id = { params: { path: { id: made!.id } } };
  const { data: changed } = await school.PATCH('/admin/tests/{id}', { ...id, body: { title: 'By a program, again' } });
  expect([changed!.title, changed!.marks]).toEqual(['By a program, again', made!.marks]);
  const { data: listed } = await school.GET('/admin/tests');
  expect(listed!.find((test) => test.id === made!.id)!.question_count).toBe(3);

  const { data: classes } = await school.GET('/admin/classes');
  const [opens_at, due_at] = [0, 1].map((day) => new Date(Date.now() + day * 86_400_000).toISOString());
  const work = { class_id: classes!.find((one) => one.level === 'P6')!.id, opens_at, due_at };
  const { data: set } = await school.POST('/admin/tests/{id}/assignments', { ...id, body: work });
  expect([set!.test_id, set!.attempts]).toEqual([made!.id, 1]);
  expect((await school.DELETE('/admin/tests/{id}', id)).response.status, 'it is set').toBe(409);

  const { data: empty } = await school.POST('/admin/tests', { body: { title: 'Empty', level: 'P6' } });
  const gone = { params: { path: { id: empty!.id } } };
  expect((await school.DELETE('/admin/tests/{id}', gone)).response.status).toBe(204);
  expect((await school.GET('/admin/tests/{id}', gone)).response.status).toBe(404);
});

test('a program in Python does the same with its client', async ({ baseURL, request }, info) => {
  test.skip(info.project.name !== 'desktop', 'no browser takes part');
  const root = `${__dirname}/../..`;
  const python = `${process.env.TOOLS}/python/bin/python`;
  const args = [`${root}/end2end/client.py`, baseURL!, await adminsToken(request), `${root}/demo/papers/p6-mathematics.pdf`];
  await promisify(execFile)(python, args, { env: { PYTHONPATH: `${root}/target/python` } });
});
