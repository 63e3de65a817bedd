import { applyChanges, applyEdits, applySnapshot, type CompiledRuleset, flagItem, type Item } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import { explainConflict } from '../edits/explain-conflict.ts';
import type { EnvironmentPlace, Environments } from '../environments/service.ts';
import type { CompiledRulesets } from '../evaluate/compiled-rulesets.ts';
import { checkTargeting } from '../flags/check-targeting.ts';
import { targetingOf, toServedFlag } from '../flags/flag.ts';
import { refuseArchived } from '../flags/refusals.ts';
import { requireFlag } from '../flags/service.ts';
import { applyTargetingPatch } from '../flags/targeting.ts';
import { validationFailed } from '../http/api-error.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import { fromBit } from '../store/booleans.ts';
import type { Database } from '../store/tables.ts';
import { Turns } from '../stream/turns.ts';
import { findDependents } from './dependents.ts';
import { type Move, Moves, type Sample } from './moves.ts';
import { findContextsBehind } from './repository.ts';
import type { PreviewInput, PreviewSchema } from './schemas.ts';
import { findMode } from './settings-repository.ts';
import type { Keep } from './store-contexts.ts';

export interface PreviewDependencies {
  readonly database: Database;
  readonly environments: Environments;
  readonly rulesets: Rulesets;
  readonly compiled: CompiledRulesets;
  readonly keep: Keep;
  readonly now: () => number;
  /** Hears of work that failed in a turn. */
  readonly report: (error: unknown) => void;
}

type Preview = Static<typeof PreviewSchema>;
type Change = Static<typeof PreviewInput>['changes'][number];

/** Rows read at once: a millisecond or two of a synchronous engine. */
const ROWS_AT_ONCE = 100;
const MAX_TURN_MS = 2.5;
/** Compared at most, the changed ones first. */
const MAX_FLAGS = 100;
const MAX_MOVES = 100;

/** Says whom a change would move, by the contexts seen lately, before anyone saves it. */
export class Previews {
  readonly #dependencies: PreviewDependencies;
  readonly #turns: Turns;

  constructor(dependencies: PreviewDependencies) {
    this.#dependencies = dependencies;
    this.#turns = new Turns({ maxTurnMs: MAX_TURN_MS, observe: () => {}, report: dependencies.report });
  }

