import { expect, test } from 'vitest';
import { startApp } from '../testing/start-app.ts';
import { connect, hello, listen } from '../testing/stream-client.ts';

test('tells connections by kind, frames, revisions, requests by route and the event loop', async () => {
  const { app, call } = await startApp();
  const url = await listen(app);
  const keyOf = (kind: string) => app.bunting.firstKeys.find((key) => key.kind === kind)?.secret ?? '';
  const server = await connect(url, hello(keyOf('server')));
  const client = await connect(url, hello(keyOf('client'), { context: {} }));
  const { revision } = await server.next('snapshot');
  await client.next('values');
  const { body } = await call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  expect(body.key).toBe('a');
  const change = await server.next('changes');
  server.send({ type: 'receipt', revision: change.revision, broken: { count: 0, keys: [] } });
  const metrics = async () => (await app.inject('/metrics')).body;
  await expect.poll(metrics).toContain('bunting_receipt_seconds_count{project="default",environment="development"} 1');
  const text = await metrics();
  expect(text).toContain('bunting_stream_connections{kind="server"} 1');
  expect(text).toContain('bunting_stream_connections{kind="client"} 1');
  expect(text).toContain('bunting_stream_frames_sent_total{type="snapshot"} 1');
  expect(text).toContain('bunting_stream_frames_sent_total{type="changes"} 1');
  expect(text).toContain(`bunting_revision{project="default",environment="development"} ${revision.number + 1}`);
  expect(text).toMatch(
    /http_request_duration_seconds_count\{method="POST",route="\/api\/v1\/projects\/:project\/flags",status="201"\} 1/,
  );
  expect(text).toContain('nodejs_eventloop_lag_seconds');
  client.socket.close();
  await expect.poll(metrics).toContain('bunting_stream_connections{kind="client"} 0');
});

test('labels do not grow with what callers make up', async () => {
  const { app } = await startApp();
  for (const path of ['/a', '/b', '/api/v1/c']) await app.inject(path);
  const routes = (await app.inject('/metrics')).body.match(/duration_seconds_count\{[^}]*\}/g) ?? [];
  expect(routes.join()).not.toMatch(/"\/(a|b|api\/v1\/c)"/);
});
