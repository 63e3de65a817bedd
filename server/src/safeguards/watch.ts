import { setImmediate } from 'node:timers/promises';
import type { Flag, Item } from '@bunting/core';
import type { FastifyBaseLogger } from 'fastify';
import type { Cluster } from '../cluster/cluster.ts';
import type { TestSpec } from '../evidence/test-spec.ts';
import type { Interventions } from '../interventions/interventions.ts';
import type { Increment } from '../measurements/increments.ts';
import type { Measurements } from '../measurements/measurements.ts';
import { toEndpoint } from '../prometheus/data-source.ts';
import type { PrometheusPoller } from '../prometheus/poller.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import type { Vault } from '../vault/vault.ts';
import { compareBySplit, compareVersions, countAlone, type Sides, type Span } from './arms.ts';
import { Case } from './case.ts';
import { Counters } from './counters.ts';
import { DeployVersions } from './deploy-versions.ts';
import type { SafeguardMetrics } from './metrics.ts';
import type { Outliers } from './outliers.ts';
import type { Safeguard } from './safeguard.ts';
import type { SafeguardBook } from './safeguard-book.ts';
import { dutiesOf, isComparing, servesBaseline } from './sides.ts';
import { sharesOf } from './split-shares.ts';
import type { Step } from './step.ts';
import type { VerdictStore } from './verdict-store.ts';

const LOOK_EVERY_MS = 1_000;
/** How often Prometheus is asked unless a safeguard says otherwise. */
const POLL_EVERY_MS = 15_000;
/** How often flags' tags are read anew, in looks. */
const TAGS_EVERY = 30;
/** So many flags are judged before others get their turn. */
const AT_ONCE = 20;
/** So many are judged apart from each other at most; each takes half a megabyte at most, 40 KB as a rule. */
const MAX_CASES = 10_000;
/** What has had no traffic for so long is forgotten, in milliseconds. */
const FORGET_MS = 24 * 60 * 60_000;

export interface WatchDependencies {
  readonly book: SafeguardBook;
  readonly measurements: Pick<Measurements, 'running' | 'firsts'>;
  readonly poller: PrometheusPoller;
  readonly vault: Vault;
  readonly cluster: Pick<Cluster, 'peers' | 'ask' | 'self'>;
  readonly rulesets: Rulesets;
  readonly interventions: Pick<Interventions, 'act'>;
  readonly outliers: Pick<Outliers, 'find'>;
  readonly verdicts: Pick<VerdictStore, 'add'>;
  readonly metrics: SafeguardMetrics;
  readonly log: FastifyBaseLogger;
  readonly now: () => number;
}

/**
 * Judges every safeguard once a second, on every server, from what the instances of all of them measured. It needs no
 * database and no leader: what several of them find is done once.
 */
export class SafeguardWatch {
  readonly #dependencies: WatchDependencies;
  readonly #counters: Counters;
  readonly #versions = new DeployVersions();
  readonly #cases = new Map<string, Case>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #looks = 0;
  #lookedMs = performance.now();
  #isFull = false;
  /** Safeguards that could not be judged, by id: each is told of once. */
  readonly #broken = new Set<string>();

