import { failure } from './compile/outcomes.ts';
import type { Clock, Scope } from './compile/run.ts';
import { INVALID_CONTEXT } from './conditions/attribute.ts';
import type { Evaluation } from './evaluation.ts';
import { FlagSlot } from './flag-slot.ts';
import type { EvaluationContext, FlagType, Kill, Revision, Ruleset } from './model.ts';
import type { Item } from './sync/messages.ts';
import { VersionedMap } from './versioned-map.ts';

/** One environment's ruleset in memory. Immutable from outside; flags are parsed, validated and compiled lazily. */
export interface CompiledRuleset {
  readonly revision: Revision;
  /** When the revision was committed, milliseconds since 1970, UTC. */
  readonly committedAtMs: number;
  /** How many flags it has. */
  readonly size: number;
  has(key: string): boolean;
  keys(): Iterable<string>;
  /**
   * Never throws. Unknown flag: FLAG_NOT_FOUND; malformed flag: PARSE_ERROR for that flag alone; a context that is no
   * object or cannot be read: INVALID_CONTEXT. Without `nowMs` (milliseconds since 1970, UTC) the ruleset's clock is
   * asked, by flags that depend on the time and by no others.
   */
  evaluate(key: string, context: EvaluationContext, nowMs?: number): Evaluation;
  /** Type of the flag; undefined when it is unknown or malformed. */
  typeOf(key: string): FlagType | undefined;
  isClientVisible(key: string): boolean;
  /** Parses and validates flags not yet looked at, at most `limit` of them; returns how many are left. */
  validate(limit?: number): number;
  /** Flags found malformed so far. */
  readonly broken: readonly string[];
  /**
   * Visits the outcomes that have exposures > 0, also those of flags that were replaced or deleted since. The visitor
   * counts them and sets `exposures` back to 0.
   */
  forEachExposure(visit: (key: string, evaluation: Evaluation) => void): void;
  /** Its items as text, for caches and snapshots. */
  items(): Iterable<Item>;
  readonly kills: readonly Kill[];
}

/** What a ruleset may be given besides its documents. */
export interface RulesetOptions {
  /**
   * The time, milliseconds since 1970, UTC; an SDK gives its own clock corrected by the server's. Without one, a flag
   * that depends on the time answers GENERAL unless `evaluate` is given `nowMs`.
   */
  readonly clock?: Clock;
}

/** Compiles documents. Never throws: a document that is no flag answers PARSE_ERROR under its key. */
export function compile(ruleset: Ruleset, options: RulesetOptions = {}): CompiledRuleset {
  const kills = mergeKills(ruleset.kills ?? []);
  const slots = new Map<string, FlagSlot>();
  for (const [i, flag] of ruleset.flags.entries()) {
    const key = typeof flag?.key === 'string' ? flag.key : `flags[${i}]`;
    slots.set(key, new FlagSlot(key, stringify(flag), isEngaged(kills, key)));
  }
  return new MemoryRuleset({
    revision: ruleset.revision,
    committedAtMs: ruleset.committedAtMs ?? 0,
    flags: new VersionedMap(slots),
    killed: kills,
    clock: options.clock,
    retired: [],
  });
}

/** JSON text, or text that is none (which the flag's slot reports) when the document cannot be written as JSON. */
function stringify(document: unknown): string {
  try {
    return JSON.stringify(document) ?? '';
  } catch {
    return '';
  }
}

/** An outcome whose flag is no longer in the ruleset in that form, with exposures not yet counted. */
interface RetiredOutcome {
  readonly key: string;
  readonly evaluation: Evaluation;
}

export interface RulesetParts {
  readonly revision: Revision;
  readonly committedAtMs: number;
  readonly flags: VersionedMap<FlagSlot>;
  /** The latest kill or re-arm of each flag. */
  readonly killed: ReadonlyMap<string, Kill>;
  readonly clock: Clock | undefined;
  readonly retired: readonly RetiredOutcome[];
}

