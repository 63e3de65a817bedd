import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { newFolder, startApp } from '../testing/start-app.ts';
import { basePathOf, withoutBasePath } from './base-path.ts';

const publicUrl = 'https://example.com/tools/flags';

test.each([
  ['/tools/flags/api/v1/projects?x=1', '/api/v1/projects?x=1'],
  ['/tools/flags', '/'],
  ['/tools/flags?x', '/?x'],
  ['/tools/flags/', '/'],
  ['/tools/flagship', '/tools/flagship'],
  ['/api/v1/projects', '/api/v1/projects'],
])('the address %s is %s to the routes', (url, expected) => {
  expect(withoutBasePath(url, basePathOf(publicUrl))).toBe(expected);
});

test('a server at the root of its host leaves addresses as they are', () => {
  expect(basePathOf('https://example.com')).toBe('');
  expect(withoutBasePath('/api', '')).toBe('/api');
});

test('the API, the stream, OFREP and the UI are found below the path of the public URL, and without it', async () => {
  const uiDir = newFolder();
  writeFileSync(join(uiDir, 'index.html'), '<html><head><title>The UI</title></head></html>');
  const { app } = await startApp({ config: { publicUrl, uiDir } });
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  const key = app.bunting.firstKeys.find(({ kind }) => kind === 'server')?.secret;
  for (const prefix of ['', '/tools/flags']) {
    expect((await fetch(`${address}${prefix}/healthz`)).status).toBe(200);
    const page = await fetch(`${address}${prefix}/projects/default`, { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('<base href="/tools/flags/" />');
    const answer = await fetch(`${address}${prefix}/ofrep/v1/evaluate/flags`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: '{"context":{}}',
    });
    const { eventStreams } = (await answer.json()) as { eventStreams: [{ endpoint: { requestUri: string } }] };
    expect(eventStreams[0].endpoint.requestUri).toMatch(/^\/tools\/flags\/ofrep\/v1\/events\?ticket=/);
    const socket = new WebSocket(`${address.replace('http', 'ws')}${prefix}/stream`, 'bunting.v1');
    await once(socket, 'open');
    socket.terminate();
  }
});
