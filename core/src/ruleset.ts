import type { Clock, ContactAge } from './compile/scope.ts';
import type { Evaluation } from './evaluation.ts';
import { isEngaged, mergeKills } from './kills.ts';
import { MemoryRuleset } from './memory-ruleset.ts';
import type { EvaluationContext, FlagType, Kill, Revision, Ruleset } from './model.ts';
import type { Subjects } from './subjects.ts';
import type { Item, ItemKind } from './sync/messages.ts';
import { buildTables } from './tables.ts';

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
  /**
   * When time alone may next change what the flag answers someone, after `afterMs` (a time, as those here); Infinity:
   * never. Where that may be at any moment, as on the way of a linear ramp, it is `flowMs` later at the latest.
   */
  nextChangeMs(key: string, afterMs: number, flowMs: number): number;
  /** Whom an outcome of the flag is about: for those who measure what it leads to. Not for the hot path. */
  subjectsOf(key: string, outcome: Evaluation): Subjects;
  /** Type of the flag; undefined when it is unknown or malformed. */
  typeOf(key: string): FlagType | undefined;
  isClientVisible(key: string): boolean;
  /** Parses and validates documents not yet looked at, at most `limit` of them; returns how many are left. */
  validate(limit?: number): number;
  /** Flags found malformed so far; other documents as `segment/beta`, also a segment that lacks pages of its keys. */
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
  /**
   * How long ago a server vouched for what is leased. Without it leases stand: where the ruleset is kept, nobody has lost
   * contact. As the clock, it is asked by flags that need it and by no others.
   */
  readonly contactAge?: ContactAge | undefined;
  /**
   * Attributes that every context has, unless it has one of that name itself: what is true of the whole process. The hot
   * path pays for them only where a flag asks for one. They stay with the rulesets that follow on this one.
   */
  readonly ambient?: EvaluationContext | undefined;
}

/** Compiles documents. Never throws: a document that is no flag answers PARSE_ERROR under its key. */
export function compile(ruleset: Ruleset, options: RulesetOptions = {}): CompiledRuleset {
  const kills = mergeKills(ruleset.kills ?? []);
  const items = [
    ...toItems('flag', ruleset.flags),
    ...toItems('segment', ruleset.segments),
    ...toItems('keys', ruleset.keyPages),
    ...toItems('layer', ruleset.layers),
    ...toItems('holdout', ruleset.holdouts),
  ];
  return new MemoryRuleset({
    revision: ruleset.revision,
    committedAtMs: ruleset.committedAtMs ?? 0,
    tables: buildTables(items, (key) => isEngaged(kills, key)),
    kills,
    clock: options.clock,
    contactAge: options.contactAge,
    ambient: options.ambient,
    retired: [],
  });
}

/** Documents as text; text that is no JSON, which the slot then reports, when a document cannot be written. */
function toItems(kind: ItemKind, documents: readonly { readonly key: string }[] = []): Item[] {
  return documents.map((document, i) => {
    const key = attempt(() => document.key);
    const json = attempt(() => JSON.stringify(document));
    return { kind, key: typeof key === 'string' ? key : `${kind}[${i}]`, json: json ?? '' };
  });
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
