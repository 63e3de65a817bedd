import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newFolder, startApp } from '../testing/start-app.ts';

const HTML = { accept: 'text/html,*/*' };

async function startWithUi() {
  const uiDir = newFolder();
  const server = await startApp({ config: { uiDir } });
  const build = () => {
    mkdirSync(join(uiDir, 'assets'), { recursive: true });
    writeFileSync(join(uiDir, 'index.html'), '<title>The UI</title>');
    writeFileSync(join(uiDir, 'favicon.svg'), '<svg/>');
    writeFileSync(join(uiDir, 'assets/index-abc123.js'), 'run()');
  };
  return { ...server, build };
}

test('without a build every page says how to make one, and a later build is found', async () => {
  const { app, build } = await startWithUi();
  for (const url of ['/', '/projects/default']) {
    const response = await app.inject({ url, headers: HTML });
    expect(response.headers['content-type']).toContain('text/html');
    expect(response.body).toContain('npm run build');
  }
  build();
  expect((await app.inject({ url: '/', headers: HTML })).body).toContain('The UI');
});

test('hashed assets are kept for good, pages are asked for again', async () => {
  const { app, build } = await startWithUi();
  build();
  const asset = await app.inject('/assets/index-abc123.js');
  expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect(asset.headers['content-type']).toContain('javascript');
  for (const url of ['/', '/index.html', '/favicon.svg', '/projects/default/flags/a']) {
    const response = await app.inject({ url, headers: HTML });
    expect([url, response.statusCode, response.headers['cache-control']]).toEqual([url, 200, 'no-cache']);
  }
});

test('only pages fall back to the UI: not the API, not files, not other methods', async () => {
  const { app, build } = await startWithUi();
  build();
  const page = await app.inject({ url: '/projects/default/flags/a.b?x=1', headers: HTML });
  expect(page.body).toContain('The UI');
  expect((await app.inject({ url: '/api/v1/nothing', headers: HTML })).json().code).toBe('not_found');
  expect((await app.inject({ url: '/assets/gone.js', headers: { accept: '*/*' } })).json().code).toBe('not_found');
  expect((await app.inject({ method: 'POST', url: '/', headers: HTML })).json().code).toBe('not_found');
});

test('nothing outside of the folder can be had', async () => {
  const { app, build } = await startWithUi();
  build();
  for (const url of ['/../bunting.db', '/%2e%2e/bunting.db', '/assets/..%2f..%2fbunting.db', '/..%5cbunting.db']) {
    const response = await app.inject({ url });
    expect([url, response.statusCode >= 400]).toEqual([url, true]);
  }
});

test('an address that no file can have is one where nothing is', async () => {
  const { app } = await startWithUi();
  for (const url of ['//api/v1/projects', '/%2e%2e/api', '/assets/%00', '/..%5cx']) {
    const response = await app.inject({ url });
    expect([url, response.statusCode, response.json().code]).toEqual([url, 404, 'not_found']);
  }
});

test('pages may run only what comes from this server, and may not be framed', async () => {
  const { app } = await startWithUi();
  const { headers } = await app.inject({ url: '/', headers: HTML });
  const policy = String(headers['content-security-policy']);
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe-eval');
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['strict-transport-security']).toBeUndefined();
});

test('a public https address asks browsers to insist on https', async () => {
  const { app } = await startApp({ config: { publicUrl: 'https://flags.example.com' } });
  expect((await app.inject('/healthz')).headers['strict-transport-security']).toContain('max-age=');
});
