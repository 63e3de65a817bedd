import { connect, type Flags } from '@bunting/node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startApp } from '../processes/app.ts';
import { changeFlag, makeFlag, makeKey, type NewKey, readReceipts, revokeKey, split } from '../processes/flags.ts';
import { startServer, type TestServer } from '../processes/server.ts';
import { answersBySubject, countBySubject } from '../processes/subjects.ts';
import { waitFor } from '../processes/wait.ts';

let server: TestServer;
let key: NewKey;
let opened: Flags[];

beforeEach(async () => {
  server = await startServer();
  key = await makeKey(server.api, 'server');
  opened = [];
});
afterEach(async () => {
  await Promise.all(opened.map((flags) => flags.close()));
  await server.remove();
});

/** A client with its problems collected instead of printed. */
function open(sdkKey = key.secret): { flags: Flags; problems: string[] } {
  const flags = connect({ url: server.url, sdkKey, app: 'test', logger: {} });
  const problems: string[] = [];
  flags.on('error', ({ code }) => problems.push(code));
  opened.push(flags);
  return { flags, problems };
}

async function openReady(): Promise<Flags> {
  const { flags } = open();
  expect(await flags.ready()).toMatchObject({ state: 'live', error: undefined });
  return flags;
}

describe('answers', () => {
  test('come typed, with variant and reason', async () => {
    const on = { enabled: true };
    await makeFlag(server.api, { key: 'plain', type: 'boolean' }, on);
    await makeFlag(server.api, variants('words', 'string', ['a', 'first'], ['b', 'second']), on);
    await makeFlag(server.api, variants('count', 'number', ['small', 0.5], ['big', 1e9]), on);
    await makeFlag(server.api, variants('config', 'object', ['full', { deep: { list: [1, null] } }], ['none', {}]), on);
    const flags = await openReady();
    expect(flags.getBooleanDetails('plain', false)).toMatchObject({ value: true, variant: 'on', reason: 'STATIC' });
    expect(flags.getStringValue<string>('words', 'default')).toBe('first');
    expect(flags.getNumberValue<number>('count', 0)).toBe(0.5);
    expect(flags.getObjectValue('config', {})).toEqual({ deep: { list: [1, null] } });
    expect(flags.getNumberDetails('words', 7)).toMatchObject({ value: 7, errorCode: 'TYPE_MISMATCH' });
    expect(flags.getBooleanDetails('nothing', true)).toMatchObject({ value: true, errorCode: 'FLAG_NOT_FOUND' });
  });

  test('follow rules on attributes', async () => {
    await makeFlag(
      server.api,
      { key: 'target', type: 'boolean' },
      {
        enabled: true,
        rules: [
          { id: 'dutch', when: { attribute: 'country', operator: 'in', values: ['NL'] }, serve: { variant: 'on' } },
        ],
        defaultRule: { variant: 'off' },
      },
    );
    const flags = await openReady();
    expect(flags.getBooleanDetails('target', false, { targetingKey: 'a', country: 'NL' })).toMatchObject({
      value: true,
      reason: 'TARGETING_MATCH',
      flagMetadata: { ruleId: 'dutch' },
    });
    expect(flags.isEnabled('target', { targetingKey: 'a', country: 'SE' })).toBe(false);
  });

  test('belong to the environment of the key', async () => {
    await makeFlag(server.api, { key: 'target', type: 'boolean' }, { enabled: true });
    const { flags } = open((await makeKey(server.api, 'server', 'production')).secret);
    await flags.ready();
    expect(flags.isEnabled('target')).toBe(false);
    expect(flags.getBooleanDetails('target', true)).toMatchObject({ value: false, reason: 'DISABLED' });
  });

  test('are the defaults while there is no server, and come by themselves when there is', async () => {
    await makeFlag(server.api, { key: 'target', type: 'boolean' }, { enabled: true });
    await server.stop();
    const { flags, problems } = open();
    expect(await flags.ready({ timeoutMs: 300 })).toMatchObject({ state: 'default' });
    expect(flags.getBooleanDetails('target', false)).toMatchObject({ value: false, errorCode: 'PROVIDER_NOT_READY' });
    await server.restart();
    await waitFor('the first answer', () => flags.isEnabled('target'));
    expect(problems).toContain('connection_failed');
  });
});

