import { survey } from './compile/graph.ts';
import { countMissingPages } from './compile/keys.ts';
import { Links } from './compile/links.ts';
import { failure } from './compile/outcomes.ts';
import { type Clock, type ContactAge, type LinkedSegment, NO_CLOCK, type Scope } from './compile/scope.ts';
import { compileSegment } from './compile/segment.ts';
import { NEVER, nextIn } from './compile/span.ts';
import { INVALID_CONTEXT } from './conditions/attribute.ts';
import type { DocumentSlot } from './document-slot.ts';
import type { Evaluation } from './evaluation.ts';
import type { FlagSlot } from './flag-slot.ts';
import type { Kills } from './kills.ts';
import type { EvaluationContext, FlagType, Holdout, Kill, Layer, Revision } from './model.ts';
import type { RetiredOutcome } from './retired.ts';
import type { CompiledRuleset } from './ruleset.ts';
import { SegmentSlot } from './segment-slot.ts';
import { describeSubjects, type Subjects } from './subjects.ts';
import type { Item } from './sync/messages.ts';
import { KINDS, type Tables } from './tables.ts';
import { UNKNOWN } from './truth.ts';
import type { VersionedMap } from './versioned-map.ts';

/** What a ruleset is made of; one is derived from another by changing parts. */
export interface RulesetParts {
  readonly revision: Revision;
  readonly committedAtMs: number;
  readonly tables: Tables;
  readonly kills: Kills;
  readonly clock: Clock | undefined;
  readonly contactAge: ContactAge | undefined;
  readonly ambient: EvaluationContext | undefined;
  readonly retired: readonly RetiredOutcome[];
}

/** The one implementation of `CompiledRuleset`. */
export class MemoryRuleset implements CompiledRuleset, Scope {
  readonly parts: RulesetParts;
  readonly clock: Clock | undefined;
  readonly contactAge: ContactAge | undefined;
  readonly ambient: EvaluationContext | undefined;
  readonly generation = {};
  readonly #flags: VersionedMap<FlagSlot>;
  readonly #segments = new Map<string, LinkedSegment | undefined>();
  readonly #notFound = failure('FLAG_NOT_FOUND', 'The ruleset has no such flag; check the key and the environment');
  readonly #noObject = failure('INVALID_CONTEXT', INVALID_CONTEXT.message);
  readonly #unreadable = failure('INVALID_CONTEXT', 'Reading the context threw an exception');
  readonly #noClock = failure('GENERAL', NO_CLOCK.message);
  /** Slots that `validate` has still to look at; undefined before its first call. */
  #unchecked: DocumentSlot<{ readonly key: string }>[] | undefined;

  constructor(parts: RulesetParts) {
    this.parts = parts;
    this.clock = parts.clock;
    this.contactAge = parts.contactAge;
    this.ambient = parts.ambient;
    this.#flags = parts.tables.flag;
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
    return [...this.parts.kills.values()];
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
      return this.explainError(error);
    }
  }

  /** The outcome of an evaluation that threw. Compiled code throws nothing of its own but these two. */
  explainError(error: unknown): Evaluation {
    if (error === INVALID_CONTEXT) return this.#noObject;
    return error === NO_CLOCK ? this.#noClock : this.#unreadable;
  }

  nextChangeMs(key: string, afterMs: number, flowMs: number): number {
    let nextMs = Number.POSITIVE_INFINITY;
    const keys = new Set([key]);
    // A set is walked on to what is added meanwhile.
    for (const each of keys) {
      const slot = this.#flags.get(each);
      if (slot === undefined) continue;
      for (const span of slot.spansIn(this)) nextMs = Math.min(nextMs, nextIn(span, afterMs, flowMs));
      for (const parent of slot.parents) keys.add(parent);
    }
    return nextMs;
  }

  subjectsOf(key: string, outcome: Evaluation): Subjects {
    const flag = outcome.reason === 'SPLIT' ? this.#flags.get(key)?.parse() : undefined;
    return describeSubjects(flag, outcome, this.ambient);
  }

  typeOf(key: string): FlagType | undefined {
    return this.#flags.get(key)?.type;
  }

  isClientVisible(key: string): boolean {
    return this.#flags.get(key)?.clientVisible ?? false;
  }

  validate(limit: number = Number.POSITIVE_INFINITY): number {
    this.#unchecked ??= [...this.#slots()].filter((slot) => !slot.checked).reverse();
    for (let looked = 0; looked < limit; looked++) {
      const slot = this.#unchecked.pop();
      if (slot === undefined) break;
      slot.check();
    }
    return this.#unchecked.length;
  }

  get broken(): readonly string[] {
    return KINDS.flatMap((kind) =>
      [...this.parts.tables[kind].values()]
        .filter((slot) => slot.problem !== undefined || (slot instanceof SegmentSlot && this.#lacksPages(slot)))
        .map(({ key }) => (kind === 'flag' ? key : `${kind}/${key}`)),
    );
  }

  #lacksPages(segment: SegmentSlot): boolean {
    const content = segment.checked ? segment.content : undefined;
    return content !== undefined && countMissingPages(content, this.parts.tables.pages) > 0;
  }

  forEachExposure(visit: (key: string, evaluation: Evaluation) => void): void {
    for (const { key, evaluation } of this.parts.retired) if (evaluation.exposures > 0) visit(key, evaluation);
    for (const { key, outcomes } of this.#flags.values()) {
      for (const evaluation of outcomes) if (evaluation.exposures > 0) visit(key, evaluation);
    }
  }

  *items(): Iterable<Item> {
    for (const kind of KINDS) {
      for (const { key, json } of this.parts.tables[kind].values()) yield { kind, key, json };
    }
  }

  findFlag(key: string): FlagSlot | undefined {
    return this.#flags.get(key);
  }

  findLayer(key: string): Layer | undefined {
    return this.parts.tables.layer.get(key)?.parse();
  }

  findHoldout(key: string): Holdout | undefined {
    return this.parts.tables.holdout.get(key)?.parse();
  }

  /** Linked once for each ruleset. A segment that contains itself is unknown, whichever way one comes to it. */
  findSegment(key: string): LinkedSegment | undefined {
    if (!this.#segments.has(key)) this.#segments.set(key, this.#linkSegment(key));
    return this.#segments.get(key);
  }

  /** Whether a segment contains itself, or unfolds to more others than an evaluation may visit. */
  isCyclicSegment(key: string): boolean {
    const { segment } = this.parts.tables;
    const { isCyclic, isTooLarge } = survey(key, (name) => segment.get(name)?.references ?? []);
    return isCyclic || isTooLarge;
  }

  #linkSegment(key: string): LinkedSegment | undefined {
    const content = this.parts.tables.segment.get(key)?.content;
    if (content === undefined) return undefined;
    if (this.isCyclicSegment(key)) return { test: () => UNKNOWN, spans: NEVER };
    const links = new Links(this.ambient);
    const test = compileSegment(content, links, this.parts.tables.pages);
    links.follow(this);
    return { test, spans: links.spans };
  }

  *#slots(): Iterable<DocumentSlot<{ readonly key: string }>> {
    for (const kind of KINDS) yield* this.parts.tables[kind].values();
  }
}
