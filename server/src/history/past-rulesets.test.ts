import { expect, test, vi } from 'vitest';
import { startApp } from '../testing/start-app.ts';
import { PastRulesets } from './past-rulesets.ts';

const FLAGS = '/projects/default/flags';

/** A server with two flags, and a reader of its past whose transactions are counted apart from the server's own. */
async function start() {
  const { app, call } = await startApp();
  await call('POST', FLAGS, { key: 'a', type: 'boolean' });
  await call('POST', FLAGS, { key: 'b', type: 'boolean' });
  const { database, rulesets } = app.bunting;
  const { environmentId = '', revision } = rulesets.named('default', 'production') ?? {};
  const open = { now: 0, most: 0 };
  const transaction = vi.fn(() => {
    return new Proxy(database.transaction(), {
      get(target, name, self: unknown) {
        // How it reads does not matter here.
        if (name !== 'execute') return () => self;
        return async (read: Parameters<typeof target.execute>[0]) => {
          open.most = Math.max(open.most, ++open.now);
          return target.execute(read).finally(() => open.now--);
        };
      },
    });
  });
  const watched = new Proxy(database, {
    get(target, name) {
      if (name === 'transaction') return transaction;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { past: new PastRulesets(watched), transaction, open, environmentId, head: revision?.number ?? 0 };
}

test('those who ask at once have a revision loaded once, and different ones one after the other', async () => {
  const { past, transaction, open, environmentId, head } = await start();
  const asked = [head, head, head - 1, head, head - 1].map((number) => past.get(environmentId, number));
  const found = await Promise.all(asked);
  expect(found.map(({ items }) => items.length)).toEqual([2, 2, 1, 2, 1]);
  expect(transaction).toHaveBeenCalledTimes(2);
  expect(open.most).toBe(1);
});

test('a revision that cannot be loaded keeps nobody from the next one', async () => {
  const { past, transaction, environmentId, head } = await start();
  transaction.mockImplementationOnce(() => {
    throw new Error('the database is away');
  });
  const answers = await Promise.allSettled([past.get(environmentId, head), past.get(environmentId, head)]);
  expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(transaction).toHaveBeenCalledTimes(2);
});
