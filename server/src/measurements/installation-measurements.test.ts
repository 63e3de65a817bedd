import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import { InstallationMeasurements } from './installation-measurements.ts';
import { Measurements } from './measurements.ts';
import { PathMetrics } from './metrics.ts';
import { readAsk, writeReading } from './peer-reading.ts';
import type { Query } from './reading.ts';

const NOW_MS = 1_900_000_000_000;
const FLAG = { kind: 'flag', key: 'a', json: JSON.stringify({ variants: [{ name: 'on' }] }) };
const RULESET = {
  ...{ environmentId: 'e', project: 'p', environment: 'x' },
  item: (_: string, key: string) => (key === 'a' ? FLAG : undefined),
} as unknown as LiveRuleset;
const ON = { flag: 'a', variant: 'on', reason: 'SPLIT', path: 'run', count: 4, errors: 1, slices: [7, 4, 1] } as const;
const COMPARED = { flag: 'a', variant: 'on', path: 'shadow', compared: 3, mismatched: 1, skipped: 0 } as const;
const QUERY: Query = {
  environmentId: 'e',
  flag: 'a',
  fromMs: NOW_MS - 5_000,
  toMs: NOW_MS + 1,
  by: ['variant', 'version'],
};

function measuredBy(instance: string, version: string, startMs = NOW_MS): Measurements {
  const measurements = new Measurements(new PathMetrics(new Registry()), () => NOW_MS);
  const window = { seq: 1, startMs, durationMs: 1_000, paths: [ON], comparisons: [COMPARED] };
  measurements.record(RULESET, { instance, version }, window);
  return measurements;
}

/** A server as it is asked and answers over HTTP. */
function peer(url: string, answer: (query: Query) => unknown) {
  return async (path: string) => {
    const query = readAsk(new URLSearchParams(path.split('?')[1]).get('ask') ?? '');
    return { peer: { id: url, url }, body: JSON.parse(JSON.stringify((await answer(query)) ?? null)) as unknown };
  };
}

function installation(own: Measurements, peers: ReturnType<typeof peer>[]) {
  return new InstallationMeasurements(own, { get: (path) => Promise.all(peers.map((ask) => ask(path))) });
}

test('adds up what all servers know, by what is asked to be kept apart', async () => {
  const there = measuredBy('b', '1.0');
  const other = measuredBy('c', '2.0');
  const all = installation(measuredBy('a', '1.0'), [
    peer('http://b', async (query) => writeReading(await there.read(query))),
    peer('http://c', async (query) => writeReading(await other.read(query))),
  ]);
  const { paths, comparisons, incomplete } = await all.readAll(QUERY);
  expect(paths.map(({ labels, counts }) => [labels.version, counts.count, counts.errors, counts.slices])).toEqual([
    ['1.0', 8, 2, [{ slice: 7, count: 8, errors: 2 }]],
    ['2.0', 4, 1, [{ slice: 7, count: 4, errors: 1 }]],
  ]);
  expect(comparisons.map(({ counts }) => counts.toText())).toEqual([
    { compared: 6, mismatched: 2, skipped: 0 },
    { compared: 3, mismatched: 1, skipped: 0 },
  ]);
  expect(incomplete).toEqual([]);
});

test('names the servers that did not answer, or not as they should, and counts the others', async () => {
  const there = measuredBy('b', '1.0');
  const all = installation(measuredBy('a', '1.0'), [
    peer('http://silent', () => undefined),
    peer('http://odd', () => ({ paths: [{ atMs: 1, labels: {}, counts: { count: -1 } }], comparisons: [] })),
    peer('http://b', async (query) => writeReading(await there.read(query))),
  ]);
  const { paths, incomplete } = await all.readAll(QUERY);
  expect(paths.map(({ counts }) => counts.count)).toEqual([8]);
  expect(incomplete).toEqual(['http://odd', 'http://silent']);
});

test('goes on when the clock is set back by an hour', async () => {
  let nowMs = NOW_MS + 3_600_000;
  const measurements = new Measurements(new PathMetrics(new Registry()), () => nowMs);
  const measure = (seq: number) =>
    measurements.record(RULESET, { instance: 'i' }, { seq, startMs: nowMs, durationMs: 1_000, paths: [ON] });
  measure(1);
  nowMs = NOW_MS;
  measure(2);
  const { paths } = await measurements.read(QUERY);
  expect(paths.map(({ counts }) => counts.count)).toEqual([4]);
});

test('reads by steps, and by the minute what is older than a quarter of an hour', async () => {
  const hourAgoMs = NOW_MS - 3_600_000;
  const measurements = measuredBy('a', '1.0', hourAgoMs + 10_000);
  const atOf = async (query: Partial<Query>) =>
    (await measurements.read({ ...QUERY, fromMs: hourAgoMs, ...query })).paths.map(({ atMs }) => atMs - hourAgoMs);
  expect(hourAgoMs % 60_000).toBe(40_000);
  expect(await atOf({ fromMs: hourAgoMs - 40_000, stepMs: 60_000 })).toEqual([-40_000]);
  // The minute that it is in began before.
  expect(await atOf({ stepMs: 60_000 })).toEqual([]);
  expect(await atOf({ fromMs: hourAgoMs - 60_000 })).toEqual([-60_000]);
  const recent = measuredBy('a', '1.0', NOW_MS - 2_000);
  const { paths } = await recent.read({ ...QUERY, stepMs: 1_000 });
  expect(paths.map(({ atMs }) => atMs)).toEqual([NOW_MS - 2_000]);
});
