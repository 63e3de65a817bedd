import type { ComparisonCount, PathCount, PathName } from '@bunting/core';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import { KnownVariants } from '../telemetry/known-variants.ts';
import { ComparisonCounts, type ComparisonCountText } from './comparison-counts.ts';
import { FirstExposures } from './first-exposures.ts';
import { type Labels, SharedLabels } from './labels.ts';
import type { PathMetrics } from './metrics.ts';
import { PathCounts, type PathCountText } from './path-counts.ts';
import { type Query, type Reading, Sums } from './reading.ts';
import { RecentNames } from './recent-names.ts';
import { RunningCounts } from './running-counts.ts';
import { SeenWindows } from './seen-windows.ts';
import { type Counts, Tier, type TierOptions } from './tier.ts';
import type { Source, Window } from './window.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Newer SDKs may know more. */
const PATHS: ReadonlySet<string> = new Set<Exclude<PathName, `event:${string}`> | ComparisonCount['path']>([
  'run',
  'read.old',
  'read.new',
  'write.old',
  'write.new',
  'current',
  'candidate',
  'read',
  'shadow',
]);

/** For how long what is kept. */
export const KEPT_MS = { seconds: 15 * MINUTE_MS, minutes: 24 * HOUR_MS, instances: 5 * MINUTE_MS };
/** By how much time what happened at each instance is kept apart. */
export const INSTANCE_STEP_MS = 15 * SECOND_MS;

/** A window from further ahead of this server's clock is remarkable. */
const MAX_AHEAD_MS = 5 * SECOND_MS;
/** So many cells are read before others get their turn: about a millisecond. */
const READ_AT_ONCE = 100;

/** Paths and comparisons by the same slots of time. */
interface Tiers {
  readonly paths: Tier<PathCountText, PathCounts>;
  readonly comparisons: Tier<ComparisonCountText, ComparisonCounts>;
}

/**
 * What code paths did at the instances that reach this server, as SDKs with server keys measured it: in memory, by flag,
 * variant, rule, reason, path and version of the deploy. By the second for 15 minutes, by the minute for 24 hours, and by
 * instance and 15 seconds for 5 minutes; for less long where there is no room for it.
 *
 * Measured: 100 flags with two variants, of two versions, run by 100 instances each second, fill the seconds, which then
 * reach back 8 minutes: 127 MB, and 15 us of a core for each path of a window. 10 flags and 10 instances: 10 MB.
 */
