import { expect, test, vi } from 'vitest';
import { SYSTEM } from '../audit/actor.ts';
import { findProject, updateProject } from '../projects/repository.ts';
import { signedIn } from '../testing/browser.ts';
import { startApp } from '../testing/start-app.ts';

const FLAGS = '/projects/default/flags';
const flag = { key: 'a', type: 'boolean' };
const once = (key: string) => ({ 'idempotency-key': key });

async function start() {
  let nowMs = Date.UTC(2030, 0, 1);
  const server = await startApp({ now: () => nowMs });
  const { database } = server.app.bunting;
  return {
    ...server,
    pass: (ms: number) => (nowMs += ms),
    /** As if the server had died on the way. */
    async forgetAnswers(committed: 0 | 1) {
      await database.updateTable('idempotency_keys').set({ status: null, body: null, committed }).execute();
    },
  };
}

test('a repeated request is carried out once, and answered alike', async () => {
  const { call } = await start();
  const first = await call('POST', FLAGS, flag, once('k'));
  const second = await call('POST', FLAGS, flag, once('k'));
  expect([first.status, second.status]).toEqual([201, 201]);
  expect(second.body).toEqual(first.body);
  expect([first.headers, second.headers].map((headers) => headers['idempotency-replayed'])).toEqual([
    undefined,
    'true',
  ]);
  expect((await call('GET', '/audit?flag=a&project=default')).body.items).toHaveLength(1);
});

test('the same key with another request is refused', async () => {
  const { call } = await start();
  await call('POST', FLAGS, flag, once('k'));
  const bodies = await call('POST', FLAGS, { ...flag, name: 'A' }, once('k'));
  expect([bodies.status, bodies.body.code]).toEqual([422, 'idempotency_mismatch']);
  expect((await call('POST', `${FLAGS}/a/archive`, undefined, once('k'))).status).toBe(422);
  expect((await call('POST', FLAGS, { ...flag, key: 'b' }, once('a key'))).body.details[0].path).toBe(
    'headers.idempotency-key',
  );
});

test('of requests that come at once one is carried out, the others wait for its answer', async () => {
  const { call } = await start();
  const answers = await Promise.all(Array.from({ length: 5 }, () => call('POST', FLAGS, flag, once('k'))));
  const statuses = answers.map(({ status }) => status);
  expect(statuses).toContain(201);
  for (const { status, body } of answers) {
    if (status !== 201) expect([status, body.code]).toEqual([409, 'idempotency_in_progress']);
  }
  expect((await call('GET', '/audit?flag=a&project=default')).body.items).toHaveLength(1);
  expect((await call('POST', FLAGS, flag, once('k'))).status).toBe(201);
});

test('what was refused may be tried again', async () => {
  const { call } = await start();
  expect((await call('POST', `${FLAGS}/a/archive`, undefined, once('k'))).status).toBe(404);
  await call('POST', FLAGS, flag);
  expect((await call('POST', `${FLAGS}/a/archive`, undefined, once('k'))).status).toBe(200);
});

test('keys belong to who sends them, and for a day', async () => {
  const { app, call, pass } = await start();
  const browser = await signedIn(app);
  await call('POST', FLAGS, flag, once('k'));
  const headers = { ...once('k'), host: 'localhost', origin: 'http://localhost' };
  const { status } = await browser.call('POST', FLAGS, { ...flag, key: 'b' }, headers);
  expect(status).toBe(201);
  pass(23 * 3_600_000);
  expect((await call('POST', FLAGS, flag, once('k'))).status).toBe(201);
  pass(2 * 3_600_000);
  expect((await call('POST', FLAGS, flag, once('k'))).body.code).toBe('conflict');
});

test('a secret is not kept to be told again', async () => {
  const { app, call } = await start();
  const keys = '/projects/default/environments/production/keys';
  const { body } = await call('POST', keys, { kind: 'server', name: 'x' }, once('k'));
  const again = await call('POST', keys, { kind: 'server', name: 'x' }, once('k'));
  expect([again.status, again.body.code]).toEqual([409, 'idempotency_secret']);
  const rows = await app.bunting.database.selectFrom('idempotency_keys').selectAll().execute();
  expect(JSON.stringify(rows)).not.toContain(body.secret);
});

