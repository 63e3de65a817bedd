import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type Flags } from '@bunting/node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { changeFlag, makeFlag, makeKey } from '../processes/flags.ts';
import { startServer, type TestServer } from '../processes/server.ts';

let server: TestServer;
let sdkKey: string;
let cacheDir: string;
const opened: Flags[] = [];

beforeEach(async () => {
  server = await startServer();
  sdkKey = (await makeKey(server.api, 'server')).secret;
  cacheDir = await mkdtemp(join(tmpdir(), 'bunting-start-'));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((flags) => flags.close()));
  await server.remove();
  await rm(cacheDir, { recursive: true, force: true });
});

function open(bootstrap?: string): Flags {
  const flags = connect({ url: server.url, sdkKey, bootstrap, ...(bootstrap ? {} : { cacheDir }), logger: {} });
  opened.push(flags);
  return flags;
}

test('a process answers by what an earlier one kept, then by what has changed since', async () => {
  await makeFlag(server.api, { key: 'a', type: 'boolean' }, { enabled: true });
  const first = open();
  expect(await first.ready()).toMatchObject({ state: 'live' });
  await first.close();
  await changeFlag(server.api, 'a', { enabled: false });
  const second = open();
  expect(second.getBooleanDetails('a', false)).toMatchObject({ value: true, state: 'cached' });
  const [{ state }, { keys }] = await Promise.all([
    second.ready(),
    new Promise<{ keys: readonly string[] }>((resolve) => second.on('change', resolve)),
  ]);
  expect({ state, keys }).toEqual({ state: 'live', keys: ['a'] });
  expect(second.isEnabled('a')).toBe(false);
});

test('what the server says to who asks for the snapshot is a bootstrap', async () => {
  await makeFlag(server.api, { key: 'a', type: 'boolean' }, { enabled: true });
  const headers = { authorization: `Bearer ${sdkKey}` };
  const answer = await fetch(`${server.url}/stream/snapshot`, { headers });
  const path = join(cacheDir, 'flags.snapshot');
  await writeFile(path, await answer.text());
  const flags = open(path);
  expect(flags.getBooleanDetails('a', false)).toMatchObject({ value: true, state: 'bootstrapped' });
  expect(await flags.ready()).toMatchObject({ state: 'live' });
});
