import type { EvaluationContext } from '@bunting/core';
import type { FastifyBaseLogger } from 'fastify';
import type { Metrics } from '../metrics/metrics.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import { coalesce } from '../store/coalesce.ts';
import type { Store } from '../store/store.ts';
import { KnownAttributes } from './known-attributes.ts';
import type { KnownSettings } from './known-settings.ts';
import { PageSampler } from './page-sampler.ts';
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
/** Old samples go without new ones coming, too. */
const SWEEP_MS = 10 * 60_000;

interface Environment {
  readonly ruleset: LiveRuleset;
  pending: PendingContexts;
  /** What is being stored. */
  storing: PendingContexts | undefined;
  attempts: number;
  readonly attributes: KnownAttributes;
  /** Subjects behind this one are not kept: there are enough before it. */
  lastSubject: string | undefined;
}

/** Takes what SDKs and pages tell of contexts, and stores it a little later, in batches. Whoever tells never waits. */
export class ContextRecorder implements ContextSink {
  readonly #dependencies: RecorderDependencies;
  readonly #environments = new Map<string, Environment>();
  readonly #pages = new PageSampler();
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
    const { metrics, now } = this.#dependencies;
    const environment = this.#environmentOf(ruleset);
    const { pending, lastSubject } = environment;
    metrics.contexts.inc({ source }, report.samples.length);
    pending.add(source, report, now(), (subject) => lastSubject === undefined || subject <= lastSubject);
    if (!pending.isEmpty) this.#schedule();
  }

  see(ruleset: LiveRuleset, context: EvaluationContext): void {
    const report = this.#pages.sample(ruleset, this.settingsOf(ruleset), context, this.#dependencies.now());
    if (report !== undefined) this.record(ruleset, 'page', report);
  }

  /** Stores what is left, and takes no more. */
  async close(): Promise<void> {
    clearInterval(this.#sweep);
    await this.flush();
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #environmentOf(ruleset: LiveRuleset): Environment {
    const settings = this.settingsOf(ruleset);
    let environment = this.#environments.get(ruleset.environmentId);
    if (environment === undefined) {
      const pending = new PendingContexts(settings);
      const attributes = new KnownAttributes();
      environment = { ruleset, pending, storing: undefined, attempts: 0, attributes, lastSubject: undefined };
      this.#environments.set(ruleset.environmentId, environment);
    }
    // What was taken under other settings may not be kept any more.
    if (environment.pending.settings !== settings) {
      environment.pending = new PendingContexts(settings);
      environment.lastSubject = undefined;
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
      for (const environment of this.#environments.values()) {
        if (await this.#store(environment)) continue;
        // Settings have changed, or someone was erased: what waits may hold what must not be stored any more.
        for (const { ruleset } of this.#environments.values()) this.#forget(ruleset.environmentId);
        await settings.catchUp();
        break;
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
    const { store, settings, metrics, now, keep } = this.#dependencies;
    const { ruleset, attributes, storing, pending } = environment;
    // What failed comes first, under the settings that hold now.
    const batch = storing?.settings === this.settingsOf(ruleset) ? storing : pending;
    if (batch.isEmpty) return true;
    if (batch === pending) {
      environment.storing = batch;
      environment.attempts = 0;
      environment.pending = new PendingContexts(this.settingsOf(ruleset));
    }
    environment.attempts += 1;
    const news = attributes.choose(batch.attributes, now());
    try {
      const { environmentId } = ruleset;
      const stored = await storeContexts(store, {
        ...{ environmentId, samples: batch.samples, attributes: news, nowMs: now(), keep },
        knownCount: settings.knownCount,
      });
      if (stored === undefined) return false;
      environment.lastSubject = stored.lastSubject;
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

  #forget(environmentId: string): void {
    const environment = this.#environments.get(environmentId);
    if (environment === undefined) return;
    environment.pending = new PendingContexts(this.settingsOf(environment.ruleset));
    environment.storing = undefined;
    environment.lastSubject = undefined;
    environment.attributes.forget();
  }

  async #deleteExpired(): Promise<void> {
    const { store, log, now, keep } = this.#dependencies;
    await deleteExpired(store.database, now(), keep).catch((error) =>
      log.debug({ err: error }, 'no sweep of contexts'),
    );
  }
}
