import { expect, test } from 'vitest';
import type { Exposures } from '../api/types.ts';
import { exposureCurves, sourcesOf } from './exposure-curves.ts';

const at = (minute: number) => new Date(Date.parse('2026-01-01T12:00:00Z') + minute * 60_000).toISOString();
const exposures = (more: Partial<Exposures> = {}): Exposures => ({
  ...{ from: at(0), to: at(4.5), stepS: 60, completeSince: null, incomplete: [] },
  series: [
    {
      variant: 'off',
      source: 'servers',
      total: 7,
      points: [
        { at: at(1), count: 4 },
        { at: at(3), count: 3 },
      ],
    },
    { variant: 'on', source: 'servers', total: 2, points: [{ at: at(4), count: 2 }] },
    { variant: 'on', source: 'pages', total: 1, points: [{ at: at(2), count: 1 }] },
  ],
  ...more,
});

test('steps without any are zeros, and the one under way is not drawn as a fall', () => {
  const { times, variants, total } = exposureCurves(exposures(), 'servers');
  expect(times).toEqual([0, 1, 2, 3].map((minute) => Date.parse(at(minute))));
  expect(variants).toEqual([
    { variant: 'off', total: 7, values: [0, 4, 0, 3] },
    { variant: 'on', total: 2, values: [0, 0, 0, 0] },
  ]);
  expect(total).toBe(9);
});

test('before a server began there are gaps and no zeros, and nothing before what is known first', () => {
  const { times, variants } = exposureCurves(exposures({ completeSince: at(3.5) }), 'servers');
  expect(times[0]).toBe(Date.parse(at(1)));
  expect(variants[0]?.values).toEqual([4, null, 3]);
});

test('what has only just begun is shown at once', () => {
  const series = [{ variant: 'on', source: 'servers' as const, total: 2, points: [{ at: at(4), count: 2 }] }];
  const { times, variants } = exposureCurves(exposures({ series, completeSince: at(3.9) }), 'servers');
  expect(times).toHaveLength(2);
  expect(variants[0]?.values).toEqual([0, 2]);
});

test('servers and pages are told apart', () => {
  expect(sourcesOf(exposures())).toEqual(['servers', 'pages']);
  expect(exposureCurves(exposures(), 'pages').total).toBe(1);
});