/** The one implementation of `CompiledRuleset`; `sync/apply.ts` derives one from another. */
export class MemoryRuleset implements CompiledRuleset, Scope {
  readonly parts: RulesetParts;
  readonly clock: Clock | undefined;
  readonly #flags: VersionedMap<FlagSlot>;
  readonly #notFound = failure('FLAG_NOT_FOUND', 'The ruleset has no such flag; check the key and the environment');
  readonly #invalidContext = failure('INVALID_CONTEXT', 'The context must be an object');
  readonly #unreadable = failure('INVALID_CONTEXT', 'Reading the context threw an exception');
  /** Slots that `validate` has still to look at; undefined before its first call. */
  #unchecked: FlagSlot[] | undefined;

  constructor(parts: RulesetParts) {
    this.parts = parts;
    this.clock = parts.clock;
    this.#flags = parts.flags;
  }

  get revision(): Revision {
    return this.parts.revision;
  }

  get committedAtMs(): number {
    return this.parts.committedAtMs;
  }

  get size(): number {
    return this.#flags.size;
  }

  get kills(): readonly Kill[] {
    return [...this.parts.killed.values()];
  }

  has(key: string): boolean {
    return this.#flags.get(key) !== undefined;
  }

  keys(): Iterable<string> {
    return this.#flags.keys();
  }

  evaluate(key: string, context: EvaluationContext, nowMs: number = Number.NaN): Evaluation {
    const slot = this.#flags.get(key);
    if (slot === undefined) return this.#notFound;
    try {
      return slot.run(context, nowMs, this);
    } catch (error) {
      return error === INVALID_CONTEXT ? this.#invalidContext : this.#unreadable;
    }
  }

  typeOf(key: string): FlagType | undefined {
    return this.#flags.get(key)?.type;
  }

  isClientVisible(key: string): boolean {
    return this.#flags.get(key)?.clientVisible ?? false;
  }

  validate(limit: number = Number.POSITIVE_INFINITY): number {
    this.#unchecked ??= [...this.#flags.values()].filter((slot) => !slot.checked).reverse();
    for (let looked = 0; looked < limit; looked++) {
      const slot = this.#unchecked.pop();
      if (slot === undefined) break;
      slot.check();
    }
    return this.#unchecked.length;
  }

  get broken(): readonly string[] {
    const broken: string[] = [];
    for (const slot of this.#flags.values()) if (slot.broken) broken.push(slot.key);
    return broken;
  }

  forEachExposure(visit: (key: string, evaluation: Evaluation) => void): void {
    for (const { key, evaluation } of this.parts.retired) if (evaluation.exposures > 0) visit(key, evaluation);
    for (const slot of this.#flags.values()) {
      for (const evaluation of slot.outcomes) if (evaluation.exposures > 0) visit(slot.key, evaluation);
    }
  }

  *items(): Iterable<Item> {
    for (const slot of this.#flags.values()) yield { kind: 'flag', key: slot.key, json: slot.json };
  }
}

/** The outcomes of `slots` that still hold counts, and those of `earlier` that do. */
export function retire(earlier: readonly RetiredOutcome[], slots: Iterable<FlagSlot>): readonly RetiredOutcome[] {
  const retired = earlier.filter(({ evaluation }) => evaluation.exposures > 0);
  for (const { key, outcomes } of slots) {
    for (const evaluation of outcomes) if (evaluation.exposures > 0) retired.push({ key, evaluation });
  }
  return retired;
}

/** The latest of each flag's kills and re-arms. */
export function mergeKills(kills: Iterable<Kill>): ReadonlyMap<string, Kill> {
  const merged = new Map<string, Kill>();
  for (const kill of kills) {
    if (outranks(kill, merged.get(kill.flag))) merged.set(kill.flag, kill);
  }
  return merged;
}

/** Whether `kill` comes after `other`: by epoch, and at equal epochs a kill after a re-arm. */
export function outranks(kill: Kill, other: Kill | undefined): boolean {
  if (other === undefined || kill.epoch > other.epoch) return true;
  return kill.epoch === other.epoch && kill.engaged && !other.engaged;
}

export function isEngaged(kills: ReadonlyMap<string, Kill>, key: string): boolean {
  return kills.get(key)?.engaged === true;
}