describe('a change', () => {
  test('reaches every SDK, in this process and in another, and is acknowledged', async () => {
    await makeFlag(server.api, { key: 'target', type: 'boolean' });
    const flags = await openReady();
    const app = startApp(server.url, key.secret, 'target');
    await app.child.line(/^answers .*"on":0/);

    const changed = new Promise((resolve) => flags.on('change', resolve));
    const { revision, committedAt } = await changeFlag(server.api, 'target', { enabled: true });
    expect(await changed).toEqual({ revision, keys: ['target'], committedAtMs: Date.parse(committedAt) });
    expect(flags.revision).toEqual(revision);
    expect(flags.isEnabled('target')).toBe(true);
    await app.child.line(new RegExp(`^answers .*"revision":${revision.number},"on":2000`));

    const receipts = await waitFor('both receipts', async () => {
      const found = await readReceipts(server.api);
      return found.confirmed === 2 && found;
    });
    expect(receipts).toMatchObject({ revision, instances: 2, pending: 0, broken: 0 });
    expect(receipts.firstMs).toBeGreaterThanOrEqual(0);
    expect(receipts.lastMs).toBeGreaterThanOrEqual(receipts.firstMs ?? Number.NaN);
    const listed = await server.api.call<{ items: unknown[] }>(
      'GET',
      '/projects/default/environments/development/instances',
    );
    expect(listed.items).toHaveLength(2);
    for (const app of ['test', 'test-app']) {
      const sdk = { name: expect.any(String), version: expect.any(String) };
      expect(listed.items).toContainEqual(expect.objectContaining({ app, sdk, revision, brokenFlags: 0 }));
    }
    expect(await app.stop()).toBe(0);
    await waitFor('the app to be gone', async () => (await readReceipts(server.api)).instances === 1);
  });

  test('of one environment says nothing to the others', async () => {
    await makeFlag(server.api, { key: 'target', type: 'boolean' });
    const flags = await openReady();
    const heard: unknown[] = [];
    flags.on('change', (event) => heard.push(event));
    await changeFlag(server.api, 'target', { enabled: true }, 'production');
    const { revision } = await changeFlag(server.api, 'target', { enabled: true });
    await waitFor('the change', () => flags.isEnabled('target'));
    expect(heard).toEqual([expect.objectContaining({ revision })]);
  });

  test('that changes nothing makes no revision', async () => {
    await makeFlag(server.api, { key: 'target', type: 'boolean' }, { enabled: true });
    const first = await changeFlag(server.api, 'target', { enabled: false });
    const second = await changeFlag(server.api, 'target', { enabled: false });
    expect(second.revision).toEqual(first.revision);
  });

  test('takes an archived flag away', async () => {
    await makeFlag(server.api, { key: 'target', type: 'boolean' }, { enabled: true });
    const flags = await openReady();
    expect(flags.isEnabled('target')).toBe(true);
    await server.api.call('POST', '/projects/default/flags/target/archive');
    await waitFor('the flag to go', () => flags.getBooleanDetails('target', false).errorCode === 'FLAG_NOT_FOUND');
    await server.api.call('POST', '/projects/default/flags/target/restore');
    await waitFor('the flag to be back', () => flags.isEnabled('target'));
  });
});

describe('a percentage', () => {
  test('is what was asked, the same in every process and after a restart, and grows without moving anyone out', async () => {
    await makeFlag(
      server.api,
      { key: 'target', type: 'boolean' },
      { enabled: true, defaultRule: split({ on: 20, off: 80 }) },
    );
    const flags = await openReady();
    const before = answersBySubject(flags, 'target');
    expect(countBySubject(flags, 'target') / before.length).toBeCloseTo(0.2, 1);
    expect(flags.getBooleanDetails('target', false, { targetingKey: 'a' }).reason).toBe('SPLIT');

    await server.stop();
    await server.restart();
    const later = await openReady();
    expect(answersBySubject(later, 'target')).toBe(before);

    const { revision } = await changeFlag(server.api, 'target', { defaultRule: split({ on: 35, off: 65 }) });
    await waitFor('the change', () => later.revision?.number === revision.number);
    const after = answersBySubject(later, 'target');
    const moved = [...before].map((was, index) => `${was}${after[index]}`);
    expect(moved).not.toContain('10');
    expect(moved).toContain('01');
  });

  test('needs a subject', async () => {
    await makeFlag(
      server.api,
      { key: 'target', type: 'boolean' },
      { enabled: true, defaultRule: split({ on: 50, off: 50 }) },
    );
    const flags = await openReady();
    expect(flags.getBooleanDetails('target', true, {})).toMatchObject({
      value: true,
      errorCode: 'TARGETING_KEY_MISSING',
    });
  });
});

describe('when things go wrong', () => {
  test('a restarted server finds its SDKs again, which answered all the time', async () => {
    await makeFlag(server.api, { key: 'target', type: 'boolean' }, { enabled: true });
    const flags = await openReady();
    expect(await server.stop()).toBe(0);
    expect(flags.isEnabled('target')).toBe(true);
    await server.restart();
    await changeFlag(server.api, 'target', { enabled: false });
    await waitFor('the change', () => !flags.isEnabled('target'));
    expect(flags.state).toBe('live');
  });

  test('a revoked key closes its connections at once and no others; answers stay', async () => {
    await makeFlag(server.api, { key: 'target', type: 'boolean' }, { enabled: true });
    const { flags, problems } = open();
    await flags.ready();
    const other = open((await makeKey(server.api, 'server')).secret);
    await other.flags.ready();

    await revokeKey(server.api, key.id);
    await waitFor('the refusal', () => problems.includes('key_refused'), 2_000);
    expect(flags.isEnabled('target')).toBe(true);
    await changeFlag(server.api, 'target', { enabled: false });
    await waitFor('the change', () => !other.flags.isEnabled('target'));
    expect(flags.isEnabled('target')).toBe(true);
    expect(other.problems).toEqual([]);
    expect(await readReceipts(server.api)).toMatchObject({ instances: 1 });
  });

  test.each([
    ['an unknown key', async () => `bnt_srv_${'A'.repeat(43)}`],
    ['an admin key', async () => server.adminKey],
    ['something else', async () => 'hello'],
  ])('%s is refused, and waiting for it ends early', async (_name, secret) => {
    const { flags, problems } = open(await secret());
    const readiness = await flags.ready({ timeoutMs: 5_000 });
    expect(readiness).toMatchObject({ state: 'default', error: { code: 'key_refused' } });
    expect(readiness.waitedMs).toBeLessThan(4_000);
    expect(problems).toEqual(['key_refused']);
    expect(flags.getBooleanDetails('target', false)).toMatchObject({ errorCode: 'PROVIDER_FATAL' });
  });
});

function variants(key: string, type: string, ...pairs: [name: string, value: unknown][]) {
  return { key, type, variants: pairs.map(([name, value]) => ({ name, value })) };
}
