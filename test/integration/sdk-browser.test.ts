import { connect, type Flags } from '@bunting/browser';
import { signContext } from '@bunting/node';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { changeFlag, makeFlag, makeKey, readReceipts } from '../processes/flags.ts';
import { startServer, type TestServer } from '../processes/server.ts';
import { hello, openSocket } from '../processes/socket.ts';
import { waitFor } from '../processes/wait.ts';

let server: TestServer;
let clientKey: string;
let opened: Flags[] = [];

beforeAll(async () => {
  server = await startServer();
  clientKey = (await makeKey(server.api, 'client')).secret;
  const rules = [
    { id: 'dutch', when: { attribute: 'country', operator: 'in', values: ['NL'] }, serve: { variant: 'on' } },
  ];
  const development = { enabled: true, rules, defaultRule: { variant: 'off' } };
  await makeFlag(server.api, visible('page-flag'), development);
  await makeFlag(server.api, { key: 'secret-flag', type: 'boolean' }, development);
});
afterEach(() => {
  for (const flags of opened) flags.close();
  opened = [];
});
afterAll(() => server.remove());

function visible(key: string) {
  return { key, type: 'boolean', clientVisible: true };
}

async function open(context: Record<string, string>, key = clientKey): Promise<Flags> {
  const flags = connect({ url: server.url, clientKey: key, context, logger: {} });
  opened.push(flags);
  await flags.ready();
  return flags;
}

test('a page gets values for its own context, and only of flags that pages may see', async () => {
  const dutch = await open({ targetingKey: 'a', country: 'NL' });
  const swedish = await open({ targetingKey: 'b', country: 'SE' });
  expect(dutch.isEnabled('page-flag')).toBe(true);
  expect(swedish.isEnabled('page-flag')).toBe(false);
  expect(dutch.getBooleanDetails('secret-flag', false)).toMatchObject({ value: false, errorCode: 'FLAG_NOT_FOUND' });
});

test('neither rules nor other flags go over the wire', async () => {
  const socket = await openSocket(server.url);
  socket.send(hello(clientKey, { context: { targetingKey: 'a', country: 'NL' } }));
  await waitFor('the values', () => socket.headers.length > 0);
  expect(socket.headers[0]).toMatchObject({ type: 'values', whole: true });
  expect(socket.frames.join()).not.toMatch(/secret-flag|country|dutch|ranges/);
  socket.close();
});

test('changes are pushed, and so is being shown or hidden', async () => {
  const flags = await open({ targetingKey: 'a', country: 'NL' });
  await changeFlag(server.api, 'page-flag', { enabled: false });
  await waitFor('the change', () => !flags.isEnabled('page-flag'));
  await changeFlag(server.api, 'page-flag', { enabled: true });
  await waitFor('the change back', () => flags.isEnabled('page-flag'));
  await server.api.call('PATCH', '/projects/default/flags/page-flag', { clientVisible: false });
  await waitFor(
    'the flag to be hidden',
    () => flags.getBooleanDetails('page-flag', false).errorCode === 'FLAG_NOT_FOUND',
  );
  await server.api.call('PATCH', '/projects/default/flags/page-flag', { clientVisible: true });
  await waitFor('the flag to be shown', () => flags.isEnabled('page-flag'));
});

test('another context gets its own values', async () => {
  const flags = await open({ targetingKey: 'a', country: 'SE' });
  expect(flags.isEnabled('page-flag')).toBe(false);
  expect(await flags.identify({ targetingKey: 'a', country: 'NL' })).toMatchObject({ state: 'live' });
  expect(flags.isEnabled('page-flag')).toBe(true);
});

test('pages are not counted as instances: their word proves nothing', async () => {
  await open({ targetingKey: 'a' });
  expect(await readReceipts(server.api)).toMatchObject({ instances: 0, confirmed: 0 });
});

test('a server key is refused in a page, so that a leak is noticed', async () => {
  const { secret } = await makeKey(server.api, 'server');
  const flags = connect({ url: server.url, clientKey: secret, logger: {} });
  opened.push(flags);
  expect(await flags.ready({ timeoutMs: 3_000 })).toMatchObject({ state: 'default' });
  expect(flags.isEnabled('page-flag', false)).toBe(false);
});

test('a context that the host signed is answered, and another one is refused and says how to right it', async () => {
  const proof = '/projects/default/environments/production/context-proof';
  const { secret: key } = await makeKey(server.api, 'client', 'production');
  const { secret } = await server.api.call<{ secret: string }>('POST', `${proof}/secrets`);
  await server.api.call('PUT', proof, { mode: 'required' });
  const context = { targetingKey: 'a', tags: ['ö', '😀'], big: 1e21, zero: -0, since: new Date(0), none: undefined };
  const flags = connect({
    url: server.url,
    clientKey: key,
    context,
    contextHash: signContext(secret, context),
    logger: {},
  });
  opened.push(flags);
  expect(await flags.ready()).toMatchObject({ state: 'live', error: undefined });
  const { error } = await flags.identify({ ...context, targetingKey: 'b' }, { contextHash: signContext('x', context) });
  expect(error).toMatchObject({
    code: 'context_refused',
    fatal: true,
    message: expect.stringContaining('signContext'),
  });
  const other = { targetingKey: 'b' };
  expect(await flags.identify(other, { contextHash: signContext(secret, other) })).toMatchObject({ state: 'live' });
});
