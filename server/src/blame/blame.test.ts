import { expect, test } from 'vitest';
import { PathCounts } from '../measurements/path-counts.ts';
import type { Query } from '../measurements/reading.ts';
import { Sums } from '../measurements/reading.ts';
import { Blame, type BlameSubject } from './blame.ts';

const START_MS = 1_000_000;
const SUBJECT: BlameSubject = {
  ...{ releaseId: 'r', environmentId: 'e', sinceMs: START_MS },
  flags: [{ flag: 'checkout', candidate: 'on', baseline: 'off' }],
  versions: { candidate: '2.0', baseline: '1.9' },
};

interface Cell {
  readonly version: string;
  readonly variant: string;
  readonly count: number;
  readonly errors: number;
  readonly more?: { readonly reason?: string; readonly rule?: string; readonly path?: string };
}

/** Each second brings these cells; asked about it every two seconds for a minute and a half. */
async function tryWith(cells: readonly Cell[], subject: Partial<BlameSubject> = {}) {
  const clock = { ms: START_MS };
  const asked: Query[] = [];
  const readAll = async (query: Query) => {
    asked.push(query);
    const sums = new Sums(query);
    for (let atMs = query.fromMs; atMs < query.toMs; atMs += 1_000) {
      for (const { version, variant, count, errors, more } of cells) {
        const counts = new PathCounts();
        counts.add({ count, errors });
        const labels = { version, variant, reason: 'SPLIT', rule: '', path: 'run', ...more };
        sums.addPath(atMs, labels, counts.toText());
      }
    }
    return { ...sums.reading, incomplete: [] };
  };
  const blame = new Blame({ measurements: { readAll }, log: { warn: () => {} }, now: () => clock.ms });
  const ask = () => blame.judge({ ...SUBJECT, ...subject });
  for (let look = 0; look < 45; look++) {
    clock.ms += 2_000;
    await ask();
  }
  return { fact: await ask(), ask, asked, blame, clock };
}

const fine = (version: string, variant: string): Cell => ({ version, variant, count: 50, errors: 0 });
const bad = (version: string, variant: string): Cell => ({ version, variant, count: 50, errors: 3 });

test('the flag is guilty when the new version is bad with it alone', async () => {
  const { fact } = await tryWith([fine('1.9', 'off'), fine('2.0', 'off'), bad('2.0', 'on')]);
  expect(fact).toMatchObject({
    guilty: 'flag',
    reason: expect.stringMatching(
      /^Flag "checkout": in version 2\.0, "on" fails in 6 % \([\d ]+ of [\d ]+\), "off" in 0 % \(0 of [\d ]+\)\.$/,
    ),
  });
});

test('tells what both comparisons saw over time, in at most 60 points of each, with the line that convicts', async () => {
  const { fact } = await tryWith([fine('1.9', 'off'), fine('2.0', 'off'), bad('2.0', 'on')]);
  const { flag = [], deploy = [] } = fact?.evidence?.[0]?.comparisons ?? {};
  expect(fact?.evidence).toMatchObject([{ flag: 'checkout', candidate: 'on', baseline: 'off' }]);
  const sumOf = (field: 1 | 2 | 3 | 4, curve = flag) => curve.reduce((sum, point) => sum + point[field], 0);
  expect([sumOf(2) / sumOf(1), sumOf(4), sumOf(2, deploy)]).toEqual([0.06, 0, 0]);
  // 87 seconds were heard, of 50 each.
  expect([flag.length, sumOf(1)]).toEqual([57, 87 * 50]);
  const times = flag.map(([endMs]) => endMs);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(flag.at(-1)?.[5]).toBeGreaterThan(fact?.line ?? Number.POSITIVE_INFINITY);
  expect(deploy.at(-1)?.[5]).toBe(0);
});

test('the deploy is guilty when the new version is bad with the flag off as well', async () => {
  const { fact } = await tryWith([fine('1.9', 'off'), bad('2.0', 'off'), bad('2.0', 'on')]);
  expect(fact).toMatchObject({ guilty: 'deploy', reason: expect.stringContaining('version 2.0 fails in 6 %') });
});

test('both are guilty when each makes it worse', async () => {
  const worst = { ...fine('2.0', 'on'), errors: 20 };
  const { fact } = await tryWith([fine('1.9', 'off'), bad('2.0', 'off'), worst]);
  expect(fact).toMatchObject({ guilty: 'both' });
});

test.each<[string, Cell[]]>([
  ['what is bad everywhere', [bad('1.9', 'off'), bad('2.0', 'off'), bad('2.0', 'on')]],
  ['nothing at all', []],
  ['no one with the flag off to compare with', [fine('1.9', 'off'), bad('2.0', 'on')]],
  ['no old version to compare with', [bad('2.0', 'off'), bad('2.0', 'on')]],
  [
    'what no split of the flag chose',
    [fine('1.9', 'off'), fine('2.0', 'off'), { ...bad('2.0', 'on'), more: { reason: 'TARGETING_MATCH' } }],
  ],
  ['another rule', [fine('1.9', 'off'), fine('2.0', 'off'), { ...bad('2.0', 'on'), more: { rule: 'staff' } }]],
  [
    'what nobody waits for',
    [fine('1.9', 'off'), fine('2.0', 'off'), { ...bad('2.0', 'on'), more: { path: 'candidate' } }],
  ],
  ['another version', [fine('1.9', 'off'), fine('2.0', 'off'), bad('3.0', 'on')]],
])('accuses nobody because of %s', async (_, cells) => {
  expect((await tryWith(cells)).fact).toBeUndefined();
});

test('what was measured before is no evidence, and each second is heard once', async () => {
  const { asked, ask, clock } = await tryWith([fine('1.9', 'off'), fine('2.0', 'off'), bad('2.0', 'on')]);
  for (const [at, { fromMs, toMs }] of asked.entries()) {
    expect(fromMs).toBe(asked[at - 1]?.toMs ?? START_MS);
    expect(toMs).toBeLessThanOrEqual(clock.ms - 3_000);
  }
  const before = asked.length;
  await Promise.all([ask(), ask(), ask()]);
  expect(asked.length).toBe(before);
});

test('begins anew with another exposure', async () => {
  const { fact, blame, clock } = await tryWith([fine('1.9', 'off'), fine('2.0', 'off'), bad('2.0', 'on')]);
  expect(fact).toMatchObject({ guilty: 'flag' });
  expect(await blame.judge({ ...SUBJECT, sinceMs: clock.ms })).toBeUndefined();
});

test('who cannot be asked accuses nobody, and is heard later', async () => {
  const log = { warn: () => {} };
  const away = { readAll: () => Promise.reject(new Error('away')) };
  const blame = new Blame({ measurements: away, log, now: () => START_MS + 60_000 });
  expect(await blame.judge(SUBJECT)).toBeUndefined();
});
