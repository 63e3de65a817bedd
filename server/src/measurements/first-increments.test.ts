import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FirstExposures, type FirstsReading } from './first-exposures.ts';
import { FirstIncrements } from './first-increments.ts';
import { readFirsts } from './running-reading.ts';

const WATCHED = new Map([['e', { flags: 'all', timed: new Set<string>(), sampled: 'all' } as const]]);
const cellOf = (variant: string, mark = 1) => ({ environmentId: 'e', flag: 'f', rule: '', variant, mark });
const newFirsts = () => {
  const firsts = new FirstExposures();
  firsts.watch(WATCHED);
  return firsts;
};
const overHttp = (reading: FirstsReading) => {
  const read = readFirsts(JSON.parse(JSON.stringify(reading)));
  if (read === undefined) throw new Error('is not a reading');
  return read;
};

/** A judge that reads some servers, each from where it was. */
function newReader(servers: readonly FirstExposures[]) {
  const increments = new FirstIncrements();
  const upTo = servers.map(() => 0);
  const counts: Record<string, number> = {};
  const read = (at: number, isRepeated = false) => {
    const reading = overHttp((servers[at] as FirstExposures).since(isRepeated ? 0 : (upTo[at] ?? 0)));
    upTo[at] = reading.upTo;
    for (const { variant, path, count } of increments.take(reading, true)) {
      const key = `${variant} ${path}`;
      counts[key] = (counts[key] ?? 0) + count;
    }
  };
  return { counts, read };
}

test('subjects count once each, however they are spread over servers, windows, orders and repeats, and for every judge', () => {
  const SERVERS = 3;
  const told = fc.record({
    server: fc.nat(SERVERS - 1),
    mark: fc.integer({ min: 1, max: 2 }),
    subjects: fc.array(fc.nat(60), { maxLength: 20 }),
    reads: fc.array(fc.tuple(fc.nat(SERVERS - 1), fc.boolean()), { maxLength: 3 }),
  });
  /** Which variant a subject is served is up to the split alone. */
  const variantOf = (subject: number, mark: number) => ((subject * 7 + mark) % 3 === 0 ? 'on' : 'off');
  const hashOf = (subject: number, mark: number) => Math.imul(2 * subject + mark, 0x9e3779b1) >>> 0;
  fc.assert(
    fc.property(fc.array(told, { maxLength: 40 }), (windows) => {
      const servers = Array.from({ length: SERVERS }, newFirsts);
      const [one, other] = [newReader(servers), newReader(servers)];
      const expected: Record<string, Set<number>> = {};
      for (const { server, mark, subjects, reads } of windows) {
        for (const variant of ['on', 'off']) {
          const served = subjects.filter((subject) => variantOf(subject, mark) === variant);
          servers[server]?.add(
            cellOf(variant, mark),
            served.map((subject) => hashOf(subject, mark)),
          );
          for (const subject of served) {
            const key = `${variant} first:${mark}`;
            expected[key] = (expected[key] ?? new Set()).add(subject);
          }
        }
        for (const [at, isRepeated] of reads) one.read(at, isRepeated);
      }
      for (let at = 0; at < SERVERS; at++) {
        one.read(at);
        other.read(SERVERS - 1 - at);
      }
      const counts = Object.fromEntries(Object.entries(expected).map(([key, { size }]) => [key, size]));
      expect(one.counts).toEqual(counts);
      expect(other.counts).toEqual(counts);
    }),
  );
});

test('who is served another variant later counts as what it was served first', () => {
  const firsts = newFirsts();
  const { counts, read } = newReader([firsts]);
  firsts.add(cellOf('on'), [1, 2]);
  firsts.add(cellOf('off'), [2, 3]);
  read(0);
  expect(counts).toEqual({ 'on first:1': 2, 'off first:1': 1 });
});

test('what was there before anyone asked does not count, then or later', () => {
  const firsts = newFirsts();
  firsts.add(cellOf('on'), [1, 2]);
  const increments = new FirstIncrements();
  expect(increments.take(firsts.since(0), false)).toEqual([]);
  firsts.add(cellOf('on'), [3]);
  expect(increments.take(firsts.since(0), true)).toMatchObject([{ variant: 'on', count: 1 }]);
});

test('of very many subjects a fair sample counts, in bounded room', () => {
  const firsts = newFirsts();
  const { counts, read } = newReader([firsts]);
  const random = (index: number) => Math.imul(index, 0x9e3779b1) >>> 0;
  for (let index = 0; index < 200_000; index += 1_000) {
    const hashes = Array.from({ length: 1_000 }, (_, at) => random(index + at));
    firsts.add(cellOf('on'), hashes.slice(0, 200));
    firsts.add(cellOf('off'), hashes.slice(200));
    read(0);
  }
  const [on = 0, off = 0] = [counts['on first:1'], counts['off first:1']];
  expect(on + off).toBeLessThan(200_000);
  expect(on + off).toBeGreaterThan(32_768);
  expect(on / (on + off)).toBeCloseTo(0.2, 2);
  const kept = firsts.since(0).cells.reduce((sum, { hashes }) => sum + hashes.length, 0);
  expect(kept).toBeLessThanOrEqual(100_000);
});

test('flags that nobody watches are not counted, and forgotten when that ends', () => {
  const firsts = newFirsts();
  firsts.add(cellOf('on'), [1]);
  firsts.add({ ...cellOf('on'), environmentId: 'other' }, [1]);
  expect(firsts.since(0).cells).toHaveLength(1);
  expect(firsts.isWatched).toBe(true);
  firsts.watch(new Map());
  expect([firsts.isWatched, firsts.since(0).cells]).toEqual([false, []]);
});

test('what is too much to be kept costs little to forget, and the latest can still be asked for', () => {
  const told = newFirsts();
  const fill = (flag: string) => {
    const beganMs = performance.now();
    for (let hash = 0; hash < 30_000; hash++) told.add({ ...cellOf('on'), flag }, [hash]);
    return performance.now() - beganMs;
  };
  const withinMs = Math.max(...['a', 'b', 'c'].map(fill));
  const { upTo } = told.since(0);
  expect(upTo).toBe(90_000);
  // Each would move all that is kept.
  expect(fill('d')).toBeLessThan(20 * Math.max(withinMs, 5));
  expect(told.since(upTo).cells).toHaveLength(30_000);
  const kept = told.since(0).cells.length;
  expect(kept).toBeGreaterThanOrEqual(75_000);
  expect(kept).toBeLessThanOrEqual(100_000);
});
