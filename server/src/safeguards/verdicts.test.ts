import { DurationSketch, SubjectSketch } from '@bunting/core';
import { expect, test } from 'vitest';
import { CRASH, ENVIRONMENT, off, RELATIVE, SAFEGUARDS, start, WORSE } from './scene.test.fixture.ts';

test('a variant that fails more often than the one beside it is killed, and nobody acts', async () => {
  const { call, measure, killed, verdicts } = await start();
  const { status, body: made } = await call('POST', SAFEGUARDS, WORSE);
  expect([status, made]).toEqual([
    201,
    expect.objectContaining({ ...WORSE, mode: 'armed', enabled: true, version: 1 }),
  ]);
  await measure({ errors: 1 }, { ...off, errors: 1 });
  expect(await killed()).toEqual([]);
  await measure({ errors: 30 }, off);
  await expect.poll(killed).toMatchObject([
    {
      flag: 'checkout',
      by: { kind: 'safeguard', name: 'Worse' },
      reason: expect.stringContaining('31 times as often'),
    },
  ]);
  await expect.poll(verdicts).toMatchObject([
    {
      ...{ flag: 'checkout', variant: 'on', baseline: 'off', action: 'kill', mode: 'armed' },
      ...{ test: RELATIVE, outcomes: [{ action: 'kill', result: 'acted' }] },
      summary: 'checkout: "on" fails 31 times as often as "off" (31 of 200, 1 of 200)',
    },
  ]);
  expect((await call('GET', `${SAFEGUARDS}/${made.id}`)).body.failedAt).not.toBeNull();
});

test('a verdict is explained, replayed bit for bit, and with other parameters', async () => {
  const { call, measure, verdicts } = await start();
  await call('POST', SAFEGUARDS, WORSE);
  for (let i = 0; i < 20; i++) await measure({ errors: 2 }, off);
  await expect.poll(async () => (await verdicts()).length).toBe(1);
  const [verdict] = await verdicts();
  const path = `${ENVIRONMENT}/verdicts/${verdict.id}`;
  const { body: same } = await call('POST', `${path}/replay`, {});
  expect(same).toMatchObject({ verdict: 'failed', same: true, logE: verdict.logE, threshold: verdict.threshold });
  expect(same.points.at(-1).logE).toBe(verdict.logE);
  const { body: strict } = await call('POST', `${path}/replay`, { alpha: 1e-6 });
  expect(strict).toMatchObject({ verdict: 'pending', same: false, failedAt: null });
  const { body: other } = await call('POST', `${path}/replay`, {
    test: { kind: 'ceiling', alpha: 0.01, atMost: 0.001 },
  });
  expect(other).toMatchObject({ verdict: 'failed', test: { kind: 'ceiling' } });
  const { body: why } = await call('GET', `${path}/explain`);
  expect(why.sentences).toEqual(
    expect.arrayContaining([`${verdict.summary}.`, expect.stringContaining('default rule')]),
  );
  const { body: audit } = await call('GET', `/audit?project=default&action=safeguard.failed`);
  expect(audit.items[0].after).toMatchObject({ verdict: verdict.id, hash: verdict.hash });
});

test('a dry run says what it would have done', async () => {
  const { call, measure, killed, verdicts } = await start();
  await call('POST', SAFEGUARDS, { ...WORSE, mode: 'dry_run' });
  await measure({ errors: 50 }, off);
  await measure({ errors: 50 }, off);
  await expect.poll(verdicts).toMatchObject([{ mode: 'dry_run', outcomes: [{ result: 'would_have' }] }]);
  expect(await killed()).toEqual([]);
});

test('what no split chose is not compared: only the crash test and ceilings look at it', async () => {
  const { call, measure, killed } = await start();
  const { body: compared } = await call('POST', SAFEGUARDS, WORSE);
  await measure({ reason: 'TARGETING_MATCH', ruleId: 'r', errors: 90 }, off);
  expect(await killed()).toEqual([]);
  expect((await call('GET', `${SAFEGUARDS}/${compared.id}`)).body.watching).toMatchObject([
    { flag: 'checkout', variant: 'on', silence: expect.stringContaining('no traffic') },
  ]);
  await call('POST', SAFEGUARDS, { ...WORSE, name: 'Crash', test: CRASH });
  await measure({ reason: 'TARGETING_MATCH', ruleId: 'r', count: 10, errors: 10 });
  await expect.poll(killed).toMatchObject([{ by: { name: 'Crash' } }]);
});

