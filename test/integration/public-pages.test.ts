import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from '../processes/server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.remove());

test('the OpenAPI document describes every part of the API', async () => {
  const response = await fetch(`${server.url}/docs/json`);
  expect(response.status).toBe(200);
  const document = (await response.json()) as { openapi: string; paths: Record<string, Record<string, unknown>> };
  expect(document.openapi).toMatch(/^3\./);
  const flagEnvironment = '/api/v1/projects/{project}/flags/{flag}/environments/{environment}';
  expect(document.paths).toMatchObject({
    '/api/v1/session': { get: {}, post: {}, delete: {} },
    '/api/v1/projects/{project}/flags': { get: {}, post: {} },
    [flagEnvironment]: { patch: {} },
    '/api/v1/projects/{project}/environments/{environment}/keys': { get: {}, post: {} },
    '/api/v1/audit': { get: {} },
  });
});

test('the documentation is a page', async () => {
  const response = await fetch(`${server.url}/docs`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/html');
});

test('it says that it is alive and ready, and what it measures', async () => {
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  const ready = await fetch(`${server.url}/readyz`);
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({ status: 'ready' });
  expect(await (await fetch(`${server.url}/metrics`)).text()).toMatch(/^# TYPE \w+ (counter|gauge|histogram)$/m);
});

test('any address of the admin UI answers its page to a browser, an unknown API address does not', async () => {
  const page = await fetch(`${server.url}/projects/default/flags`, { headers: { accept: 'text/html' } });
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toMatch(/default-src|script-src/);
  expect(page.headers.get('content-security-policy')).not.toContain('unsafe-eval');
  expect(await page.text()).toMatch(/^<!doctype html>/i);
  const api = await fetch(`${server.url}/api/v1/nothing`, { headers: { accept: 'text/html' } });
  expect(api.status).toBe(404);
});
