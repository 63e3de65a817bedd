import { EventEmitter, once } from 'node:events';
import { sql } from 'kysely';
import { expect, test, vi } from 'vitest';
import { MemoryTarget } from '../testing/memory-target.ts';
import { newFolder, startApp } from '../testing/start-app.ts';
import { ReleaseLeases } from './leases.ts';

const FLAGS = '/projects/default/flags';
const RELEASES = '/projects/default/releases';
const MINUTE_MS = 60_000;

test('whichever of several servers looks, and all at once, each step is made once', async () => {
  const clock = { nowMs: Date.parse('2026-05-04T00:00:00Z') };
  const dataDir = newFolder();
  const servers = [];
  for (let at = 0; at < 3; at++) servers.push(await startApp({ dataDir, now: () => clock.nowMs }));
  const [{ call } = await startApp()] = servers;
  await call('POST', FLAGS, { key: 'checkout', type: 'boolean' });
  const off = { enabled: true, defaultRule: { variant: 'off' } };
  await call('PATCH', `${FLAGS}/checkout/environments/production`, off);
  const stages = [20, 40, 60, 80, 100].map((share) => ({ flagsPer100k: share * 1_000, soakSeconds: 60 }));
  const flags = [{ flag: 'checkout', candidate: 'on', baseline: 'off' }];
  const input = { title: 'New checkout', environment: 'production', strategy: 'flag_only', flags, stages };
  const { id } = (await call('POST', RELEASES, { ...input, bakeSeconds: 60 })).body;
  await call('POST', `${RELEASES}/${id}/commands`, { command: 'start' });
  for (let minute = 0; minute < 6; minute++) {
    clock.nowMs += MINUTE_MS;
    await Promise.all(servers.map(({ app }) => app.bunting.releaseEngine.look()));
    // Who lost the race for a step looks again a second later.
    await Promise.all(servers.map(({ app }) => app.bunting.releaseEngine.look()));
  }
  expect((await call('GET', `${RELEASES}/${id}`)).body.phase).toBe('succeeded');
  const { items } = (await call('GET', `${RELEASES}/${id}/decisions?limit=200`)).body;
  const decisions = items.map(({ decision }: { decision: string }) => decision);
  expect(decisions).toHaveLength(new Set(decisions).size);
  expect(decisions.filter((decision: string) => decision.startsWith('Set to'))).toHaveLength(5);
});

test('what a server sends that has slept is refused, though the release came back before anything of it was out', async () => {
  const dataDir = newFolder();
  const target = new MemoryTarget();
  target.observed = { ...target.observed, fence: 0 };
  const moments = new EventEmitter();
  const [sent, woken] = [once(moments, 'sent'), once(moments, 'woken')];
  const { app, call } = await startApp({ dataDir });
  vi.spyOn(app.bunting.trafficTargets, 'open').mockResolvedValue({
    capabilities: target.capabilities,
    read: () => target.read(),
    async apply(desired, fence) {
      moments.emit('sent');
      await woken;
      await target.apply(desired, fence);
    },
    close: async () => {},
  });
  const input = {
    ...{ title: 'Shop 2', environment: 'production', strategy: 'canary' },
    traffic: { target: 'shop', candidate: 'v2', baseline: 'v1' },
    stages: [{ trafficPer100k: 100_000, soakSeconds: 60 }],
  };
  const { id } = (await call('POST', RELEASES, input)).body;
  const started = call('POST', `${RELEASES}/${id}/commands`, { command: 'start' });
  await sent;
  const other = await startApp({ dataDir });
  vi.spyOn(other.app.bunting.trafficTargets, 'open').mockResolvedValue(target);
  const aborted = await other.call('POST', `${RELEASES}/${id}/commands`, { command: 'abort', reason: 'enough' });
  expect(aborted.body).toMatchObject({ phase: 'aborted' });
  moments.emit('woken');
  await started;
  expect(target.observed.candidatePer100k).toBe(0);
});