test('two rules are never compared with each other', async () => {
  const { call, measure, killed } = await start();
  await call('POST', SAFEGUARDS, WORSE);
  for (let i = 0; i < 10; i++) await measure({ ruleId: 'a', errors: 20 }, { ...off, ruleId: 'b' });
  expect(await killed()).toEqual([]);
});

test('after a re-arm it begins anew, without what it had seen', async () => {
  const { call, measure, killed } = await start();
  const { body: made } = await call('POST', SAFEGUARDS, WORSE);
  await measure({ errors: 50 }, off);
  await expect.poll(killed).toHaveLength(1);
  await call('POST', '/projects/default/flags/checkout/environments/production/rearm', { reason: 'mended' });
  expect(await killed()).toEqual([]);
  await measure({ errors: 1 }, { ...off, errors: 1 });
  expect(await killed()).toEqual([]);
  const { states } = (await call('GET', `${SAFEGUARDS}/${made.id}/state`)).body;
  expect(states).toMatchObject([{ points: [{ candidate: { count: 100, bad: 1 } }] }]);
  await measure({ errors: 50 }, off);
  await expect.poll(killed).toHaveLength(1);
});

test('a safeguard of a tag or of all that is measured watches what it does not name', async () => {
  const { call, measure, verdicts } = await start();
  await call('POST', SAFEGUARDS, { ...WORSE, watch: { tag: 'shop' }, mode: 'dry_run', name: 'Tagged' });
  await call('POST', SAFEGUARDS, { ...WORSE, watch: { measured: true }, mode: 'dry_run', name: 'All' });
  await call('POST', SAFEGUARDS, { ...WORSE, watch: { tag: 'other' }, mode: 'dry_run', name: 'Other' });
  const silences = async () => {
    const { items } = (await call('GET', SAFEGUARDS)).body;
    return items.map((each: { watching: { flag: string; silence: string }[] }) => each.watching[0]?.silence);
  };
  expect(await silences()).toEqual([
    expect.stringContaining('checkout\'s path "run"'),
    expect.stringContaining('Nothing has been measured in production'),
    'No flag has the tag "other".',
  ]);
  await measure({ errors: 50 }, off);
  await expect
    .poll(async () => (await verdicts()).map(({ safeguard }: { safeguard: { name: string } }) => safeguard.name).sort())
    .toEqual(['All', 'Tagged']);
  await call('POST', '/projects/default/flags/checkout/environments/production/kill', { reason: 'by hand' });
  expect((await silences()).slice(0, 2)).toEqual([
    expect.stringContaining('checkout is killed'),
    expect.stringContaining('checkout is killed'),
  ]);
});

test('events are compared by what is good and what is bad of them, values by a limit', async () => {
  const { call, measure, killed, verdicts } = await start();
  const metric = { kind: 'events', bad: 'payment.failed', good: 'payment.done' };
  await call('POST', SAFEGUARDS, { ...WORSE, name: 'Payments', metric, mode: 'dry_run' });
  const values = { kind: 'values', event: 'wait-s', above: 10 };
  await call('POST', SAFEGUARDS, { ...WORSE, name: 'Waits', metric: values });
  const waits = (...seconds: number[]) => {
    const sketch = new DurationSketch();
    for (const each of seconds) sketch.add(each * 1000);
    return { path: 'event:wait-s' as const, count: seconds.length, durations: sketch.encode() };
  };
  const quick = Array.from({ length: 40 }, () => 1);
  await measure(
    { path: 'event:payment.done', count: 50 },
    { path: 'event:payment.failed', count: 50 },
    { ...off, path: 'event:payment.done', count: 100 },
    waits(...quick),
    { ...off, ...waits(...quick) },
  );
  await expect
    .poll(verdicts)
    .toMatchObject([{ safeguard: { name: 'Payments' }, summary: expect.stringContaining('(50 of 100, 0 of 100)') }]);
  expect(await killed()).toEqual([]);
  await measure(waits(...quick.map(() => 60)), { ...off, ...waits(...quick) });
  await expect.poll(killed).toMatchObject([{ by: { name: 'Waits' } }]);
});

