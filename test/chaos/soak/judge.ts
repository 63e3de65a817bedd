import { median, percentile, round } from '../../bench/statistics.ts';
import type { Measurement } from '../../bench/subject.ts';
import { robustSlope } from './robust-slope.ts';
import type { Sheet } from './sheet.ts';

/** Until then caches fill and code is compiled: of the time of the whole. */
const WARM_UP = 1 / 4;
/** Heap that a process may gain in an hour, by the upper end of the interval. */
const MAX_HEAP_GROWTH_MB_PER_HOUR = 8;
/** Sockets and files that come and go by chance, as those of requests under way. */
const MAX_MORE_DESCRIPTORS = 10;
/** The machine may be busy with other things. */
const MAX_DELAY_P99_MS = 250;

/** Figures of a soak, each that must not be exceeded with its bound as the budget. */
export function judge(sheet: Sheet): Measurement[] {
  const after = Math.floor(sheet.rows.length * WARM_UP);
  const column = (name: string) => sheet.column(name).slice(after);
  const last = (name: string) => sheet.column(name).at(-1) ?? Number.NaN;
  const processes = sheet.processesWith('heap MB');
  return [
    ...processes.flatMap((name) => {
      const { slope, low, high } = perHour(column('seconds'), column(`${name} heap MB`));
      const heap = round(median(column(`${name} heap MB`)));
      return [
        line(`${name}: heap after a collection`, 'MB', heap),
        line(
          `${name}: its growth, upper end of 95 % (${round(slope)}, from ${round(low)})`,
          'MB/h',
          high,
          MAX_HEAP_GROWTH_MB_PER_HOUR,
        ),
      ];
    }),
    ...processes.map((name) => {
      const counts = column(`${name} descriptors`);
      const third = Math.ceil(counts.length / 3);
      const more = median(counts.slice(-third)) - median(counts.slice(0, third));
      return line(
        `${name}: open files and sockets, more in the last third (${median(counts)})`,
        '',
        more,
        MAX_MORE_DESCRIPTORS,
      );
    }),
    ...processes.map((name) => {
      const worst = percentile(column(`${name} delay p99 ms`), 100);
      const middle = round(median(column(`${name} delay p99 ms`)));
      return line(`${name}: event loop, worst p99 of ten seconds (median ${middle})`, 'ms', worst, MAX_DELAY_P99_MS);
    }),
    line('database', 'MB', last('database MB')),
    line(`answers wrong of ${last('answers')}`, '', last('wrong answers'), 0),
    line(`errors of ${last('visits')} visits to the shop`, '', last('shop errors'), 0),
    line('receipts missing 5 s later, at any time', '', Math.max(...sheet.column('receipts missing')), 0),
    line(`edits not acknowledged, of ${last('edits')}`, '', last('edits failed'), 0),
    { ...line('releases, there and back', '', last('releases')), better: 'higher' },
  ];
}

/** What exceeds its bound, in words. */
export function exceeded(measurements: readonly Measurement[]): string[] {
  return measurements
    .filter(({ ours, budget }) => budget !== undefined && !(ours <= budget))
    .map(({ case: name, ours, unit, budget }) => `${name}: ${ours} ${unit}, at most ${budget}`);
}

/** By the median of each minute: neighbours within one are alike, which would make the interval too narrow. */
function perHour(seconds: readonly number[], values: readonly number[]) {
  const minutes = new Map<number, number[]>();
  for (const [at, second] of seconds.entries()) {
    const minute = Math.floor(second / 60);
    minutes.set(minute, [...(minutes.get(minute) ?? []), values[at] ?? Number.NaN]);
  }
  return robustSlope(
    [...minutes.keys()].map((minute) => minute / 60),
    [...minutes.values()].map(median),
  );
}

function line(name: string, unit: string, ours: number, budget?: number): Measurement {
  return { case: name, unit, better: 'lower', ours: round(ours), ...(budget === undefined ? {} : { budget }) };
}
