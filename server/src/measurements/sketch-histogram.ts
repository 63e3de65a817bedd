import type { DurationSketch } from '@bunting/core';
import { Histogram, type HistogramConfiguration } from 'prom-client';

type Labels = Readonly<Record<string, string>>;

/** Buckets in seconds, ascending. */
type Configuration = HistogramConfiguration<string> & { readonly buckets: number[] };

interface Series {
  readonly labels: Labels;
  /** How many took at most as long, by bucket. */
  readonly atMost: number[];
  count: number;
  sum: number;
}

/** A histogram in seconds that takes many durations at once. The library's own takes them one by one. */
export class SketchHistogram extends Histogram {
  readonly #configuration: Configuration;
  readonly #series = new Map<string, Series>();

  constructor(configuration: Configuration) {
    super(configuration);
    this.#configuration = configuration;
  }

  add(labels: Labels, durations: DurationSketch): void {
    const key = Object.values(labels).join('\0');
    const series = this.#series.get(key) ?? {
      labels,
      atMost: this.#configuration.buckets.map(() => 0),
      count: 0,
      sum: 0,
    };
    this.#series.set(key, series);
    series.count += durations.count;
    series.sum += durations.sumUs() / 1e6;
    for (const [at, seconds] of this.#configuration.buckets.entries()) {
      series.atMost[at] = (series.atMost[at] ?? 0) + durations.count - durations.countAbove(seconds * 1e6);
    }
  }

  /** What the registry and `get` ask; the library's types do not name it. */
  async getForPromString() {
    const { name, help, buckets } = this.#configuration;
    const values = [...this.#series.values()].flatMap(({ labels: sharedLabels, atMost, count, sum }) => {
      const bucket = (le: number | string, value: number) => ({ metricName: `${name}_bucket`, labels: { le }, value });
      return [
        ...buckets.map((le, at) => bucket(le, atMost[at] ?? 0)),
        bucket('+Inf', count),
        { metricName: `${name}_sum`, labels: {}, value: sum },
        { metricName: `${name}_count`, labels: {}, value: count },
      ].map((value) => ({ ...value, sharedLabels }));
    });
    return { name, help, type: 'histogram', aggregator: 'sum', values };
  }
}