  /** @throws {ApiError} as saving the changes would, where they cannot be */
  async preview(project: string, environment: string, changes: readonly Change[]): Promise<Preview> {
    const { database, environments, rulesets, keep, now } = this.#dependencies;
    const place = await environments.find(project, environment);
    const items = await this.#itemsAfter(place, changes);
    const ruleset = rulesets.get(place.environment.id);
    if (ruleset === undefined) throw new Error(`environment ${place.environment.id} is not in memory`);
    const { before, after } = this.#rulesetsOf(ruleset, items);
    const changed = items.map(({ key }) => key);
    const flags = [...changed, ...(await this.#run(findDependents(ruleset.items(), changed)))];
    const moves = new Moves(before, after, flags.slice(0, MAX_FLAGS), now());
    const cut = await this.#evaluateAll(place.environment.id, moves);
    return {
      mode: await findMode(database, place.environment.id),
      sampled: moves.sampled,
      cut,
      retentionHours: Math.round(keep.forMs / 3_600_000),
      moved: moves.moved,
      flagsLeftOut: Math.max(0, flags.length - MAX_FLAGS),
      flags: moves.result().map(({ flag, moves: all }) => ({
        flag,
        moved: all.reduce((sum, { contexts }) => sum + contexts, 0),
        moves: all.slice(0, MAX_MOVES).map(toMove),
      })),
    };
  }

  /** The changed flags, as the environment would serve them. */
  async #itemsAfter({ project, environment }: EnvironmentPlace, changes: readonly Change[]): Promise<Item[]> {
    const { database, now } = this.#dependencies;
    const items = new Map<string, Item>();
    for (const [at, { flag: key, targeting: patch, edits }] of changes.entries()) {
      const path = `changes[${at}]`;
      if ((patch === undefined) === (edits === undefined)) {
        throw validationFailed([{ path, message: 'needs either targeting or edits' }]);
      }
      if (items.has(key))
        throw validationFailed([{ path: `${path}.flag`, message: 'is changed twice; do so at once' }]);
      const { row, environments } = await requireFlag(database, project.key, key);
      refuseArchived(row);
      const stored = environments.find((candidate) => candidate.environment_id === environment.id);
      if (stored === undefined) throw new Error(`flag ${row.id} has no targeting in environment ${environment.id}`);
      const was = targetingOf(stored);
      const targeting =
        patch === undefined
          ? explainConflict(() => applyEdits(was, edits ?? [], now()))
          : applyTargetingPatch(was, patch, now());
      const problems = await checkTargeting(database, row, environment, was, targeting);
      if (problems.length > 0) {
        throw validationFailed(problems.map((problem) => ({ ...problem, path: `${path}.${problem.path}` })));
      }
      items.set(key, flagItem(toServedFlag(row, targeting)));
    }
    return [...items.values()];
  }

  /** A ruleset of its own for either side: the one that is served must not be slowed down. */
  #rulesetsOf(ruleset: LiveRuleset, items: readonly Item[]): { before: CompiledRuleset; after: CompiledRuleset } {
    const { compiled, now } = this.#dependencies;
    const { revision, committedAtMs, kills } = ruleset;
    const header = { revision, committedAtMs, timeMs: now() };
    const previous = compiled.get(ruleset);
    const snapshot = { ...header, type: 'snapshot', kills, items: ruleset.items() } as const;
    const before = applySnapshot(snapshot, { clock: now, previous });
    const next = { ...revision, number: revision.number + 1 };
    const changes = { ...header, type: 'changes', revision: next, from: revision.number, delete: [], items } as const;
    const after = applyChanges(before, changes);
    if (after === undefined) throw new Error('changes of a ruleset follow on it');
    return { before, after };
  }

  /** @returns how many contexts were cut */
  async #evaluateAll(environmentId: string, moves: Moves): Promise<number> {
    const { database, keep, now } = this.#dependencies;
    const sinceMs = now() - keep.forMs;
    let cut = 0;
    for (let subject = ''; ; ) {
      const rows = await findContextsBehind(database, { environmentId, sinceMs, subject, limit: ROWS_AT_ONCE });
      const samples: Sample[] = [];
      await this.#run(
        (function* () {
          for (const row of rows) {
            samples.push({ subject: row.subject, context: JSON.parse(row.context) });
            yield;
          }
          yield* moves.add(samples);
        })(),
      );
      cut += rows.filter((row) => fromBit(row.is_cut)).length;
      if (rows.length < ROWS_AT_ONCE) return cut;
      subject = rows.at(-1)?.subject ?? '';
    }
  }

  /** In turns, and what it comes to. */
  async #run<T>(work: Generator<void, T>): Promise<T> {
    let outcome: { readonly value: T } | undefined;
    let failure: { readonly error: unknown } | undefined;
    await this.#turns.run(
      (function* () {
        try {
          outcome = { value: yield* work };
        } catch (error) {
          failure = { error };
        }
      })(),
    );
    if (failure !== undefined) throw failure.error;
    if (outcome === undefined) throw new Error('the work has not ended');
    return outcome.value;
  }
}

function toMove({ before, after, contexts, examples }: Move): Preview['flags'][number]['moves'][number] {
  return {
    before: toAnswer(before),
    after: toAnswer(after),
    contexts,
    examples: examples.map(({ subject, context }) => ({ subject, context })),
  };
}

function toAnswer({ variant, value, reason, errorCode, metadata }: Move['before']) {
  const { ruleId, cause } = metadata;
  return {
    variant: variant ?? null,
    value: value ?? null,
    reason,
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(typeof ruleId === 'string' ? { ruleId } : {}),
    ...(typeof cause === 'string' ? { cause } : {}),
  };
}
