import { expect, test } from 'vitest';
import { ENVIRONMENT, SAFEGUARDS, start, WORSE } from './scene.test.fixture.ts';

/** What several instances measured in the same second, then a look at it: 100 runs of `on` each. */
async function fleet() {
  const server = await start();
  const { app, ruleset } = server;
  let seq = 0;
  const run = async (...hosts: { instance: string; version?: string; errors: number; offErrors?: number }[]) => {
    seq += 1;
    for (const { instance, version, errors, offErrors = 0 } of hosts) {
      const path = { flag: 'checkout', reason: 'SPLIT', path: 'run', count: 100 } as const;
      const paths = [
        { ...path, variant: 'on', errors },
        { ...path, variant: 'off', errors: offErrors },
      ];
      const window = { seq, startMs: Date.now(), durationMs: 1_000, paths };
      app.bunting.measurements.record(ruleset, { instance, ...(version === undefined ? {} : { version }) }, window);
    }
    await app.bunting.guards.watch.look();
  };
  const explained = async () => {
    const [verdict] = await server.verdicts();
    return (await server.call('GET', `${ENVIRONMENT}/verdicts/${verdict.id}/explain`)).body.sentences;
  };
  return { ...server, run, explained };
}

test('an instance and a version that alone are bad are named when a verdict is explained', async () => {
  const { call, run, verdicts, explained } = await fleet();
  await call('POST', SAFEGUARDS, { ...WORSE, mode: 'dry_run' });
  const fine = { errors: 0, version: '1.0.0' };
  await run({ instance: 'a', ...fine }, { instance: 'b', ...fine }, { instance: 'c', errors: 60, version: '1.1.0' });
  await expect.poll(verdicts).toMatchObject([
    {
      baseline: 'off',
      alone: [
        { kind: 'version', name: '1.1.0', count: 100, bad: 60, others: { groups: 1, count: 200, bad: 0 } },
        { kind: 'instance', name: 'c', count: 100, bad: 60, others: { groups: 2, count: 200, bad: 0 } },
      ],
    },
  ]);
  expect(await explained()).toContain(
    'The instance c was bad in 60 of 100, the 2 other instances together in 0 of 200: look there first.',
  );
});

test('of a safeguard of one version, only what that version measured counts', async () => {
  const { call, run, verdicts, killed } = await fleet();
  await call('POST', SAFEGUARDS, { ...WORSE, deploy: { version: '1.1.0' } });
  for (let i = 0; i < 5; i++) {
    await run({ instance: 'a', version: '1.0.0', errors: 60 }, { instance: 'b', version: '1.1.0', errors: 0 });
  }
  expect(await killed()).toEqual([]);
  await run({ instance: 'b', version: '1.1.0', errors: 60 });
  await expect.poll(verdicts).toMatchObject([
    {
      ...{ baseline: 'off', deploy: { version: '1.1.0', isCompared: false }, outcomes: [{ result: 'acted' }] },
      summary: 'checkout: "on" of version 1.1.0 fails in 10 % of all cases, "off" never (60 of 600, 0 of 600)',
    },
  ]);
});

test('the newest version is compared with the others that run beside it, each variant with itself', async () => {
  const { call, run, verdicts, explained } = await fleet();
  const { body: made } = await call('POST', SAFEGUARDS, { ...WORSE, deploy: { newest: true }, mode: 'dry_run' });
  const silences = async () => {
    const { watching } = (await call('GET', `${SAFEGUARDS}/${made.id}`)).body;
    return watching.map(({ silence }: { silence: string }) => silence);
  };
  expect(await silences()).toEqual([expect.stringContaining('which version is newest')]);
  // Alone, whatever the baseline does; and worse than "off" in both versions alike.
  await run({ instance: 'b', version: '1.1.0', errors: 60 });
  expect(await silences()).toEqual(['No other version runs beside 1.1.0: there is nothing to compare with.']);
  const before = { instance: 'a', version: '1.0.0' };
  for (let i = 0; i < 5; i++) await run({ ...before, errors: 60 }, { instance: 'b', version: '1.1.0', errors: 60 });
  expect(await verdicts()).toEqual([]);
  for (let i = 0; i < 3; i++) await run({ ...before, errors: 10 }, { instance: 'b', version: '1.1.0', errors: 90 });
  await expect.poll(verdicts).toMatchObject([
    {
      ...{ variant: 'on', baseline: null, deploy: { version: '1.1.0', isCompared: true } },
      summary: expect.stringMatching(
        /^checkout: "on" of version 1\.1\.0 fails [\d.]+ times as often as in other versions/,
      ),
    },
  ]);
  expect(await explained()).toContainEqual(expect.stringContaining('in the versions that ran beside it'));
});

test('a deploy is refused where no version is known, or nothing tells them apart', async () => {
  const { call } = await start();
  const pathOf = async (fields: object) =>
    (await call('POST', SAFEGUARDS, { ...WORSE, deploy: { newest: true }, ...fields })).body.details?.[0]?.path;
  expect(await pathOf({ test: { kind: 'placebo_rank', alpha: 0.01 } })).toBe('deploy');
  expect(await pathOf({ baseline: 'off' })).toBe('baseline');
  const exposures = { metric: { kind: 'exposures' }, test: { kind: 'sample_ratio', alpha: 0.01 }, action: 'notify' };
  expect(await pathOf(exposures)).toBe('deploy');
});
