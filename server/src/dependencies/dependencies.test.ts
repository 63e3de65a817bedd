import { expect, test } from 'vitest';
import { startProgram } from '../testing/programs.ts';
import { startApp } from '../testing/start-app.ts';

const PRODUCTION = '/projects/default/environments/production';

/** checkout needs pricing to be on and asks for beta, which asks for staff; lonely and unused stand alone. */
async function start() {
  const server = await startApp();
  const { call } = server;
  const put = async (method: 'POST' | 'PUT' | 'PATCH', path: string, body: unknown) => {
    const { status, body: answer } = await call(method, path, body);
    expect([status < 300, answer]).toEqual([true, expect.anything()]);
    return answer;
  };
  for (const key of ['checkout', 'pricing', 'lonely']) {
    await put('POST', '/projects/default/flags', { key, type: 'boolean' });
  }
  await put('PUT', `${PRODUCTION}/segments/staff`, { when: { attribute: 'staff', operator: 'in', values: [true] } });
  await put('PUT', `${PRODUCTION}/segments/beta`, { when: { any: [{ segment: 'staff' }] } });
  await put('PUT', `${PRODUCTION}/segments/unused`, {});
  await put('PATCH', '/projects/default/flags/checkout/environments/production', {
    prerequisites: [{ flag: 'pricing', state: 'on' }],
    rules: [
      { id: 'one', when: { segment: 'beta' }, serve: { variant: 'on' } },
      { id: 'two', when: { not: { segment: 'beta' } }, serve: { variant: 'off' } },
    ],
  });
  const read = async (headers?: Record<string, string>) =>
    (await call('GET', `${PRODUCTION}/dependencies`, undefined, headers)).body;
  return { ...server, put, read };
}

test('flags, segments and what they name are told, each pair once; what stands alone is counted', async () => {
  const { read, put } = await start();
  const all = await read();
  expect(all.dependencies).toEqual([
    { from: 'flag:checkout', to: 'flag:pricing', why: 'on' },
    { from: 'flag:checkout', to: 'segment:beta', why: 'segment' },
    { from: 'segment:beta', to: 'segment:staff', why: 'segment' },
  ]);
  expect(all.alone).toEqual({ flags: 1, segments: 1 });
  expect(all.nodes.find(({ id }: { id: string }) => id === 'flag:pricing')).toEqual({
    ...{ id: 'flag:pricing', kind: 'flag', key: 'pricing', name: 'pricing', state: 'off' },
  });
  await put('PATCH', '/projects/default/flags/pricing/environments/production', { enabled: true });
  await put('POST', '/projects/default/flags/checkout/environments/production/kill', { reason: 'errors' });
  const states = Object.fromEntries((await read()).nodes.map(({ id, state }: Record<string, string>) => [id, state]));
  expect(states).toEqual({
    'flag:checkout': 'killed',
    'flag:pricing': 'on',
    'segment:beta': 'used',
    'segment:staff': 'used',
  });
  // Another environment has rules of its own.
  const { call } = await startApp();
  expect((await call('GET', '/projects/default/environments/development/dependencies')).body).toMatchObject({
    nodes: [],
    dependencies: [],
  });
});

test('a release under way is told to who may read releases, and is gone when it has ended', async () => {
  const server = await start();
  const { read, put, call } = server;
  const targeting = { enabled: true, defaultRule: { variant: 'off' } };
  await put('PATCH', '/projects/default/flags/lonely/environments/production', targeting);
  const release = await put('POST', '/projects/default/releases', {
    ...{ title: 'Lonely goes out', environment: 'production', strategy: 'flag_only' },
    flags: [{ flag: 'lonely', candidate: 'on', baseline: 'off' }],
    stages: [
      { flagsPer100k: 10_000, soakSeconds: 3_600 },
      { flagsPer100k: 100_000, soakSeconds: 60 },
    ],
  });
  await put('POST', `/projects/default/releases/${release.id}/commands`, { command: 'start' });
  const holding = { from: `release:${release.id}`, to: 'flag:lonely', why: 'release' };
  expect((await read()).dependencies).toContainEqual(holding);
  expect((await read()).nodes).toContainEqual(
    expect.objectContaining({ id: holding.from, name: 'Lonely goes out', state: 'under-way' }),
  );
  await call('PUT', '/roles/flags-only', { name: 'Flags only', permissions: ['project:read', 'flag:read'] });
  const { headers } = await startProgram(server, 'flags-only', { project: 'default' });
  expect((await read(headers)).dependencies).not.toContainEqual(holding);
  await call('POST', `/projects/default/releases/${release.id}/commands`, { command: 'abort', reason: 'enough' });
  await expect.poll(async () => (await read()).dependencies).not.toContainEqual(holding);
});
