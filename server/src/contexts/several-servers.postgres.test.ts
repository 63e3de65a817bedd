import { expect, test } from 'vitest';
import { newFolder, startApp, type TestServer } from '../testing/start-app.ts';

const PRODUCTION = '/projects/default/environments/production';

/** Two servers on one database. */
async function startTwo(): Promise<[TestServer, TestServer]> {
  const dataDir = newFolder();
  const first = await startApp({ dataDir });
  const servers: [TestServer, TestServer] = [first, await startApp({ dataDir })];
  for (const { app } of servers) await expect.poll(() => app.bunting.follower?.isListening).toBe(true);
  return servers;
}

function recorderOf({ app }: TestServer) {
  const { contexts, rulesets } = app.bunting;
  const ruleset = rulesets.named('default', 'production');
  if (ruleset === undefined) throw new Error('there is no such environment');
  const tell = (...keys: string[]) => {
    const samples = keys.map((targetingKey) => ({ context: { targetingKey }, seenAtMs: Date.now(), count: 1 }));
    contexts.record(ruleset, 'server', { attributes: [{ path: 'plan', type: 'string', count: 1 }], samples });
  };
  return { tell, flush: () => contexts.flush(), settings: () => contexts.settingsOf(ruleset) };
}

async function keysOf({ call }: TestServer): Promise<string[]> {
  const { body } = await call('GET', `${PRODUCTION}/contexts?limit=200`);
  return body.items.map((item: { context: { targetingKey: string } }) => item.context.targetingKey).sort();
}

test('settings hold on both servers, under one salt, and what both are told is one list', async () => {
  const [a, b] = await startTwo();
  const [first, second] = [recorderOf(a), recorderOf(b)];
  expect(first.settings().salt).toBe(second.settings().salt);
  await a.call('PUT', `${PRODUCTION}/context-sampling`, { mode: 'contexts' });
  await expect.poll(() => second.settings().contextSampling).toBe('contexts');
  first.tell('ann', 'both');
  second.tell('ben', 'both');
  await Promise.all([first.flush(), second.flush()]);
  expect(await keysOf(a)).toEqual(['ann', 'ben', 'both']);
  expect((await b.call('GET', `${PRODUCTION}/attributes`)).body.items).toHaveLength(1);
});

test('whatever the other server has not stored yet when someone is erased is not stored any more', async () => {
  const [a, b] = await startTwo();
  const second = recorderOf(b);
  await a.call('PUT', `${PRODUCTION}/context-sampling`, { mode: 'contexts' });
  await expect.poll(() => second.settings().contextSampling).toBe('contexts');
  for (let round = 0; round < 10; round++) {
    second.tell('ann', `other-${round}`);
    // At once: whichever comes first, nothing of ann is left.
    await Promise.all([a.call('POST', `${PRODUCTION}/contexts/erase`, { targetingKey: 'ann' }), second.flush()]);
    await second.flush();
    expect(await keysOf(a)).not.toContain('ann');
  }
  // Not for good: what is seen once both servers know of the erasure is kept.
  const tellAgain = async () => {
    second.tell('ann');
    await second.flush();
    return keysOf(a);
  };
  await expect.poll(tellAgain).toContain('ann');
});
