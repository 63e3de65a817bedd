import { expect, test, vi } from 'vitest';
import { MemoryTarget } from '../testing/memory-target.ts';
import { startApp } from '../testing/start-app.ts';

const RELEASES = '/projects/default/releases';
const CANARY = {
  title: 'Shop 2',
  environment: 'production',
  strategy: 'canary',
  flags: [{ flag: 'checkout', candidate: 'on', baseline: 'off' }],
  traffic: { target: 'shop', candidate: 'v2', baseline: 'v1' },
  stages: [
    { trafficPer100k: 20_000, flagsPer100k: 10_000, soakSeconds: 600 },
    { trafficPer100k: 100_000, flagsPer100k: 100_000, soakSeconds: 600 },
  ],
  bakeSeconds: 60,
};

/** A canary in its first stage, of which every second 50 runs of each kind are measured. */
async function startCanary() {
  const clock = { nowMs: Date.parse('2026-05-04T00:00:00Z') };
  const { app, call } = await startApp({ now: () => clock.nowMs });
  const target = new MemoryTarget();
  vi.spyOn(app.bunting.trafficTargets, 'open').mockResolvedValue(target);
  await call('POST', '/projects/default/flags', { key: 'checkout', type: 'boolean' });
  const off = { enabled: true, defaultRule: { variant: 'off' } };
  await call('PATCH', '/projects/default/flags/checkout/environments/production', off);
  const { id } = (await call('POST', RELEASES, CANARY)).body;
  const command = async (body: object) => (await call('POST', `${RELEASES}/${id}/commands`, body)).body;
  await command({ command: 'start' });
  const decisions = async () => (await call('GET', `${RELEASES}/${id}/decisions`)).body;
  const get = async () => (await call('GET', `${RELEASES}/${id}`)).body;
  const out = async () => [target.observed.candidatePer100k, (await get()).flags[0]?.weightPer100k];
  expect(await out()).toEqual([20_000, 10_000]);
  const ruleset = app.bunting.rulesets.named('default', 'production');
  if (ruleset === undefined) throw new Error('there is no production');
  let seq = 0;
  const runFor = async (seconds: number, errors: { readonly deploy: number; readonly flag: number }) => {
    for (let second = 0; second < seconds; second++) {
      seq += 1;
      for (const version of ['v1', 'v2']) {
        const ofVersion = version === 'v2' ? errors.deploy : 0;
        const paths = ['off', 'on'].map((variant) => ({
          ...({ flag: 'checkout', variant, reason: 'SPLIT', path: 'run', count: 50 } as const),
          errors: ofVersion + (variant === 'on' && version === 'v2' ? errors.flag : 0),
        }));
        const window = { seq, startMs: clock.nowMs, durationMs: 1_000, paths };
        app.bunting.measurements.record(ruleset, { instance: version, version }, window);
      }
      clock.nowMs += 1_000;
      await app.bunting.releaseEngine.look();
    }
  };
  return { get, out, command, decisions, runFor };
}

test('where the flag alone is guilty, it goes back, traffic stays, and a person decides', async () => {
  const { get, out, command, decisions, runFor } = await startCanary();
  await runFor(20, { deploy: 0, flag: 0 });
  expect((await get()).pauses).toEqual([]);
  await runFor(20, { deploy: 0, flag: 5 });
  expect(await get()).toMatchObject({
    phase: 'progressing',
    pauses: [{ cause: 'blame', reason: expect.stringMatching(/^Flag "checkout": in version v2, "on" fails in/) }],
  });
  expect(await out()).toEqual([20_000, 0]);
  const { items } = await decisions();
  expect(
    items.find(({ decision }: { decision: string }) => decision.endsWith('The flags go back.')).facts.blame,
  ).toMatchObject({
    ...{ guilty: 'flag', line: expect.closeTo(Math.log(200)) },
    evidence: [{ flag: 'checkout', comparisons: { flag: expect.any(Array), deploy: expect.any(Array) } }],
  });
  await command({ command: 'abort', reason: 'seen' });
  expect(await out()).toEqual([0, 0]);
});

test('where the deploy is guilty, everything goes back', async () => {
  const { get, out, runFor } = await startCanary();
  await runFor(40, { deploy: 5, flag: 0 });
  expect((await get()).phase).toBe('aborted');
  expect(await out()).toEqual([0, 0]);
});