export class Measurements {
  /** Of the flags that safeguards watch. */
  readonly running = new RunningCounts();
  readonly firsts = new FirstExposures();
  readonly #metrics: PathMetrics;
  readonly #now: () => number;
  readonly #known = new KnownVariants();
  readonly #seen = new SeenWindows();
  readonly #labels = new SharedLabels();
  readonly #versions = new RecentNames({ max: 20, forgetAfterMs: 15 * MINUTE_MS });
  readonly #instances = new RecentNames({ max: 1_000, forgetAfterMs: KEPT_MS.instances });
  /** When a window came last. */
  #latestMs = Number.NEGATIVE_INFINITY;
  readonly #seconds = newTiers({ slotMs: SECOND_MS, keepMs: KEPT_MS.seconds, maxCells: 200_000, maxOfFlag: 500 });
  readonly #minutes = newTiers({ slotMs: MINUTE_MS, keepMs: KEPT_MS.minutes, maxCells: 100_000, maxOfFlag: 500 });
  readonly #byInstance = newTiers({
    slotMs: INSTANCE_STEP_MS,
    keepMs: KEPT_MS.instances,
    maxCells: 100_000,
    maxOfFlag: 10_000,
  });

  /** @param now the origin's clock, milliseconds since 1970, UTC */
  constructor(metrics: PathMetrics, now: () => number) {
    this.#metrics = metrics;
    this.#now = now;
  }

  get nowMs(): number {
    return this.#now();
  }

  /** Takes a window that was checked, once. */
  record(ruleset: LiveRuleset, { instance, version = '' }: Source, window: Window): void {
    const { environmentId } = ruleset;
    const { seq, startMs, paths, comparisons = [], dropped = 0 } = window;
    const nowMs = this.#now();
    if (nowMs < this.#latestMs - MINUTE_MS) this.#forgetAfter(nowMs);
    this.#latestMs = nowMs;
    if (!this.#seen.take(environmentId, instance, seq)) {
      this.#metrics.note('duplicate', 1);
      return;
    }
    if (startMs < nowMs - KEPT_MS.minutes) {
      this.#metrics.note('late', paths.length + comparisons.length);
      return;
    }
    if (startMs > nowMs + MAX_AHEAD_MS) this.#metrics.note('future', 1);
    if (dropped > 0) this.#metrics.note('sender', dropped);
    const atMs = Math.min(startMs, nowMs);
    const from = {
      version: this.#versions.nameOf(environmentId, version, nowMs),
      instance: this.#instances.nameOf(environmentId, instance, nowMs),
    };
    const isKnown = ({ flag, variant, path }: PathCount | ComparisonCount) => {
      const isCountable = (PATHS.has(path) || isEvent(path)) && this.#known.isCountable(ruleset, false, flag, variant);
      if (!isCountable) this.#metrics.note('unknown', 1);
      return isCountable;
    };
    for (const path of paths.filter(isKnown)) this.#addPath(ruleset, atMs, from, path);
    for (const comparison of comparisons.filter(isKnown)) this.#addComparison(ruleset, atMs, from, comparison);
  }

  /** What was measured of a flag, as far back as it is kept. */
  async read(query: Query): Promise<Reading> {
    const { environmentId, flag, fromMs, toMs } = query;
    const place = placeOf(environmentId, flag);
    const tiers = this.#tiersFor(query);
    const sums = new Sums(query);
    let done = 0;
    for (const { atMs, labels, counts } of tiers.paths.between(place, fromMs, toMs)) {
      sums.addPath(atMs, labels, counts.toText());
      if (++done % READ_AT_ONCE === 0) await new Promise(setImmediate);
    }
    for (const { atMs, labels, counts } of tiers.comparisons.between(place, fromMs, toMs)) {
      sums.addComparison(atMs, labels, counts);
    }
    return sums.reading;
  }

  #forgetAfter(nowMs: number): void {
    for (const { paths, comparisons } of [this.#seconds, this.#minutes, this.#byInstance]) {
      paths.forgetAfter(nowMs);
      comparisons.forgetAfter(nowMs);
    }
  }

  /** Seconds, where they reach back far enough or are asked for. */
  #tiersFor({ by, fromMs, stepMs }: Query): Tiers {
    if (by.includes('instance')) return this.#byInstance;
    const isRecent = fromMs >= this.#now() - KEPT_MS.seconds;
    return isRecent || (stepMs !== undefined && stepMs < MINUTE_MS) ? this.#seconds : this.#minutes;
  }

  #addPath(ruleset: LiveRuleset, atMs: number, from: Required<Source>, counted: PathCount): void {
    const { flag, variant, reason, ruleId: rule = '', path } = counted;
    const labels = { variant, rule, reason, path, version: from.version };
    const { environmentId } = ruleset;
    const { firsts } = counted;
    if (firsts !== undefined && reason === 'SPLIT') {
      this.firsts.add({ environmentId, flag, rule, variant, mark: firsts.mark }, firsts.hashes);
    }
    // It is about first exposures alone.
    if (counted.count === 0) return;
    this.running.addPath(environmentId, labels, counted);
    // What was tracked is for safeguards: Prometheus has it by name.
    if (isEvent(path)) return;
    this.#metrics.count(ruleset, counted);
    const place = placeOf(environmentId, flag);
    this.#add(({ paths }) => paths, { atMs, place, labels, instance: from.instance }, counted);
  }

  #addComparison(ruleset: LiveRuleset, atMs: number, from: Required<Source>, counted: ComparisonCount): void {
    const { flag, variant, path } = counted;
    this.#metrics.compare(ruleset, counted);
    const place = placeOf(ruleset.environmentId, flag);
    const labels = { variant, path, version: from.version };
    this.running.addComparison(ruleset.environmentId, labels, counted);
    this.#add(({ comparisons }) => comparisons, { atMs, place, labels, instance: from.instance }, counted);
  }

  #add<Text, C extends Counts<Text>>(tierOf: (tiers: Tiers) => Tier<Text, C>, where: Where, counted: Text): void {
    const { atMs, place, labels, instance } = where;
    const shared = this.#labels.of(labels);
    const hadRoom = [
      tierOf(this.#seconds).add(atMs, place, shared, counted),
      tierOf(this.#minutes).add(atMs, place, shared, counted),
      tierOf(this.#byInstance).add(atMs, place, this.#labels.of({ ...labels, instance }), counted),
    ];
    if (hadRoom.includes(false)) this.#metrics.note('full', 1);
  }
}

function isEvent(path: string): boolean {
  return path.startsWith('event:');
}

interface Where {
  readonly atMs: number;
  readonly place: string;
  readonly labels: Labels;
  readonly instance: string;
}

function newTiers(options: Omit<TierOptions<never>, 'create'>): Tiers {
  return {
    paths: new Tier({ ...options, create: () => new PathCounts() }),
    comparisons: new Tier({ ...options, create: () => new ComparisonCounts() }),
  };
}

/** Neither ids nor keys hold spaces. */
function placeOf(environmentId: string, flag: string): string {
  return `${environmentId} ${flag}`;
}