  constructor(dependencies: WatchDependencies) {
    this.#dependencies = dependencies;
    const { book, measurements, cluster, rulesets } = dependencies;
    this.#counters = new Counters(measurements, cluster);
    book.onChange(() => this.#follow());
    this.#follow();
    // Killed or re-armed: what was seen before says nothing of what comes.
    rulesets.onKill(({ environmentId }, { flag }) => this.#forget((each) => each.isOf(environmentId, flag)));
  }

  begin(): void {
    this.#timer = setInterval(() => {
      // One that takes longer than a second is not joined by a second one.
      this.#looking ??= this.look().finally(() => {
        this.#looking = undefined;
      });
    }, LOOK_EVERY_MS).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#dependencies.poller.close();
    await this.#looking;
  }

  /** What is judged of a safeguard at the moment, by flag and variant. */
  casesOf(safeguard: string): Case[] {
    return [...this.#cases.values()].filter((each) => each.safeguard.id === safeguard);
  }

  /** All that is judged in an environment at the moment. */
  casesIn(environmentId: string): Case[] {
    return [...this.#cases.values()].filter((each) => each.safeguard.environmentId === environmentId);
  }

  /** Why Prometheus said nothing last to a safeguard that asks it. */
  explainPolled(safeguard: string): string | undefined {
    return this.#dependencies.poller.explain(safeguard);
  }

  /** The keys of the flags that it watches: those it names, have its tag, or were measured. */
  flagsOf(safeguard: Safeguard): string[] {
    const { book, measurements } = this.#dependencies;
    const { watch, environmentId } = safeguard;
    if ('flag' in watch) return [watch.flag];
    return 'tag' in watch ? book.flagsOf(safeguard) : measurements.running.flagsOf(environmentId);
  }

  /** Never rejects. */
  async look(): Promise<void> {
    const { book, poller, metrics, log } = this.#dependencies;
    const end = metrics.lookSeconds.startTimer();
    try {
      this.#looks += 1;
      if (this.#looks % TAGS_EVERY === 0) this.#tidy();
      if (book.watched().size > 0) await this.#judgeAll();
      else this.#lookedMs = performance.now();
      poller.look();
      for (const { id, step } of poller.take()) this.#judgePolled(id, step);
    } catch (error) {
      log.error({ err: error }, 'safeguards could not be judged');
    }
    metrics.judged.set(this.#cases.size);
    end();
  }

  async #judgeAll(): Promise<void> {
    const increments = await this.#counters.take();
    const { now } = this.#dependencies;
    const tickMs = performance.now();
    const toMs = now();
    // As long as it really was, whatever was done to the clock.
    const span = { fromMs: Math.round(toMs - (tickMs - this.#lookedMs)), toMs };
    this.#lookedMs = tickMs;
    const byFlag = new Map<string, Increment[]>();
    for (const increment of increments) {
      this.#versions.note(increment.environmentId, increment.version, tickMs);
      const place = `${increment.environmentId} ${increment.flag}`;
      const known = byFlag.get(place);
      if (known === undefined) byFlag.set(place, [increment]);
      else known.push(increment);
    }
    let done = 0;
    for (const ofFlag of byFlag.values()) {
      this.#judgeFlag(ofFlag, span);
      if (++done % AT_ONCE === 0) await setImmediate();
    }
  }

  #judgeFlag(increments: readonly Increment[], span: Span): void {
    const { rulesets, book } = this.#dependencies;
    const [{ environmentId, flag } = { environmentId: '', flag: '' }] = increments;
    const ruleset = rulesets.get(environmentId);
    const item = ruleset?.item('flag', flag);
    // Of a killed flag, what comes was measured before.
    if (item === undefined || ruleset?.kills.some((kill) => kill.flag === flag && kill.engaged)) return;
    const document = readFlag(item);
    for (const safeguard of book.of(environmentId, flag)) {
      try {
        this.#judge(safeguard, document, increments, span);
      } catch (error) {
        // Such as one of a kind that only newer servers know: the others are judged.
        if (!this.#broken.has(safeguard.id)) {
          this.#dependencies.log.error({ err: error, safeguard: safeguard.id, flag }, 'a safeguard cannot be judged');
        }
        this.#broken.add(safeguard.id);
      }
    }
  }

  #judge(safeguard: Safeguard, flag: Flag, increments: readonly Increment[], span: Span): void {
    const duties = dutiesOf(safeguard, flag);
    const deploy = this.#deployOf(safeguard);
    if (deploy === 'unknown') return;
    for (const each of duties.sides) {
      const sides = deploy === undefined ? each : { ...each, deploy };
      if (duties.spec.kind === 'sample_ratio') {
        for (const share of sharesOf(flag, sides, duties.spec, span.toMs)) {
          const step = compareBySplit(increments, share.sides, span).get(share.rule);
          if (step !== undefined) this.#caseOf(safeguard, flag.key, share.sides, share.rule, share.spec)?.take(step);
        }
        continue;
      }
      for (const [rule, step] of stepsOf(safeguard, flag, sides, increments, span)) {
        this.#caseOf(safeguard, flag.key, sides, rule, duties.spec)?.take(step);
      }
    }
  }

  /** Undefined: all versions count. */
  #deployOf({ deploy, environmentId, test }: Safeguard): Sides['deploy'] | 'unknown' {
    if (deploy === undefined) return undefined;
    if ('version' in deploy) return { version: deploy.version, isCompared: false };
    const newest = this.#versions.newest(environmentId, performance.now());
    if (newest === undefined) return 'unknown';
    const compares = isComparing(test) || (test.kind === 'crash' && newest.hasOthers);
    return { version: newest.version, isCompared: compares };
  }

  /** What Prometheus says of a flag's candidate, while anyone can be served it. */
  #judgePolled(id: string, step: Step): void {
    const { rulesets, book } = this.#dependencies;
    const safeguard = book.polled.find((each) => each.id === id);
    const ruleset = safeguard && rulesets.get(safeguard.environmentId);
    const item = safeguard && ruleset?.item('flag', safeguard.watch.flag);
    if (safeguard === undefined || item === undefined) return;
    const { flag } = safeguard.watch;
    const document = readFlag(item);
    if (!document.enabled || ruleset?.kills.some((kill) => kill.flag === flag && kill.engaged)) return;
    const duties = dutiesOf(safeguard, document);
    for (const sides of duties.sides) this.#caseOf(safeguard, flag, sides, null, duties.spec)?.take(step);
  }

  #caseOf(safeguard: Safeguard, flag: string, sides: Sides, rule: string | null, spec: TestSpec): Case | undefined {
    const key = JSON.stringify([safeguard.id, flag, sides.candidate, rule]);
    const known = this.#cases.get(key);
    if (known?.isFor(safeguard, sides, spec)) return known;
    if (known === undefined && this.#cases.size >= MAX_CASES) {
      if (!this.#isFull)
        this.#dependencies.log.error({ max: MAX_CASES }, 'too many safeguards and flags: some are not judged');
      this.#isFull = true;
      return undefined;
    }
    const { interventions, outliers, verdicts, metrics, cluster, log, now } = this.#dependencies;
    const server = cluster.self.id;
    const made = new Case(
      { safeguard, flag, sides, rule, spec },
      { interventions, outliers, verdicts, metrics, log, server, now },
    );
    this.#cases.set(key, made);
    return made;
  }

  /** Counts what is to be judged, and forgets what is not any more. */
  #follow(): void {
    const { book, poller, vault } = this.#dependencies;
    this.#broken.clear();
    this.#counters.watch(book.watched());
    poller.follow(
      book.polled.map(({ id, version, project, metric: { source, candidate, baseline, stepMs = POLL_EVERY_MS } }) => ({
        ...{ id, version, candidate, stepMs },
        ...(baseline === undefined ? {} : { baseline }),
        endpoint: () => {
          const found = book.findSource(project, source);
          return found && toEndpoint(vault, found);
        },
      })),
    );
    this.#forget(({ safeguard, flag }) => {
      const present = book.find(safeguard.id);
      return present === undefined || present.version !== safeguard.version || !book.watches(present, flag);
    });
  }

  #tidy(): void {
    const { book } = this.#dependencies;
    if (book.hasTags) void book.refresh();
    this.#forget((each) => each.idleMs > FORGET_MS);
    this.#isFull = false;
  }

  #forget(isGone: (each: Case) => boolean): void {
    for (const [key, each] of this.#cases) if (isGone(each)) this.#cases.delete(key);
  }
}

