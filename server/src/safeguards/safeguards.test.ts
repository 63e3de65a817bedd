import { DurationSketch, type Flag, markOf, type PathCount, SubjectSketch } from '@bunting/core';
import { expect, test } from 'vitest';
import { startProgram } from '../testing/programs.ts';
import { startApp } from '../testing/start-app.ts';

const ENVIRONMENT = '/projects/default/environments/production';
const SAFEGUARDS = `${ENVIRONMENT}/safeguards`;
const RELATIVE = { kind: 'relative_risk', alpha: 0.01, tolerance: 1 };
const CRASH = { kind: 'crash', alpha: 0.001, atMost: 0.05 };
const WORSE = {
  ...{ name: 'Worse', watch: { flag: 'checkout' }, metric: { kind: 'errors' }, test: RELATIVE, action: 'kill' },
};

async function start() {
  const server = await startApp();
  const { app, call } = server;
  await call('POST', '/projects/default/flags', { key: 'checkout', type: 'boolean', tags: ['shop'] });
  const half = {
    split: {
      weights: [
        { variant: 'on', weightPer100k: 50_000 },
        { variant: 'off', weightPer100k: 50_000 },
      ],
    },
  };
  const serve = (defaultRule: object) =>
    call('PATCH', '/projects/default/flags/checkout/environments/production', { enabled: true, defaultRule });
  expect((await serve(half)).status).toBe(200);
  const ruleset = app.bunting.rulesets.named('default', 'production');
  if (ruleset === undefined) throw new Error('there is no production');
  let seq = 0;
  /** What one instance measured, then a look at it. */
  const measure = async (...paths: Partial<PathCount>[]) => {
    app.bunting.measurements.record(
      ruleset,
      { instance: 'i' },
      {
        ...{ seq: ++seq, startMs: Date.now(), durationMs: 1_000 },
        paths: paths.map((path) => ({
          ...{ flag: 'checkout', variant: 'on', reason: 'SPLIT', path: 'run', count: 100, errors: 0 },
          ...path,
        })),
      },
    );
    await app.bunting.guards.watch.look();
  };
  const killed = async () => (await call('GET', `${ENVIRONMENT}/kills`)).body.items;
  const verdicts = async () => (await call('GET', `${ENVIRONMENT}/verdicts`)).body.items;
  return { ...server, measure, serve, killed, verdicts };
}

const off = { variant: 'off' };

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

test('safeguards are changed by who has seen them, deleted, audited, and gone with their environment', async () => {
  const { app, call } = await start();
  const { body: made } = await call('POST', SAFEGUARDS, WORSE);
  const path = `${SAFEGUARDS}/${made.id}`;
  const { body: patched } = await call('PATCH', path, { mode: 'dry_run' }, { 'if-match': '"1"' });
  expect(patched).toMatchObject({ mode: 'dry_run', version: 2 });
  expect((await call('PATCH', path, { enabled: false }, { 'if-match': '"1"' })).status).toBe(412);
  expect((await call('GET', SAFEGUARDS)).body.items).toHaveLength(1);
  expect((await call('DELETE', path)).status).toBe(204);
  expect((await call('GET', path)).status).toBe(404);
  const { body } = await call('GET', '/audit?project=default&environment=production');
  const actions = body.items.map(({ action }: { action: string }) => action);
  expect(actions).toEqual(expect.arrayContaining(['safeguard.created', 'safeguard.updated', 'safeguard.deleted']));

  const { body: last } = await call('POST', SAFEGUARDS, WORSE);
  expect(app.bunting.guards.book.find(last.id)).toBeDefined();
  await call('DELETE', `${ENVIRONMENT}?confirm=production`);
  expect(app.bunting.guards.book.find(last.id)).toBeUndefined();
});

test('the standard set is one call, and turns on slices of the flag', async () => {
  const { call } = await start();
  const { status, body } = await call('POST', `${SAFEGUARDS}/standard`, { watch: { flag: 'checkout' } });
  expect([status, body.items.map((each: { action: string }) => each.action)]).toEqual([201, ['kill', 'pause', 'kill']]);
  const { body: flag } = await call('GET', '/projects/default/flags/checkout');
  expect(flag.environments.production.slices).toBe(true);
  const [crash] = (await call('GET', SAFEGUARDS)).body.items;
  expect(crash.watching).toMatchObject([
    { flag: 'checkout', variant: null, silence: expect.stringContaining('flags.run') },
  ]);
});

