import { expect, test } from 'vitest';
import { countOn } from '../store/counters.ts';
import { newFolder, startApp, type TestServer } from '../testing/start-app.ts';
import { listen } from '../testing/stream-client.ts';

const KILL = '/projects/default/flags/a/environments/production/kill';

function killsOf({ app }: TestServer) {
  return app.bunting.rulesets.named('default', 'production')?.kills;
}

test('a server that starts knows of a kill that nobody could store yet', async () => {
  const dataDir = newFolder();
  const a = await startApp({ dataDir });
  await listen(a.app);
  await a.call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  await expect.poll(() => a.app.bunting.cluster.self.url).not.toBe('');

  // Whoever wants to store a kill waits for this transaction.
  let holding: Promise<void> | undefined;
  const release = await new Promise<() => void>((resolve) => {
    holding = a.app.bunting.database.transaction().execute(async (tx) => {
      await countOn(tx, 'kills');
      await new Promise<void>((release) => resolve(release));
    });
  });
  const killing = a.call('POST', KILL, { reason: 'errors' });
  await expect.poll(() => killsOf(a)).toEqual([{ flag: 'a', epoch: 1, engaged: true }]);
  const b = await startApp({ dataDir });
  expect(killsOf(b)).toEqual([]);
  await listen(b.app);
  await expect.poll(() => killsOf(b), { timeout: 5_000 }).toEqual([{ flag: 'a', epoch: 1, engaged: true }]);
  release();
  await Promise.all([holding, killing]);

  for (const { app } of [a, b])
    await expect.poll(() => app.bunting.kills.unstoredRecords(), { timeout: 9_000 }).toEqual([]);
  const { body } = await b.call('GET', '/audit?project=default&flag=a&environment=production');
  expect(body.items).toMatchObject([{ action: 'flag.killed', after: { epoch: 1 } }]);
}, 30_000);
