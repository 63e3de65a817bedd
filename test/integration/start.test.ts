import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startChild } from '../../tools/child.ts';
import { Api } from '../../tools/demo-api.ts';
import { track } from '../processes/started.ts';
import { makeTempFolder } from '../processes/temp-folder.ts';
import { waitFor } from '../processes/wait.ts';

const folder = makeTempFolder();
afterAll(() => folder.remove());

/** Runs what `npm start` runs, up to the links that it prints. */
async function start() {
  const dataDir = join(folder.path, 'data');
  const command = ['tools/start.ts', '--port', '0', '--data-dir', dataDir];
  const child = track(startChild('start', command, {}, join(folder.path, 'start.log')));
  const link = async (name: string) => (await child.line(new RegExp(`${name}:\\s+(http\\S+)`)))[1] ?? '';
  const [serverUrl, shopUrl, visitorsUrl] = [
    await link('Admin UI'),
    await link('Shop.*'),
    await link('Its visitors.*'),
  ];
  return { child, serverUrl, shopUrl, visitorsUrl, link };
}

test('a start shows everything at work, stopping ends all of it, and a second start finds it again', {
  timeout: 120_000,
}, async () => {
  const first = await start();
  const token = new URL(await first.link('create your account')).searchParams.get('token');
  for (const url of [first.serverUrl, first.shopUrl, `${first.serverUrl}/docs`])
    expect((await fetch(url)).status, url).toBe(200);
  await waitFor('simulated visitors', async () => (await (await fetch(first.visitorsUrl)).text()).includes('sim-0'));

  const { adminKey } = JSON.parse(readFileSync(join(folder.path, 'data/demo.json'), 'utf8')) as { adminKey: string };
  const releases = (serverUrl: string) =>
    new Api(serverUrl, adminKey).call<{ items: { phase: string; trafficPer100k: number }[] }>(
      'GET',
      '/projects/default/releases',
    );
  const firstStage = async () => (await releases(first.serverUrl)).items[0]?.trafficPer100k === 5_000;
  await waitFor('a share of them to be sent to version 2', firstStage);
  const someone = await fetch(first.shopUrl, { headers: { cookie: 'bunting_bucket=00000' } });
  expect(await someone.text()).toContain('This is version 2 of the shop.');

  const owner = { token, name: 'Owner', email: 'owner@example.com', password: 'correct horse battery' };
  const headers = { 'content-type': 'application/json' };
  const made = await fetch(`${first.serverUrl}/api/v1/setup`, { method: 'POST', headers, body: JSON.stringify(owner) });
  expect(made.status).toBe(201);

  await first.child.stop();
  expect(await first.child.ended).toBe(0);
  for (const url of [first.serverUrl, first.shopUrl]) await expect(fetch(url), url).rejects.toThrow();

  const second = await start();
  expect(await second.link('Sign in')).toBe(`${second.serverUrl}/sign-in`);
  const { email, password } = owner;
  const session = await fetch(`${second.serverUrl}/api/v1/session`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ email, password }),
  });
  expect(session.status).toBe(200);
  expect(await (await fetch(second.visitorsUrl)).text()).toContain('Connected to Bunting');
  // It goes on where it was.
  expect((await releases(second.serverUrl)).items).toMatchObject([{ phase: 'progressing' }]);
  await second.child.stop();
  expect(await second.child.ended).toBe(0);
});
