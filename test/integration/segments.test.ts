import { connect, type Flags } from '@bunting/node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeFlag, makeKey, readReceipts } from '../processes/flags.ts';
import { startServer, type TestServer } from '../processes/server.ts';
import { waitFor } from '../processes/wait.ts';

const SEGMENT = '/projects/default/environments/development/segments/beta';
const user = (at: number) => `user-${at}`;
const everySecond = (count: number) => Array.from({ length: count }, (_, at) => user(2 * at));

let server: TestServer;
let flags: Flags;

beforeEach(async () => {
  server = await startServer();
  await server.api.call('PUT', SEGMENT, {});
  await makeFlag(
    server.api,
    { key: 'new-search', type: 'boolean' },
    {
      enabled: true,
      rules: [{ id: 'beta', when: { segment: 'beta' }, serve: { variant: 'on' } }],
      defaultRule: { variant: 'off' },
    },
  );
  flags = connect({ url: server.url, sdkKey: (await makeKey(server.api, 'server')).secret, logger: {} });
  expect((await flags.ready()).state).toBe('live');
});
afterEach(async () => {
  await flags.close();
  await server.remove();
});

const upload = (keys: readonly string[]) =>
  server.api.request('PUT', `${SEGMENT}/keys`, keys.join('\n'), { 'content-type': 'text/plain' });
const isIn = (targetingKey: string) => flags.isEnabled('new-search', { targetingKey });
const revisionIs = (number: number) => waitFor(`revision ${number}`, () => flags.revision?.number === number);

test('an SDK answers by a large segment, by each change of it, and by what it missed while it was away', async () => {
  const changed: (readonly string[])[] = [];
  flags.on('change', ({ keys }) => changed.push(keys));
  const { status, body } = await upload(everySecond(50_000));
  expect([status, body]).toMatchObject([200, { added: 50_000 }]);
  await revisionIs((body as Answer).revision.number);
  for (let at = 0; at < 100_000; at += 997) expect([at, isIn(user(at))]).toEqual([at, at % 2 === 0]);

  const { revision } = await change({ add: ['ann', user(1)], remove: [user(0)] });
  await revisionIs(revision.number);
  expect([isIn('ann'), isIn(user(0)), isIn(user(1)), isIn(user(2)), isIn(user(3))]).toEqual([
    true,
    false,
    true,
    true,
    false,
  ]);
  // A segment is no flag: listeners hear that something changed, not thousands of pages.
  expect(changed).toEqual([[], []]);

  await server.kill();
  expect(isIn('ann')).toBe(true);
  await server.restart();
  const missed = await change({ add: ['bob'], remove: ['ann'] });
  await revisionIs(missed.revision.number);
  expect([isIn('ann'), isIn('bob'), isIn(user(0)), isIn(user(2))]).toEqual([false, true, false, true]);
  await waitFor('the receipt', async () => (await readReceipts(server.api)).confirmed === 1);
  expect(await readReceipts(server.api)).toMatchObject({ confirmed: 1, broken: 0 });
});

interface Answer {
  readonly revision: { readonly number: number };
}

function change(body: { readonly add: readonly string[]; readonly remove: readonly string[] }): Promise<Answer> {
  return server.api.call('POST', `${SEGMENT}/keys`, body);
}