test('what is slow is compared at each threshold; results that differ are looked at by a ceiling', async () => {
  const { app, ruleset, call, measure, verdicts } = await start();
  const test = { kind: 'latency', alpha: 0.01, tolerance: 1, thresholdsMs: [100, 1_000] };
  const dry = { ...WORSE, mode: 'dry_run', action: 'notify' };
  await call('POST', SAFEGUARDS, { ...dry, name: 'Slow', metric: { kind: 'latency' }, test });
  const ceiling = { kind: 'ceiling', alpha: 0.01, atMost: 0.01 };
  const metric = { kind: 'mismatches', path: 'shadow' };
  await call('POST', SAFEGUARDS, { ...dry, name: 'Differs', metric, test: ceiling });
  const took = (ms: number) => {
    const sketch = new DurationSketch();
    for (let i = 0; i < 100; i++) sketch.add(ms * 1000);
    return { durations: sketch.encode() };
  };
  await measure(took(20), { ...off, ...took(20) });
  await measure({ ...took(400) }, { ...off, ...took(20) });
  app.bunting.measurements.record(
    ruleset,
    { instance: 'j' },
    {
      ...{ seq: 1, startMs: Date.now(), durationMs: 1_000, paths: [] },
      comparisons: [{ flag: 'checkout', variant: 'on', path: 'shadow', compared: 100, mismatched: 30, skipped: 0 }],
    },
  );
  await measure();
  await expect
    .poll(async () => (await verdicts()).map((each: { summary: string }) => each.summary).sort())
    .toEqual([
      'checkout: "on" differs in 30 % of all cases (30 of 100), where 1 % is allowed',
      'checkout: "on" is slow in 50 % of all cases, "off" never (100 of 200, 0 of 200)',
    ]);
});

test('one who tries again and again is no crash', async () => {
  const { call, measure, killed } = await start();
  await call('POST', SAFEGUARDS, { ...WORSE, name: 'Crash', test: CRASH });
  const failing = (...names: string[]) => {
    const sketch = new SubjectSketch();
    for (const name of names) sketch.add(name);
    return sketch.encode();
  };
  for (let i = 0; i < 2; i++) {
    await measure({ count: 40, errors: 20, failing: failing('ann') }, { ...off, count: 400 });
  }
  expect(await killed()).toEqual([]);
  const many = Array.from({ length: 20 }, (_, at) => `user-${at}`);
  await measure({ count: 40, errors: 20, failing: failing(...many) }, { ...off, count: 400 });
  await expect.poll(killed).toMatchObject([{ by: { name: 'Crash' } }]);
});

test('an outage of both sides is no crash of one, also in seconds in which the other one does not run', async () => {
  const { call, measure, killed, serve } = await start();
  await call('POST', SAFEGUARDS, { ...WORSE, name: 'Crash', test: { ...CRASH, periodMs: 60_000 } });
  for (let i = 0; i < 20; i++) {
    await measure({ count: 3, errors: 3 });
    await measure({ ...off, count: 3, errors: 3 });
  }
  expect(await killed()).toEqual([]);
  // At 100 % there is nobody to compare with.
  await serve({ split: { weights: [{ variant: 'on', weightPer100k: 100_000 }] } });
  for (let i = 0; i < 3; i++) await measure({ count: 3, errors: 3 });
  await expect.poll(killed).toMatchObject([{ by: { name: 'Crash' } }]);
});

test('a safeguard of a kind that only newer servers know keeps no other from being judged', async () => {
  const { app, call, measure, killed, logs } = await start();
  const { body: made } = await call('POST', SAFEGUARDS, { ...WORSE, name: 'Newer', mode: 'dry_run' });
  await call('POST', SAFEGUARDS, WORSE);
  const definition = JSON.stringify({ ...WORSE, mode: 'armed', enabled: true, test: { kind: 'oracle' } });
  await app.bunting.database.updateTable('safeguards').set({ definition }).where('id', '=', made.id).execute();
  // Any change of safeguards has them read anew.
  await call('POST', SAFEGUARDS, { ...WORSE, watch: { flag: 'another' } });
  for (let i = 0; i < 2; i++) await measure({ errors: 30 }, off);
  await expect.poll(killed).toMatchObject([{ by: { name: 'Worse' } }]);
  expect(logs.filter((line) => line.includes('a safeguard cannot be judged'))).toHaveLength(1);
});