test('what is wanted of a release that another server holds is told to that server at once', async () => {
  const dataDir = newFolder();
  const [holder, other] = [await startApp({ dataDir }), await startApp({ dataDir })];
  const target = new MemoryTarget();
  // Where an old fence is not refused nobody takes a release from its holder.
  target.capabilities.fenced = false;
  for (const { app } of [holder, other]) vi.spyOn(app.bunting.trafficTargets, 'open').mockResolvedValue(target);
  const { follower, releaseEngine } = holder.app.bunting;
  await expect.poll(() => follower?.isListening).toBe(true);
  const { body } = await holder.call('POST', RELEASES, {
    ...{ title: 'Shop 2', environment: 'production', strategy: 'canary' },
    traffic: { target: 'shop', candidate: 'v2', baseline: 'v1' },
    stages: [{ trafficPer100k: 100_000, soakSeconds: 3_600 }],
  });
  const commands = `${RELEASES}/${body.id}/commands`;
  await holder.call('POST', commands, { command: 'start' });
  expect(target.observed.candidatePer100k).toBe(100_000);
  const heed = vi.spyOn(releaseEngine, 'heed');
  await other.call('POST', commands, { command: 'abort', reason: 'enough' });
  await expect.poll(() => heed.mock.calls).toEqual([[body.id]]);
  await expect.poll(() => target.observed.candidatePer100k).toBe(0);
});

test('of many aborts at once on several servers each is obeyed, whatever step was made in between', async () => {
  const dataDir = newFolder();
  const servers = [await startApp({ dataDir }), await startApp({ dataDir })];
  const [{ call } = await startApp()] = servers;
  await call('POST', FLAGS, { key: 'checkout', type: 'boolean' });
  const off = { enabled: true, defaultRule: { variant: 'off' } };
  await call('PATCH', `${FLAGS}/checkout/environments/production`, off);
  const flags = [{ flag: 'checkout', candidate: 'on', baseline: 'off' }];
  const stages = [50_000, 100_000].map((flagsPer100k) => ({ flagsPer100k, soakSeconds: 60 }));
  const input = { title: 'New checkout', environment: 'production', strategy: 'flag_only', flags, stages };
  const { id } = (await call('POST', RELEASES, { ...input, bakeSeconds: 60 })).body;
  await call('POST', `${RELEASES}/${id}/commands`, { command: 'start' });
  const abort = { command: 'abort', reason: 'enough' };
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, at) => servers[at % 2]?.call('POST', `${RELEASES}/${id}/commands`, abort)),
  );
  expect(answers.map((answer) => answer?.status)).toEqual(Array.from({ length: 8 }, () => 200));
  expect((await call('GET', `${RELEASES}/${id}`)).body.phase).toBe('aborted');
});

test('a fence is above that of whoever takes the release at the same moment', async () => {
  const { app, call } = await startApp();
  const { database } = app.bunting;
  await call('POST', FLAGS, { key: 'checkout', type: 'boolean' });
  const flags = [{ flag: 'checkout', candidate: 'on', baseline: 'off' }];
  const input = { title: 'New', environment: 'production', strategy: 'flag_only', flags };
  const { id } = (await call('POST', RELEASES, input)).body;
  const [a, b] = ['a', 'b'].map((holder) => new ReleaseLeases({ engine: 'postgres', database }, holder));
  await a?.claim([id]);
  const high = (a?.fenceOf(id) ?? 0) + 1_000_000;
  const other = await database.startTransaction().execute();
  await other.updateTable('release_leases').set({ holder: 'c', fence: high }).where('release_id', '=', id).execute();
  const taking = b?.claim([id], true);
  const waiting = async () => (await sql<object>`select from pg_locks where not granted`.execute(database)).rows.length;
  await expect.poll(waiting).toBeGreaterThan(0);
  await other.commit().execute();
  await taking;
  expect(b?.fenceOf(id)).toBeGreaterThan(high);
});
