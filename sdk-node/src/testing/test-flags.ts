import { isDeepStrictEqual } from 'node:util';
import type { CompiledRuleset, EvaluationContext, Flag, Json, PathName } from '@bunting/core';
import { Client } from '../client.ts';
import type { Flags, TrackingDetails } from '../flags.ts';
import { stderrLogger } from '../logger.ts';
import { type TestValue, toFlag } from './flag-document.ts';
import { MemorySource } from './memory-source.ts';

/** One evaluation that the code under test made. */
export interface RecordedExposure {
  readonly key: string;
  readonly value: Json;
  /** Undefined: the caller's default was served. */
  readonly variant: string | undefined;
  readonly context: EvaluationContext | undefined;
}

/** One call of `track`. */
export interface TrackedEvent {
  readonly name: string;
  readonly context: EvaluationContext | undefined;
  readonly details: TrackingDetails | undefined;
}

/** What the code paths of one flag did. */
export interface Measured {
  /** By path, and by the variant that was served; empty where it was the default. */
  readonly paths: readonly MeasuredPath[];
  /** Of results that were compared, how many there were and how many differed; and how many could not be compared. */
  readonly compared: number;
  readonly mismatched: number;
  readonly skipped: number;
}
export interface MeasuredPath {
  readonly path: PathName;
  readonly variant: string;
  readonly count: number;
  readonly errors: number;
  readonly timeouts: number;
}

/** Flags that a test sets. Everything else is as in production: the evaluator, the details, the events. */
export interface TestFlags extends Flags {
  /**
   * Sets what a flag serves to everyone, or its whole document. Takes effect at once; `change` is told.
   * @throws TypeError when that cannot be a flag
   */
  set(key: string, value: TestValue): void;
  /** Goes back to the initial flags, and forgets exposures, events and what was measured. */
  reset(): void;
  /** The evaluations since the start or the last `reset`, in order. */
  readonly exposures: readonly RecordedExposure[];
  /** The events that the code under test tracked since then, in order. */
  readonly tracked: readonly TrackedEvent[];
  /** What `run`, `migrate` and `shadow` have measured of a flag since then. What runs beside an answer comes a turn later. */
  measured(key: string): Measured;
  /** @throws Error that says what was evaluated instead, unless the flag was evaluated (and answered that value) */
  expectExposed(key: string, ...value: [] | [Json]): void;
}

/**
 * Flags in memory, for tests. No server, no timers, nothing to close. A flag that is not set answers the caller's
 * default, with FLAG_NOT_FOUND.
 *
 * ```ts
 * const flags = createTestFlags({ 'new-checkout': true });
 * checkOut(flags, cart);
 * flags.expectExposed('new-checkout', true);
 * ```
 *
 * @throws TypeError when a value cannot be a flag
 */
export function createTestFlags(initial: Readonly<Record<string, TestValue>> = {}): TestFlags {
  const flags = Object.entries(initial).map(([key, value]) => toFlag(key, value));
  return new MemoryFlags(flags);
}

/** For the kit's own parts: see `memoryOf`. */
export class MemoryFlags extends Client implements TestFlags {
  readonly #initial: readonly Flag[];
  readonly #source: MemorySource;
  #exposures: RecordedExposure[] = [];
  #tracked: TrackedEvent[] = [];

  constructor(initial: readonly Flag[]) {
    let opened: MemorySource | undefined;
    super(stderrLogger, (listeners) => {
      opened = new MemorySource(listeners, initial);
      return opened;
    });
    this.#initial = initial;
    // `super` has called the function by now.
    this.#source = opened as unknown as MemorySource;
    this.addHook({
      finally: ({ context }, { key, value, variant }) => this.record({ key, value, variant, context }),
    });
  }

  get ruleset(): CompiledRuleset {
    // There is one from the constructor on.
    return this.#source.ruleset as CompiledRuleset;
  }

  record(exposure: RecordedExposure): void {
    this.#exposures.push(exposure);
  }

  set(key: string, value: TestValue): void {
    this.#source.put(toFlag(key, value));
  }

  reset(): void {
    this.#source.replace(this.#initial);
    this.#exposures = [];
    this.#tracked = [];
    this.#source.paths.clear();
  }

  measured(key: string): Measured {
    const { paths, comparisons } = this.#source.paths.read();
    const compared = comparisons.filter(({ flag }) => flag === key);
    const sum = (field: 'compared' | 'mismatched' | 'skipped') => compared.reduce((all, each) => all + each[field], 0);
    return {
      paths: paths
        .filter(({ flag, count }) => flag === key && count > 0)
        .map(({ path, variant, count, errors, timeouts = 0 }) => ({ path, variant, count, errors, timeouts })),
      compared: sum('compared'),
      mismatched: sum('mismatched'),
      skipped: sum('skipped'),
    };
  }

  override track(name: string, context?: EvaluationContext, details?: TrackingDetails): void {
    this.#tracked.push({ name, context, details });
  }

  get tracked(): readonly TrackedEvent[] {
    return this.#tracked;
  }

  get exposures(): readonly RecordedExposure[] {
    return this.#exposures;
  }

  expectExposed(key: string, ...value: [] | [Json]): void {
    const ofFlag = this.#exposures.filter((exposure) => exposure.key === key);
    if (ofFlag.some((exposure) => value.length === 0 || isDeepStrictEqual(exposure.value, value[0]))) return;
    const wanted = value.length === 0 ? '' : ` to ${print(value[0])}`;
    throw new Error(`Expected the flag '${key}' to be evaluated${wanted}, but ${this.#describe(ofFlag)}.`);
  }

  #describe(ofFlag: readonly RecordedExposure[]): string {
    if (ofFlag.length > 0) return `it answered ${listOnce(ofFlag.map((exposure) => print(exposure.value)))}`;
    if (this.#exposures.length === 0) return 'no flag was evaluated';
    return `only ${listOnce(this.#exposures.map((exposure) => `'${exposure.key}'`))} was evaluated`;
  }
}

/** @throws TypeError when they are not of `createTestFlags` */
export function memoryOf(flags: TestFlags): MemoryFlags {
  if (flags instanceof MemoryFlags) return flags;
  throw new TypeError('Give the flags that createTestFlags() made');
}

function print(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}

function listOnce(texts: readonly string[]): string {
  return [...new Set(texts)].join(', ');
}
