import type { FastifyBaseLogger } from 'fastify';
import { verdictOf } from '../evidence/evidence.ts';
import type { SpecOf } from '../evidence/test-spec.ts';
import type { InstallationMeasurements } from '../measurements/installation-measurements.ts';
import { INSTANCE_STEP_MS, KEPT_MS } from '../measurements/measurements.ts';
import type { PathCounts } from '../measurements/path-counts.ts';
import type { Sides } from './arms.ts';
import { judge } from './judge.ts';
import type { Safeguard } from './safeguard.ts';
import type { Step } from './step.ts';

/** Of one version or instance, or of several together. */
export interface GroupCount {
  readonly count: number;
  readonly bad: number;
}

/** A version or instance that was bad where the others were not. */
export interface Outlier extends GroupCount {
  readonly kind: 'version' | 'instance';
  readonly name: string;
  readonly others: GroupCount & {
    /** So many. */
    readonly groups: number;
  };
}

/** The chance that any is named though all are alike. */
const ALPHA = 0.001;
/** So many times as bad as the others is nothing to point at. */
const TOLERANCE = 2;

/** Says where it was bad, when that was not everywhere: a broken host is mended otherwise than a broken feature. */
export class Outliers {
  readonly #measurements: Pick<InstallationMeasurements, 'readAll'>;
  readonly #log: Pick<FastifyBaseLogger, 'warn'>;

  constructor(measurements: Pick<InstallationMeasurements, 'readAll'>, log: Pick<FastifyBaseLogger, 'warn'>) {
    this.#measurements = measurements;
    this.#log = log;
  }

  /** Undefined: it is not counted by instance, or could not be read. Never rejects. */
  async find(
    { environmentId, metric }: Pick<Safeguard, 'environmentId' | 'metric'>,
    flag: string,
    { path, candidate, deploy, badAboveUs }: Sides,
    { steps }: { readonly steps: readonly Step[] },
  ): Promise<Outlier[] | undefined> {
    const [first, last] = [steps[0], steps.at(-1)];
    const isKept = metric.kind === 'errors' || (metric.kind === 'latency' && badAboveUs !== undefined);
    if (!isKept || first === undefined || last === undefined) return undefined;
    const sinceMs = Math.max(first.fromMs, last.toMs - KEPT_MS.instances);
    // It is kept in steps, by the clocks of instances, which differ a little.
    const fromMs = Math.floor(sinceMs / INSTANCE_STEP_MS) * INSTANCE_STEP_MS;
    const toMs = last.toMs + INSTANCE_STEP_MS;
    const by = ['variant', 'path', 'version', 'instance'] as const;
    const reading = await this.#measurements
      .readAll({ environmentId, flag, fromMs, toMs, by })
      .catch((error: unknown) => this.#log.warn({ err: error, flag }, 'where it was bad could not be read'));
    if (!reading) return undefined;
    const cells = reading.paths.filter(
      ({ labels }) =>
        labels.path === path &&
        labels.variant === candidate &&
        (deploy === undefined || labels.version === deploy.version),
    );
    const groupBy = (kind: Outlier['kind']) => {
      const groups = new Map<string, GroupCount>();
      for (const { labels, counts } of cells) {
        const name = labels[kind] ?? '';
        groups.set(name, add(groups.get(name), toGroup(counts, badAboveUs)));
      }
      return findOutliers(kind, groups);
    };
    return [...groupBy('version'), ...groupBy('instance')];
  }
}

/** Those that are worse than all that are not among them, worst first: at most half of all, as more are no exception. */
export function findOutliers(kind: Outlier['kind'], groups: ReadonlyMap<string, GroupCount>): Outlier[] {
  const sorted = [...groups].sort(([, a], [, b]) => rateOf(b) - rateOf(a));
  const spec: SpecOf<'relative_risk'> = {
    kind: 'relative_risk',
    alpha: ALPHA / Math.max(1, groups.size),
    tolerance: TOLERANCE,
  };
  let found = 0;
  while (found < Math.floor(sorted.length / 2) && isWorse(spec, sorted[found]?.[1], sumOf(sorted.slice(found + 1)))) {
    found += 1;
  }
  const rest = sorted.slice(found);
  const others = { groups: rest.length, ...sumOf(rest) };
  return sorted.slice(0, found).map(([name, { count, bad }]) => ({ kind, name, count, bad, others }));
}

function isWorse(spec: SpecOf<'relative_risk'>, one: GroupCount | undefined, others: GroupCount): boolean {
  if (one === undefined) return false;
  const step: Step = {
    ...{ fromMs: 0, toMs: 1 },
    candidate: [one.count, one.bad],
    baseline: [others.count, others.bad],
  };
  return verdictOf(spec, judge(spec, [step])).verdict === 'failed';
}

function toGroup(counts: PathCounts, badAboveUs: number | undefined): GroupCount {
  const { count, errors, timeouts } = counts;
  const bad = badAboveUs === undefined ? errors + timeouts : counts.durations.countAbove(badAboveUs);
  return { count, bad: Math.min(bad, count) };
}

function add(a: GroupCount = { count: 0, bad: 0 }, b: GroupCount): GroupCount {
  return { count: a.count + b.count, bad: a.bad + b.bad };
}

function sumOf(groups: readonly (readonly [string, GroupCount])[]): GroupCount {
  return groups.reduce((sum, [, group]) => add(sum, group), { count: 0, bad: 0 });
}

function rateOf({ count, bad }: GroupCount): number {
  return count === 0 ? 0 : bad / count;
}
