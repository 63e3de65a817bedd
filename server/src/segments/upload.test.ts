import { once } from 'node:events';
import { request } from 'node:http';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { SYSTEM } from '../audit/actor.ts';
import { loadItems } from '../rulesets/repository.ts';
import { ADMIN_KEY, startApp } from '../testing/start-app.ts';
import { listen } from '../testing/stream-client.ts';
import type { UploadProgress } from './upload-progress.ts';

const place = { project: 'default', environment: 'production', segment: 'beta' };
const SEGMENT = '/projects/default/environments/production/segments/beta';
const KEYS = `${SEGMENT}/keys`;
const TEXT = { 'content-type': 'text/plain' };
const LINES = { ...TEXT, accept: 'application/x-ndjson' };

const users = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => `user-${from + at}`);

async function start() {
  const server = await startApp();
  const { app, call } = server;
  await call('PUT', SEGMENT, {});
  const ruleset = app.bunting.rulesets.named('default', 'production');
  if (ruleset === undefined) throw new Error('there is a ruleset');
  return {
    ...server,
    ruleset,
    /** The lines that an upload is answered by. */
    async watch(keys: readonly string[]) {
      const { status, headers, body } = await call('PUT', KEYS, keys.join('\n'), LINES);
      expect([status, headers['content-type']]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
      return parse(body);
    },
  };
}

function parse(text: string) {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

test('an upload tells how far it is, phase by phase, then what else is the answer', async () => {
  const { watch, call, ruleset } = await start();
  await watch(users(0, 20_000));
  const lines = await watch(users(10_000, 30_000));
  const progress = lines.slice(0, -1) as UploadProgress[];
  const phases = progress.map(({ phase }) => phase);
  expect([...new Set(phases)]).toEqual(['reading', 'comparing', 'storing', 'publishing']);
  expect(phases).toEqual([...phases].sort((a, b) => order.indexOf(a) - order.indexOf(b)));
  for (const { keys, of = 20_000 } of progress) expect(keys).toBeLessThanOrEqual(of);
  expect(progress.at(-1)).toEqual({ phase: 'publishing', keys: 20_000, of: 20_000 });
  const { done } = lines.at(-1);
  expect(done).toMatchObject({ added: 10_000, removed: 10_000, received: 20_000, revision: ruleset.revision });
  const { body } = await call('PUT', KEYS, users(10_000, 30_000).join('\n'), TEXT);
  expect(body).toEqual({ ...done, added: 0, removed: 0 });
});

const order = ['reading', 'comparing', 'storing', 'publishing'];

test('it tells while the file is still on its way', async () => {
  const { app, ruleset } = await start();
  const { port } = new URL(await listen(app));
  const headers = { ...LINES, authorization: `Bearer ${ADMIN_KEY}` };
  const upload = request({ port, method: 'PUT', path: `/api/v1${KEYS}`, headers });
  let text = '';
  upload.on('response', (response) => response.setEncoding('utf8').on('data', (chunk) => (text += chunk)));
  upload.write('ann\nbob\n');
  await expect.poll(() => text).toBe('{"phase":"reading","keys":0}\n');
  upload.end('cid\n');
  await expect.poll(() => text).toContain('"done"');
  expect(parse(text).at(-1).done).toMatchObject({ added: 3, revision: ruleset.revision });
});

test('what is wrong with the file is the last line, and nothing is changed', async () => {
  const { watch, call, ruleset } = await start();
  const { revision } = ruleset;
  const { error } = (await watch(['ann', 'b\u0000b'])).at(-1);
  expect(error).toMatchObject({ code: 'validation_failed', details: [{ path: 'line 2' }] });
  expect(error.requestId).toBeTypeOf('string');
  expect(ruleset.revision).toEqual(revision);
  const unknown = await call('PUT', KEYS.replace('beta', 'gamma'), 'ann', LINES);
  expect([unknown.status, unknown.body.code]).toEqual([404, 'not_found']);
});

test('a second upload to the same segment is refused while the first one runs, one to another segment is not', async () => {
  const { app, call } = await start();
  await call('PUT', SEGMENT.replace('beta', 'gamma'), {});
  const body = new PassThrough();
  const first = app.bunting.segmentKeys.replace(SYSTEM, place, { body, format: 'text/plain' });
  body.write('ann\n');
  await expect.poll(() => body.readableLength).toBe(0);
  for (const headers of [TEXT, LINES]) {
    const { status, body: answer } = await call('PUT', `${KEYS}?list=excluded`, 'bob', headers);
    expect([status, answer.code]).toEqual([409, 'upload_in_progress']);
  }
  expect((await call('PUT', KEYS.replace('beta', 'gamma'), 'bob', TEXT)).status).toBe(200);
  body.end();
  expect((await first).added).toBe(1);
  expect((await call('PUT', KEYS, 'bob', TEXT)).body).toMatchObject({ added: 1, removed: 1 });
});

test.each(['reading', 'comparing', 'storing'] as const)('who goes away in %s leaves nothing behind', async (phase) => {
  const { app, call, ruleset } = await start();
  await call('PUT', KEYS, users(0, 10_000).join('\n'), TEXT);
  const { revision } = ruleset;
  const before = await loadItems(app.bunting.database, ruleset.environmentId);
  const controller = new AbortController();
  const body = new PassThrough();
  const seen: string[] = [];
  const upload = app.bunting.segmentKeys.replace(SYSTEM, place, {
    body: body.end(users(5_000, 15_000).join('\n')),
    format: 'text/plain',
    signal: controller.signal,
    tell(progress) {
      seen.push(progress.phase);
      if (progress.phase === phase) controller.abort(new Error('gone'));
    },
  });
  await expect(upload).rejects.toThrow('gone');
  expect([seen.at(-1), ruleset.revision]).toEqual([phase, revision]);
  expect(await loadItems(app.bunting.database, ruleset.environmentId)).toEqual(before);
  expect((await call('PUT', KEYS, 'ann', TEXT)).status).toBe(200);
});

test('a connection that ends in the middle of the file ends the upload', async () => {
  const { app, call, ruleset } = await start();
  const { revision } = ruleset;
  const { port } = new URL(await listen(app));
  const headers = { ...LINES, authorization: `Bearer ${ADMIN_KEY}` };
  const upload = request({ port, method: 'PUT', path: `/api/v1${KEYS}`, headers });
  const lost = new Promise((resolve) => upload.on('error', resolve).on('response', (r) => r.on('error', resolve)));
  upload.write('ann\n');
  // It tells how far it is.
  await once(upload, 'response');
  const attempt = () => call('PUT', KEYS, '\n', TEXT);
  expect((await attempt()).status).toBe(409);
  upload.destroy();
  await lost;
  // The same segment takes files again, of which this one is empty.
  await expect.poll(async () => (await attempt()).status).toBe(400);
  expect(ruleset.revision).toEqual(revision);
});
