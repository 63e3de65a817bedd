import { expect, test } from 'vitest';
import { Metrics } from '../metrics/metrics.ts';
import { Rulesets } from '../rulesets/rulesets.ts';
import { Admissions } from './admissions.ts';
import { TokenBucket } from './token-bucket.ts';
import { Turns } from './turns.ts';

function start(options: { admitsPerSecond?: number; snapshotBytesPerSecond?: number; maxWaitMs?: number } = {}) {
  const metrics = new Metrics(new Rulesets(() => {}));
  const turns = new Turns({ maxTurnMs: 3, observe: () => {}, report: (error) => expect.unreachable(String(error)) });
  const { snapshotBytesPerSecond = 1e9, ...paces } = { admitsPerSecond: 1_000, maxWaitMs: 1e6, ...options };
  const snapshotBytes = new TokenBucket(snapshotBytesPerSecond);
  return { metrics, snapshotBytes, admissions: new Admissions({ ...paces, snapshotBytes, turns, metrics }) };
}

const outcomes = async (metrics: Metrics) =>
  Object.fromEntries((await metrics.admissions.get()).values.map(({ labels, value }) => [labels.outcome, value]));

test('one who comes alone is let in at once', async () => {
  const { admissions, metrics } = start();
  let isIn = false;
  expect(admissions.turnAway()).toBeUndefined();
  admissions.enter(() => {
    isIn = true;
  });
  expect(isIn).toBe(true);
  expect(await outcomes(metrics)).toEqual({ at_once: 1 });
});

test('a crowd is let in at the pace, in the order in which it came', async () => {
  const { admissions, metrics } = start({ admitsPerSecond: 1_000 });
  const entered: number[] = [];
  const startMs = performance.now();
  for (let at = 0; at < 300; at++) admissions.enter(() => entered.push(at));
  // A tenth of a second's worth goes at once.
  expect(entered.length).toBeGreaterThanOrEqual(100);
  expect(entered.length).toBeLessThan(200);
  expect((await metrics.admissionQueue.get()).values[0]?.value).toBe(300 - entered.length);
  await expect.poll(() => entered.length).toBe(300);
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(190);
  expect(entered).toEqual(Array.from({ length: 300 }, (_, at) => at));
  expect((await metrics.admissionQueue.get()).values[0]?.value).toBe(0);
});

test('those for whom the wait would be too long are sent away, each for a time of its own', async () => {
  const { admissions, metrics } = start({ admitsPerSecond: 10, maxWaitMs: 1_000 });
  for (let at = 0; at < 30; at++) if (admissions.turnAway() === undefined) admissions.enter(() => {});
  const times = Array.from({ length: 5 }, () => admissions.turnAway() ?? 0);
  for (const [at, retryAfterMs] of times.entries()) {
    expect(retryAfterMs).toBeGreaterThan(1_000);
    // 100 ms for each of those who were sent away before.
    if (at > 0) expect(retryAfterMs - (times[at - 1] ?? 0)).toBeGreaterThan(80);
  }
  const { sent_away, after_wait } = await outcomes(metrics);
  expect(sent_away).toBeGreaterThan(15);
  expect(after_wait).toBeGreaterThanOrEqual(9);
});

test('large snapshots slow the pace down', async () => {
  const { admissions, snapshotBytes } = start({ admitsPerSecond: 10_000, snapshotBytesPerSecond: 1_000_000 });
  snapshotBytes.take(300_000);
  const startMs = performance.now();
  const entered: number[] = [];
  admissions.enter(() => entered.push(performance.now() - startMs));
  expect(entered).toEqual([]);
  await expect.poll(() => entered.length).toBe(1);
  expect(entered[0]).toBeGreaterThanOrEqual(190);
});