test('what could never find anything is refused with what to do', async () => {
  const { call } = await start();
  const refused = async (fields: object) => {
    const { status, body } = await call('POST', SAFEGUARDS, { ...WORSE, ...fields });
    return [status, body.details?.[0]?.path ?? body.details?.problems?.[0]?.path];
  };
  expect(await refused({ metric: { kind: 'latency' } })).toEqual([400, 'metric.aboveMs']);
  expect(await refused({ metric: { kind: 'mismatches', path: 'read' } })).toEqual([400, 'test.kind']);
  expect(await refused({ candidate: 'on', baseline: 'on' })).toEqual([400, 'baseline']);
  expect(await refused({ test: { ...RELATIVE, alpha: 2 } })).toEqual([400, 'test.alpha']);
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
  const { app, call, measure, verdicts } = await start();
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
  const ruleset = app.bunting.rulesets.named('default', 'production');
  if (ruleset === undefined) throw new Error('there is no production');
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

test('a split that gives too few subjects to a variant is noticed; one that gives each its share is not', async () => {
  const { app, call, measure, serve, verdicts } = await start();
  const test = { kind: 'sample_ratio', alpha: 0.001 };
  const ratio = { ...WORSE, name: 'Ratio', metric: { kind: 'exposures' }, test, action: 'pause', mode: 'dry_run' };
  const { status, body: made } = await call('POST', SAFEGUARDS, ratio);
  expect(status).toBe(201);
  const silence = async () => (await call('GET', `${SAFEGUARDS}/${made.id}`)).body.watching[0].silence;
  expect(await silence()).toContain('by a split for the first time');
  const markNow = () => {
    const item = app.bunting.rulesets.named('default', 'production')?.item('flag', 'checkout');
    const { defaultRule, slices } = JSON.parse(item?.json ?? '') as Flag;
    expect(slices).toBe(true);
    if (!('split' in defaultRule)) throw new Error('is no split');
    return markOf(defaultRule.split);
  };
  let subject = 0;
  const expose = async (mark: number, on: number, others: number) => {
    const firsts = (count: number) => ({
      ...{ count: 0, errors: 0 },
      firsts: { mark, hashes: Array.from({ length: count }, () => Math.imul(++subject, 0x9e3779b1) >>> 0) },
    });
    await measure(firsts(on), { ...off, ...firsts(others) });
  };
  const half = markNow();
  for (let i = 0; i < 10; i++) await expose(half, 500, 500);
  expect(await verdicts()).toEqual([]);
  // By another split 40 % are due, and what comes of the one before says nothing of it.
  await serve({
    split: {
      weights: [
        { variant: 'on', weightPer100k: 40_000 },
        { variant: 'off', weightPer100k: 60_000 },
      ],
    },
  });
  for (let i = 0; i < 10; i++) {
    await expose(markNow(), 200, 300);
    await expose(half, 500, 500);
  }
  expect(await verdicts()).toEqual([]);
  for (let i = 0; i < 5; i++) await expose(markNow(), 250, 250);
  await expect.poll(verdicts).toMatchObject([
    {
      ...{ flag: 'checkout', variant: 'on', baseline: 'off', action: 'pause', test: { ...test, expected: 0.4 } },
      summary: expect.stringMatching(
        /^checkout: "on" is served to .* subjects of its split, 4\d %, where 40 % are due$/,
      ),
    },
  ]);
  const [{ id, summary }] = await verdicts();
  const { body: replayed } = await call('POST', `${ENVIRONMENT}/verdicts/${id}/replay`, {});
  expect(replayed).toMatchObject({ verdict: 'failed', same: true });
  const { body: why } = await call('GET', `${ENVIRONMENT}/verdicts/${id}/explain`);
  expect(why.sentences[0]).toBe(`${summary}.`);
  expect(why.sentences.join(' ')).toContain('for the first time');
});

test('a safeguard of the sample ratio counts exposures, takes the share from the split, and kills nothing', async () => {
  const { call, serve } = await start();
  const test = { kind: 'sample_ratio', alpha: 0.001 };
  const ratio = { ...WORSE, name: 'Ratio', metric: { kind: 'exposures' }, test, action: 'notify' };
  const problemsOf = async (changed: object) => {
    const { status, body } = await call('POST', SAFEGUARDS, { ...ratio, ...changed });
    expect(status).toBe(400);
    return (body.details.problems ?? body.details).map(({ path }: { path: string }) => path);
  };
  expect(await problemsOf({ metric: { kind: 'errors' } })).toEqual(['metric.kind']);
  expect(await problemsOf({ test: RELATIVE })).toEqual(['metric.kind']);
  expect(await problemsOf({ action: 'kill' })).toEqual(['action']);
  expect(await problemsOf({ test: { ...test, expected: 0.5 } })).toEqual(['test.expected']);
  await serve({ variant: 'on' });
  const { body: made } = await call('POST', SAFEGUARDS, ratio);
  expect(made.watching).toMatchObject([{ flag: 'checkout', silence: expect.stringContaining('No split') }]);
});

/** What several instances measured in the same second, then a look at it: 100 runs of `on` each. */
async function fleet() {
  const server = await start();
  const { app } = server;
  const ruleset = app.bunting.rulesets.named('default', 'production');
  if (ruleset === undefined) throw new Error('there is no production');
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

test('a patch takes away what it says is null', async () => {
  const { call } = await start();
  const { body: made } = await call('POST', SAFEGUARDS, { ...WORSE, candidate: 'on', deploy: { newest: true } });
  const { status, body } = await call('PATCH', `${SAFEGUARDS}/${made.id}`, { candidate: null, deploy: null });
  expect(status).toBe(200);
  expect(body).toMatchObject({ name: 'Worse', version: 2 });
  expect(Object.keys(body)).not.toContain('candidate');
  expect(Object.keys(body)).not.toContain('deploy');
});

test('those that watch one flag are listed, by its name, its tags or whatever is measured, with what they see of it', async () => {
  const { call, measure } = await start();
  await call('POST', '/projects/default/flags', { key: 'other', type: 'boolean' });
  const named = (name: string, watch: object) => call('POST', SAFEGUARDS, { ...WORSE, name, watch });
  await named('Key', { flag: 'checkout' });
  await named('Tag', { tag: 'shop' });
  await named('All', { measured: true });
  await named('Other', { flag: 'other' });
  await measure({ errors: 1 }, off, { flag: 'other' });
  const list = async (query: string) => (await call('GET', `${SAFEGUARDS}?${query}`)).body;
  const { items } = await list('flag=checkout');
  expect(items.map(({ name }: { name: string }) => name)).toEqual(['Key', 'Tag', 'All']);
  for (const { watching } of items) expect(watching).toMatchObject([{ flag: 'checkout', variant: 'on' }]);
  const first = await list('flag=checkout&limit=2');
  expect(first.items).toHaveLength(2);
  expect((await list(`flag=checkout&limit=2&cursor=${first.nextCursor}`)).items).toMatchObject([{ name: 'All' }]);
});

test('coverage tells flags that nobody watches, and those of which nothing would be seen; what is off or killed is left out', async () => {
  const { call } = await start();
  for (const key of ['alone', 'quiet', 'switched-off', 'killed']) {
    await call('POST', '/projects/default/flags', { key, type: 'boolean' });
    const enabled = key !== 'switched-off';
    await call('PATCH', `/projects/default/flags/${key}/environments/production`, { enabled });
  }
  await call('POST', '/projects/default/flags/killed/environments/production/kill', { reason: 'no' });
  await call('POST', SAFEGUARDS, WORSE);
  await call('POST', SAFEGUARDS, { ...WORSE, watch: { flag: 'quiet' }, test: CRASH });
  const sample = { metric: { kind: 'exposures' }, test: { kind: 'sample_ratio', alpha: 0.01 }, action: 'notify' };
  await call('POST', SAFEGUARDS, { ...WORSE, watch: { flag: 'alone' }, ...sample });
  const coverage = async (query = '') => (await call('GET', `${SAFEGUARDS}/coverage${query}`)).body;
  expect(await coverage('?sight=blind')).toMatchObject({
    ...{ watched: 0, blind: 2, unwatched: 1 },
    items: [
      { flag: 'checkout', safeguards: 1 },
      { flag: 'quiet', why: expect.stringContaining('flags.run') },
    ],
  });
  const { items, nextCursor } = await coverage('?limit=1');
  expect(items).toMatchObject([{ flag: 'alone' }]);
  expect((await coverage(`?limit=1&cursor=${nextCursor}`)).items).toMatchObject([{ flag: 'checkout' }]);
});

test('nobody lets safeguards do what they may not do themselves', async () => {
  const server = await start();
  const role = { name: 'Guards', permissions: ['project:read', 'signal:read', 'safeguard:write'] };
  await server.call('PUT', '/roles/guards', role);
  const { headers } = await startProgram(server, 'guards', { project: 'default' });
  const create = (definition: object) => server.call('POST', SAFEGUARDS, { ...WORSE, ...definition }, headers);
  expect((await create({ action: 'kill' })).body.message).toContain('kill:engage');
  expect((await create({ action: 'pause' })).body.message).toContain('targeting:write');
  expect((await create({ action: 'abort' })).body.message).toContain('release:write');
  const standard = await server.call('POST', `${SAFEGUARDS}/standard`, { watch: WORSE.watch }, headers);
  expect([standard.status, standard.body.code]).toEqual([403, 'forbidden']);
  expect((await create({ action: 'notify' })).status).toBe(201);
  const { status, body } = await create({ mode: 'dry_run' });
  expect(status).toBe(201);
  const update = (patch: object) => server.call('PATCH', `${SAFEGUARDS}/${body.id}`, patch, headers);
  expect((await update({ mode: 'armed' })).body.message).toContain('kill:engage');
  // Whoever may change one may always turn it off.
  await server.call('PATCH', `${SAFEGUARDS}/${body.id}`, { mode: 'armed' });
  expect((await update({ enabled: false })).body).toMatchObject({ enabled: false, mode: 'armed' });
});