test('every answer that shows a secret once calls it so that it is not kept', async () => {
  const { app } = await start();
  await app.ready();
  const { components } = app.swagger() as { components?: { schemas?: Record<string, { properties?: object }> } };
  const shownOnce = Object.values(components?.schemas ?? {}).flatMap(({ properties = {} }) =>
    Object.entries(properties).flatMap(([name, { description = '' }]) =>
      /shown only|only here|once/i.test(description) && /secret|token|hash|codes/i.test(name + description) ? name : [],
    ),
  );
  expect(shownOnce.length).toBeGreaterThan(1);
  for (const name of shownOnce) expect(['secret', 'token', 'recoveryCodes']).toContain(name);
});

test('a request whose server has died is carried out in seconds if it was not, and never twice', async () => {
  const { call, pass, forgetAnswers } = await start();
  await call('POST', FLAGS, flag);
  await call('POST', `${FLAGS}/a/archive`, undefined, once('k'));
  await forgetAnswers(0);
  expect((await call('POST', `${FLAGS}/a/archive`, undefined, once('k'))).body.code).toBe('idempotency_in_progress');
  pass(2_000);
  expect((await call('POST', `${FLAGS}/a/archive`, undefined, once('k'))).status).toBe(200);
  await forgetAnswers(1);
  pass(2_000);
  expect((await call('POST', `${FLAGS}/a/archive`, undefined, once('k'))).body.code).toBe('idempotency_answer_lost');
});

test('nobody takes the place of an attempt that a server is still at, however long it takes', async () => {
  const { app, call, pass, forgetAnswers } = await start();
  const { underWay, database } = app.bunting;
  await call('POST', FLAGS, flag, once('k'));
  await forgetAnswers(0);
  const { attempt } = await database.selectFrom('idempotency_keys').select('attempt').executeTakeFirstOrThrow();
  underWay.begin(attempt);
  pass(3_600_000);
  const repeat = () => call('POST', FLAGS, flag, once('k'));
  for (let i = 0; i < 2; i++) expect((await repeat()).body.code).toBe('idempotency_in_progress');
  underWay.end(attempt);
  // It is made anew, and refused: there is such a flag by now.
  expect((await repeat()).body.code).toBe('conflict');
});

test('what is answered while it is asked for is repeated, not called lost', async () => {
  const { app, call, pass, forgetAnswers } = await start();
  const { underWay, database } = app.bunting;
  const { body } = await call('POST', FLAGS, flag, once('k'));
  await forgetAnswers(1);
  pass(2_000);
  vi.spyOn(underWay, 'isAnywhere').mockImplementation(async () => {
    await database
      .updateTable('idempotency_keys')
      .set({ status: 201, body: JSON.stringify(body) })
      .execute();
    return false;
  });
  expect(await call('POST', FLAGS, flag, once('k'))).toMatchObject({ status: 201, body: { key: 'a' } });
});

test('every POST that takes a key documents what a key may be refused by', async () => {
  const { app } = await start();
  await app.ready();
  const { paths = {} } = app.swagger() as { paths?: Record<string, { post?: Operation }> };
  const taking = Object.values(paths).flatMap(({ post }) =>
    post?.parameters?.some(({ name }) => name === 'idempotency-key') ? [post] : [],
  );
  expect(taking.length).toBeGreaterThan(30);
  for (const { operationId, responses } of taking) {
    expect([operationId, ...Object.keys(responses)]).toEqual(expect.arrayContaining(['409', '422']));
  }
});

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string }[];
  readonly responses: object;
}

test('a try whose place another one has taken commits nothing', async () => {
  const { app } = await start();
  const { changes, database } = app.bunting;
  const attempt = { caller: 'key:x', key: 'k', attempt: 'replaced' };
  const commit = changes.commit({ ...SYSTEM, attempt }, async ({ tx }) => {
    const project = await findProject(tx, 'default');
    if (project === undefined) throw new Error('there is a project');
    await updateProject(tx, project, { name: 'Changed', version: 9 });
  });
  await expect(commit).rejects.toMatchObject({ code: 'idempotency_in_progress' });
  expect((await findProject(database, 'default'))?.version).toBe(1);
});
