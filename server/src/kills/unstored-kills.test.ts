import { expect, test } from 'vitest';
import { startApp } from '../testing/start-app.ts';
import { engine } from '../testing/test-database.ts';
import type { KillRecord } from './kill-record.ts';
import { UnstoredKills } from './unstored-kills.ts';

test('a kill that cannot be stored keeps no other out, and waits', async () => {
  const { app } = await startApp();
  const { database, rulesets } = app.bunting;
  const environmentId = rulesets.named('default', 'production')?.environmentId ?? '';
  const shown: number[] = [];
  const unstored = new UnstoredKills({
    store: { engine, database },
    journal: { keep: async () => true, forget: () => {} },
    gauge: { set: (value) => void shown.push(value) },
    log: app.log,
    onStored: () => {},
    refresh: async () => {},
    onWaiting: () => {},
  });
  const kill = (flag: string, reason: string | null) => {
    const actor = { kind: 'system', id: 'system', name: 'Bunting' } as const;
    const record = { environmentId, flag, epoch: 1, engaged: true, eventId: flag, atMs: 1, actor, requestId: null };
    return unstored.store({ ...record, reason } as KillRecord);
  };
  expect(await Promise.all([kill('a', 'errors'), kill('b', null), kill('c', 'errors')])).toEqual([true, false, true]);
  expect([unstored.size, shown.at(-1)]).toEqual([1, 1]);
  const rows = await database.selectFrom('kills').select('flag_key').orderBy('flag_key').execute();
  expect(rows).toEqual([{ flag_key: 'a' }, { flag_key: 'c' }]);
  // What can no longer be stored, for its environment is gone, is not tried for ever.
  unstored.forgetEnvironment('another');
  expect(unstored.size).toBe(1);
  unstored.forgetEnvironment(environmentId);
  expect([unstored.size, shown.at(-1)]).toEqual([0, 0]);
  await unstored.close();
});
