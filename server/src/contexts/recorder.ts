import type { EvaluationContext } from '@bunting/core';
import type { FastifyBaseLogger } from 'fastify';
import type { Metrics } from '../metrics/metrics.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import { coalesce } from '../store/coalesce.ts';
import type { Store } from '../store/store.ts';
import { ContextSampler } from './context-sampler.ts';
import { KnownAttributes } from './known-attributes.ts';
import type { KnownSettings } from './known-settings.ts';
import { PendingContexts } from './pending.ts';
import type { ContextReport, ContextSink, ContextSource, SamplingSettings } from './sink.ts';
import { deleteExpired, type Keep, storeContexts } from './store-contexts.ts';

export interface RecorderDependencies {
  readonly store: Store;
  readonly settings: KnownSettings;
  readonly metrics: Metrics;
  readonly log: FastifyBaseLogger;
  readonly now: () => number;
  readonly keep: Keep;
}

/** What was told waits so long for more, in milliseconds; each failure doubles it. */
const FLUSH_MS = 5_000;
const MAX_FLUSH_MS = 60_000;
/** What cannot be stored as often as this is given up: the environment may be gone. */
const MAX_ATTEMPTS = 5;
/** For so long nothing behind the last subject is taken, in milliseconds: then there may be room again. */
const FULL_MS = 60_000;
/** Old samples go without new ones coming, too. */
const SWEEP_MS = 10 * 60_000;

interface Environment {
  readonly ruleset: LiveRuleset;
  /** The count of the settings that `pending` and `storing` were made under. */
  count: number;
  pending: PendingContexts;
  /** What is being stored. */
  storing: PendingContexts | undefined;
  attempts: number;
  readonly attributes: KnownAttributes;
  /** Subjects behind this one are not kept: there were enough before it at that time. */
  full: { readonly lastSubject: string; readonly atMs: number } | undefined;
}

/** Takes what SDKs and pages tell of contexts, and stores it a little later, in batches. Whoever tells never waits. */
export class ContextRecorder implements ContextSink {
  readonly #dependencies: RecorderDependencies;
  readonly #environments = new Map<string, Environment>();
  readonly #sampler = new ContextSampler();
  readonly #sweep: NodeJS.Timeout;
  #timer: NodeJS.Timeout | undefined;
  #delayMs = FLUSH_MS;
  #isClosed = false;
  /** Stores what waits. Never rejects. */
  readonly flush = coalesce(() => this.#flush());

  constructor(dependencies: RecorderDependencies) {
    this.#dependencies = dependencies;
    this.#sweep = setInterval(() => void this.#deleteExpired(), SWEEP_MS).unref();
  }

  settingsOf(ruleset: LiveRuleset): SamplingSettings {
    return this.#dependencies.settings.of(ruleset);
  }

  onSettings(listener: (environmentId: string) => void): void {
    this.#dependencies.settings.onChange(listener);
  }

  record(ruleset: LiveRuleset, source: ContextSource, report: ContextReport): void {
    const { metrics } = this.#dependencies;
    const nowMs = this.#dependencies.now();
    const environment = this.#environmentOf(ruleset);
    const { pending, full } = environment;
    const lastSubject = full !== undefined && nowMs - full.atMs < FULL_MS ? full.lastSubject : undefined;
    metrics.contexts.inc({ source }, report.samples.length);
    pending.add(source, report, nowMs, (subject) => lastSubject === undefined || subject <= lastSubject);
    if (!pending.isEmpty) this.#schedule();
  }

  see(ruleset: LiveRuleset, source: ContextSource, context: EvaluationContext): void {
    const report = this.#sampler.sample(ruleset, this.settingsOf(ruleset), context, this.#dependencies.now());
    if (report !== undefined) this.record(ruleset, source, report);
  }

  /** Stores what is left, and takes no more. */
  async close(): Promise<void> {
    clearInterval(this.#sweep);
    await this.flush();
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #environmentOf(ruleset: LiveRuleset): Environment {
    const { knownCount: count } = this.#dependencies.settings;
    const settings = this.settingsOf(ruleset);
    let environment = this.#environments.get(ruleset.environmentId);
    if (environment === undefined) {
      const pending = new PendingContexts(settings);
      const state = { count, pending, storing: undefined, attempts: 0, full: undefined };
      environment = { ruleset, attributes: new KnownAttributes(), ...state };
      this.#environments.set(ruleset.environmentId, environment);
    }
    // Settings have changed, or someone was erased: what was taken before may hold what must not be stored any more.
    if (environment.count !== count) {
      environment.count = count;
      environment.pending = new PendingContexts(settings);
      environment.storing = undefined;
      environment.full = undefined;
      environment.attributes.forget();
    }
    return environment;
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.flush();
    }, this.#delayMs).unref();
  }

  async #flush(): Promise<void> {
    const { log, settings } = this.#dependencies;
    try {
      for (const { ruleset } of this.#environments.values()) {
        const environment = this.#environmentOf(ruleset);
        if (!(await this.#store(environment))) await settings.catchUp();
      }
      this.#delayMs = FLUSH_MS;
    } catch (error) {
      if (this.#delayMs === FLUSH_MS) log.warn({ err: error }, 'sampled contexts cannot be stored now');
      this.#delayMs = Math.min(MAX_FLUSH_MS, 2 * this.#delayMs);
      this.#schedule();
    }
  }

  /** @returns false when there are other settings than are known here: nothing was stored */
  async #store(environment: Environment): Promise<boolean> {
    const { store, metrics, now, keep } = this.#dependencies;
    const { ruleset, attributes, count, pending } = environment;
    // What failed comes first.
    const batch = environment.storing ?? pending;
    if (batch.isEmpty) return true;
    if (batch === pending) {
      environment.storing = batch;
      environment.attempts = 0;
      environment.pending = new PendingContexts(pending.settings);
    }
    environment.attempts += 1;
    const news = attributes.choose(batch.attributes, now());
    try {
      const { environmentId } = ruleset;
      const stored = await storeContexts(store, {
        ...{ environmentId, samples: batch.samples, attributes: news, nowMs: now(), keep },
        count,
      });
      if (stored === undefined) return false;
      const { lastSubject } = stored;
      environment.full = lastSubject === undefined ? undefined : { lastSubject, atMs: now() };
      attributes.note(news, now());
      metrics.droppedContexts.inc(batch.dropped);
      environment.storing = undefined;
    } catch (error) {
      if (environment.attempts < MAX_ATTEMPTS) throw error;
      metrics.droppedContexts.inc(batch.dropped + batch.samples.length);
      environment.storing = undefined;
    }
    if (!environment.pending.isEmpty) this.#schedule();
    return true;
  }

  async #deleteExpired(): Promise<void> {
    const { store, log, now, keep } = this.#dependencies;
    await deleteExpired(store.database, now(), keep).catch((error) =>
      log.debug({ err: error }, 'no sweep of contexts'),
    );
  }
}