/** What a look shows of one variant, by rule; null: whatever served it. */
function* stepsOf(
  { test }: Safeguard,
  flag: Flag,
  sides: Sides,
  increments: readonly Increment[],
  span: Span,
): Generator<[rule: string | null, step: Step]> {
  if (sides.deploy?.isCompared) {
    const step = compareVersions(increments, sides, span);
    if (step !== undefined) yield [null, step];
    return;
  }
  if (isComparing(test)) {
    yield* compareBySplit(increments, sides, span);
    return;
  }
  const isCrash = test.kind === 'crash';
  const alone = countAlone(increments, sides, span, !isCrash);
  if (alone !== undefined) yield [null, alone];
  if (!isCrash) return;
  for (const [rule, step] of compareBySplit(increments, sides, span)) {
    const { baseline: _, ...aloneHere } = step;
    // Nobody to compare with, as at 100 %: judged by what no working code reaches.
    yield [rule, servesBaseline(flag, rule, sides.baseline, span.toMs) ? step : aloneHere];
  }
}

/** Items are replaced, never changed, so what was read of one stays true. */
const flags = new WeakMap<Item, Flag>();

export function readFlag(item: Item): Flag {
  const flag = flags.get(item) ?? (JSON.parse(item.json) as Flag);
  flags.set(item, flag);
  return flag;
}
