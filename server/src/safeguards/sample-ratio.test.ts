import { type Flag, markOf } from '@bunting/core';
import { expect, test } from 'vitest';
import { ENVIRONMENT, off, RELATIVE, SAFEGUARDS, start, WORSE } from './scene.test.fixture.ts';

test('a split that gives too few subjects to a variant is noticed; one that gives each its share is not', async () => {
  const { ruleset, call, measure, serve, verdicts } = await start();
  const test = { kind: 'sample_ratio', alpha: 0.001 };
  const ratio = { ...WORSE, name: 'Ratio', metric: { kind: 'exposures' }, test, action: 'pause', mode: 'dry_run' };
  const { status, body: made } = await call('POST', SAFEGUARDS, ratio);
  expect(status).toBe(201);
  const silence = async () => (await call('GET', `${SAFEGUARDS}/${made.id}`)).body.watching[0].silence;
  expect(await silence()).toContain('by a split for the first time');
  const markNow = () => {
    const item = ruleset.item('flag', 'checkout');
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
