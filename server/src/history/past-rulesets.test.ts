import { expect, test, vi } from 'vitest';
import { startApp } from '../testing/start-app.ts';
import { PastRulesets } from './past-rulesets.ts';

const FLAGS = '/projects/default/flags';

test('those who ask at once have a revision loaded once, and different ones one after the other', async () => {
  const { app, call } = await startApp();
  await call('POST', FLAGS, { key: 'a', type: 'boolean' });
  await call('POST', FLAGS, { key: 'b', type: 'boolean' });
  const { database, rulesets } = app.bunting;
  const { environmentId = '', revision } = rulesets.named('default', 'production') ?? {};
  const head = revision?.number ?? 0;
  const past = new PastRulesets(database);
  const begun = vi.spyOn(database, 'transaction');
  const asked = [head, head, head - 1, head, head - 1].map((number) => past.get(environmentId, number));
  await asked[0];
  expect(begun).toHaveBeenCalledTimes(1);
  const found = await Promise.all(asked);
  expect(begun).toHaveBeenCalledTimes(2);
  expect(found.map(({ items }) => items.length)).toEqual([2, 2, 1, 2, 1]);
});

test('a revision that cannot be loaded keeps nobody from the next one', async () => {
  const { app, call } = await startApp();
  await call('POST', FLAGS, { key: 'a', type: 'boolean' });
  const { database, rulesets } = app.bunting;
  const { environmentId = '', revision } = rulesets.named('default', 'production') ?? {};
  const past = new PastRulesets(database);
  const transaction = vi.spyOn(database, 'transaction').mockImplementationOnce(() => {
    throw new Error('the database is away');
  });
  const head = revision?.number ?? 0;
  const [failed, next] = await Promise.allSettled([past.get(environmentId, head), past.get(environmentId, head)]);
  expect([failed.status, next.status]).toEqual(['rejected', 'fulfilled']);
  expect(transaction).toHaveBeenCalledTimes(2);
});
