import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import type { CompiledRulesets } from './compiled-rulesets.ts';
import { type Reach, servedKeys, timedPlaces } from './served-keys.ts';

export interface TimeSignalOptions {
  readonly rulesets: Rulesets;
  readonly compiled: CompiledRulesets;
  /** What flags are evaluated by, milliseconds since 1970, UTC. */
  readonly nowMs: () => number;
}

/** While answers flow with time, on the way of a linear ramp or relative to now, this is how often it is told. */
const FLOW_MS = 5_000;
/** A change is looked at when it has been served, and those that come together at once. */
const SETTLE_MS = 50;
/** Clocks are corrected: nothing far away is believed for longer. */
const MAX_WAIT_MS = 60_000;

interface Watch {
  readonly ruleset: LiveRuleset;
  readonly reach: Reach;
  readonly listeners: Set<() => void>;
  /** As of when listeners were last told of anything. */
  sinceMs: number;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Tells when time alone may have changed what an environment serves: at each step of a ramp or window, and now and then
 * while answers flow. Where nobody watches, or nothing depends on the time, nothing runs.
 */
export class TimeSignal {
  readonly #compiled: CompiledRulesets;
  readonly #nowMs: () => number;
  readonly #watches = new Map<string, Watch>();

  constructor({ rulesets, compiled, nowMs }: TimeSignalOptions) {
    this.#compiled = compiled;
    this.#nowMs = nowMs;
    const restart = ({ environmentId }: LiveRuleset) => {
      for (const reach of ['all', 'visible'] as const) {
        const watch = this.#watches.get(`${environmentId} ${reach}`);
        if (watch !== undefined) this.#start(watch);
      }
    };
    rulesets.onChange(restart);
    rulesets.onKill(restart);
    rulesets.onReplace(restart);
  }

  /** Calls `listener` whenever time may have changed what `reach` covers. @returns how to stop it */
  watch(ruleset: LiveRuleset, reach: Reach, listener: () => void): () => void {
    const name = `${ruleset.environmentId} ${reach}`;
    let watch = this.#watches.get(name);
    if (watch === undefined) {
      watch = { ruleset, reach, listeners: new Set(), sinceMs: 0, timer: undefined };
      this.#watches.set(name, watch);
      this.#start(watch);
    }
    const { listeners } = watch;
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0 || this.#watches.get(name) !== watch) return;
      this.#watches.delete(name);
      clearTimeout(watch.timer);
    };
  }

  /** Whoever listens has just been told, or tells itself: of changes and kills. */
  #start(watch: Watch): void {
    watch.sinceMs = this.#nowMs();
    this.#lookIn(watch, SETTLE_MS);
  }

  #lookIn(watch: Watch, waitMs: number): void {
    clearTimeout(watch.timer);
    watch.timer = setTimeout(() => this.#look(watch), Math.min(waitMs, MAX_WAIT_MS)).unref();
  }

  #look(watch: Watch): void {
    const nowMs = this.#nowMs();
    if (this.#dueMs(watch) <= nowMs) {
      watch.sinceMs = nowMs;
      for (const listener of [...watch.listeners]) listener();
    }
    const dueMs = this.#dueMs(watch);
    if (dueMs < Number.POSITIVE_INFINITY) this.#lookIn(watch, Math.max(1, dueMs - nowMs));
  }

  /** When to tell the next time; Infinity: never, until something is changed. */
  #dueMs({ ruleset, reach, sinceMs }: Watch): number {
    const compiled = this.#compiled.get(ruleset);
    const keys = servedKeys(compiled, reach);
    let dueMs = Number.POSITIVE_INFINITY;
    for (const place of timedPlaces(compiled, reach)) {
      dueMs = Math.min(dueMs, compiled.nextChangeMs(keys[place] ?? '', sinceMs, FLOW_MS));
    }
    return dueMs;
  }
}
