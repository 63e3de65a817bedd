import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { changeFlag, makeFlag, makeKey, readReceipts, split } from '../processes/flags.ts';
import { preparePreviousVersion } from '../processes/previous-version.ts';
import { Remote } from '../processes/remote.ts';
import type { SdkCalls } from '../processes/sdk-main.ts';
import { startServer, type TestServer } from '../processes/server.ts';

/**
 * The first version that clusters: before measured code paths, samples, `welcome`, edits, permissions. What docs/compatibility.md
 * promises is tested against it.
 */
const previousCommit = 'cf1d9407b96f';
const main = join(import.meta.dirname, '../processes/sdk-main.ts');
const transports = ['websocket', 'sse', 'polling'];
const subjects = Array.from({ length: 200 }, (_, at) => `user-${at}`);
const flags = ['plain', 'share', 'rules'];

let server: TestServer | undefined;
const sdks: Remote<SdkCalls>[] = [];
/** What each pair of versions answered: subjects get the same variants, whoever evaluates. */
const answers: string[] = [];

afterEach(async () => {
  for (const sdk of sdks.splice(0)) await sdk.stop();
  await server?.remove();
  server = undefined;
});

async function startWithFlags(program?: string): Promise<TestServer> {
  const started = await startServer(program === undefined ? {} : { program });
  const { api } = started;
  await makeFlag(api, { key: 'plain', type: 'boolean' }, { enabled: true });
  await makeFlag(api, { key: 'share', type: 'boolean' }, { enabled: true, defaultRule: split({ on: 30, off: 70 }) });
  const isStaff = { attribute: 'email', operator: 'endsWith', values: ['@example.org'] };
  // The previous server kept no segments yet; its SDK knew them.
  const segment = '/projects/default/environments/development/segments/staff';
  if (program === undefined) await api.call('PUT', segment, { when: isStaff });
  const staff = program === undefined ? { segment: 'staff' } : isStaff;
  const when = { all: [{ attribute: 'country', operator: 'in', values: ['NL'] }, { not: staff }] };
  const rules = [{ id: 'dutch', when, serve: { variant: 'on' } }];
  await makeFlag(api, { key: 'rules', type: 'boolean' }, { enabled: true, rules, defaultRule: { variant: 'off' } });
  return started;
}

/** An SDK in a process of its own; it ends with the test. */
async function startSdk(module: string, { url, api }: TestServer, transport: string): Promise<Remote<SdkCalls>> {
  const sdk = new Remote<SdkCalls>(main);
  sdks.push(sdk);
  const { secret } = await makeKey(api, 'server');
  expect([transport, await sdk.call('connect', { module, url, sdkKey: secret, transport })]).toEqual([
    transport,
    'live',
  ]);
  return sdk;
}

/** What every SDK has to do with every server: answer alike, follow changes and kills, and be counted. */
async function checkTogether(module: string, started: TestServer): Promise<void> {
  const { api } = started;
  for (const transport of transports) {
    const sdk = await startSdk(module, started, transport);
    const variants = await sdk.call('variants', { flags, subjects });
    expect([transport, variants.slice(0, 200)]).toEqual([transport, subjects.map(() => 'on')]);
    expect(variants.slice(400)).toEqual(subjects.map((subject) => (subject.endsWith('1') ? 'on' : 'off')));
    const on = variants.slice(200, 400).filter((variant) => variant === 'on').length;
    expect([transport, on > 30 && on < 90]).toEqual([transport, true]);
    answers.push(variants.join());

    await changeFlag(api, 'plain', { enabled: false });
    const plain = async () => (await sdk.call('variants', { flags: ['plain'], subjects: ['user-1'] }))[0];
    await expect.poll(plain, { timeout: 10_000 }).toBe('off');
    await changeFlag(api, 'plain', { enabled: true });
    await expect.poll(plain, { timeout: 10_000 }).toBe('on');
    const path = '/projects/default/flags/plain/environments/development';
    await api.call('POST', `${path}/kill`, { reason: 'a test' });
    await expect.poll(plain, { timeout: 10_000 }).toBe('off');
    await api.call('POST', `${path}/rearm`, { reason: 'a test' });
    await expect.poll(plain, { timeout: 10_000 }).toBe('on');

    await expect
      .poll(async () => readReceipts(api), { timeout: 10_000 })
      .toMatchObject({ instances: 1, confirmed: 1, broken: 0 });
    expect([transport, await sdk.call('problems', null)]).toEqual([transport, []]);
    await sdk.call('close', null);
    await expect.poll(async () => (await readReceipts(api)).instances, { timeout: 20_000 }).toBe(0);
  }
}

describe('a version and the one before it', { timeout: 120_000 }, () => {
  test("the previous SDK works with today's server", async ({ skip }) => {
    const program = preparePreviousVersion(previousCommit, 'the previous SDK');
    if (program === undefined) return skip();
    server = await startWithFlags();
    await checkTogether(join(program, '../../../sdk-node/src/index.ts'), server);
  });

  test("today's SDK works with the previous server", async ({ skip }) => {
    const program = preparePreviousVersion(previousCommit, 'the previous server');
    if (program === undefined) return skip();
    server = await startWithFlags(program);
    await checkTogether('@bunting/node', server);
    expect(new Set(answers).size).toBe(1);
  });
});
