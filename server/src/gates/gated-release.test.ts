import { expect, test } from 'vitest';
import { start } from './judged-release.test.fixture.ts';

const stage = (flagsPer100k: number, gates?: object[]) => ({
  ...{ flagsPer100k, soakSeconds: 10 },
  ...(gates === undefined ? {} : { gates }),
});
const errors = {
  ...{ kind: 'sequential', name: 'errors', of: { kind: 'flag' }, minRequests: 100 },
  test: { kind: 'relative_risk', alpha: 0.01, tolerance: 1 },
};
const crashes = {
  ...{ kind: 'sequential', name: 'crashes', of: { kind: 'flag' }, onFailure: 'rollback' },
  test: { kind: 'crash', alpha: 0.001, atMost: 0.05 },
};

/** A release under way, whose SDKs measure what they are told to, second by second. */
async function begin(spec: object) {
  const server = await start();
  const { call, clock, run, app } = server;
  const off = { enabled: true, defaultRule: { variant: 'off' } };
  await call('PATCH', '/projects/default/flags/checkout/environments/production', off);
  const { body: release } = await call('POST', '/projects/default/releases', {
    ...{ title: 'New checkout', environment: 'production', strategy: 'flag_only', bakeSeconds: 30 },
    flags: [{ flag: 'checkout', candidate: 'on', baseline: 'off' }],
    ...spec,
  });
  const command = (body: object) => call('POST', `/projects/default/releases/${release.id}/commands`, body);
  expect((await command({ command: 'start' })).body).toMatchObject({ phase: 'progressing' });
  const get = async () => (await call('GET', `/projects/default/releases/${release.id}`)).body;
  /** Goes on until the release is so, or for a while. */
  const passUntil = async (
    isSo: (release: { phase: string; stage: number }) => boolean,
    errorsOf: (share: number) => number,
  ) => {
    for (let second = 0; second < 120; second++) {
      const { flags, ...now } = await get();
      if (isSo(now)) return now;
      const share = (flags[0].weightPer100k ?? 0) / 100_000;
      const on = Math.round(200 * share);
      if (on > 0) run('on', on, Math.round(on * errorsOf(share)));
      if (on < 200) run('off', 200 - on, second % 4 === 0 ? 1 : 0);
      clock.nowMs += 1_000;
      await app.bunting.releaseEngine.look();
      await app.bunting.judging.gates.settle();
    }
    return get();
  };
  return { ...server, release, get, passUntil };
}

test('a release whose candidate does no harm goes from stage to stage as its gates pass, and succeeds', async () => {
  const { passUntil, call, release } = await begin({
    stages: [stage(20_000, [errors]), stage(50_000, [errors]), stage(100_000, [crashes])],
    watch: [crashes],
  });
  expect(
    await passUntil(
      ({ phase }) => phase === 'succeeded',
      () => 0,
    ),
  ).toMatchObject({ phase: 'succeeded' });
  const { items } = (await call('GET', `/projects/default/releases/${release.id}/gates`)).body;
  expect(items.map(({ stage, gate, verdict }: never) => [stage, (gate as { name: string }).name, verdict])).toEqual([
    [null, 'crashes', 'successful'],
    [0, 'errors', 'successful'],
    [1, 'errors', 'successful'],
    [2, 'crashes', 'successful'],
  ]);
});

test('a candidate that turns bad takes its release back at the stage where that shows, and says by what', async () => {
  const { passUntil, call, release } = await begin({
    stages: [stage(20_000, [errors]), stage(50_000, [errors]), stage(100_000)],
  });
  const ended = await passUntil(
    ({ phase }) => phase === 'aborted',
    (share) => (share > 0.3 ? 0.2 : 0),
  );
  expect(ended).toMatchObject({ phase: 'aborted', stage: 1 });
  const { items } = (await call('GET', `/projects/default/releases/${release.id}/decisions`)).body;
  expect(
    items.some(({ decision }: { decision: string }) => /Gate "errors" failed: Bad of the candidate: /.test(decision)),
  ).toBe(true);
});

test('what is watched takes a release back while it bakes', async () => {
  let isBaking = false;
  const { passUntil } = await begin({ stages: [stage(50_000), stage(100_000)], watch: [crashes], bakeSeconds: 100 });
  await passUntil(
    ({ phase }) => phase === 'baking',
    () => 0,
  );
  isBaking = true;
  const ended = await passUntil(
    ({ phase }) => phase === 'rolled_back',
    () => (isBaking ? 0.6 : 0),
  );
  expect(ended).toMatchObject({ phase: 'rolled_back' });
});

test('without traffic a release stays where it is, and says why', async () => {
  const { get, clock, app } = await begin({ stages: [stage(20_000, [errors]), stage(100_000)] });
  for (let second = 0; second < 120; second += 4) {
    clock.nowMs += 4_000;
    await app.bunting.releaseEngine.look();
    await app.bunting.judging.gates.settle();
  }
  const { phase, stage: at, waiting } = await get();
  expect([phase, at]).toEqual(['progressing', 0]);
  expect(waiting.join()).toMatch(/Gate "errors" cannot tell: There was no traffic for \d+ s/);
});
