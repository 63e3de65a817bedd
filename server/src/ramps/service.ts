import { applyEdits, type TargetingEdit } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import type { Draft } from '../changes/draft.ts';
import { explainConflict } from '../edits/explain-conflict.ts';
import type { Environments } from '../environments/service.ts';
import { checkTargeting } from '../flags/check-targeting.ts';
import { type Targeting, targetingOf } from '../flags/flag.ts';
import type { MigrationGuard } from '../flags/migration-guard.ts';
import { refuseArchived } from '../flags/refusals.ts';
import { findFlagEnvironments, findFlagsByKey } from '../flags/repository.ts';
import { requireFlag } from '../flags/service.ts';
import type { FlagPlace } from '../flags/targeting-service.ts';
import { leadsSomewhere, saveStep, type TargetingStep } from '../flags/targeting-step.ts';
import { ApiError, validationFailed } from '../http/api-error.ts';
import { DEFAULT_LIMIT, type Page, type PageRequest, readCursor, toPage } from '../http/page.ts';
import { refuseRamp } from '../line/refuse-ramp.ts';
import { servedBy } from '../segments/service.ts';
import type { Database } from '../store/tables.ts';
import { type Ramp, toRamps } from './ramp.ts';
import { holdEdits, resumeEdits } from './ramp-edits.ts';
import { findRampFlags } from './repository.ts';
import type { RampAnswer } from './schemas.ts';

export interface RampsDependencies {
  readonly database: Database;
  readonly changes: Changes;
  readonly environments: Environments;
  readonly migrations: MigrationGuard;
  readonly now: () => number;
}

type Answer = Static<typeof RampAnswer>;

/** What is done to a flag's ramps. */
interface Deed {
  readonly action: 'ramp.held' | 'ramp.resumed';
  readonly reason: string;
  /** Undefined: whatever holds them. */
  readonly cause: string | undefined;
  readonly editsOf: (targeting: Targeting, nowMs: number) => readonly TargetingEdit[];
}

/** Splits that follow a schedule: stopping them, and letting them go on. */
export class Ramps {
  readonly #dependencies: RampsDependencies;

  constructor(dependencies: RampsDependencies) {
    this.#dependencies = dependencies;
  }

  /** Those of an environment, by the keys of their flags. */
  async list(
    place: { readonly project: string; readonly environment: string },
    { cursor, limit = DEFAULT_LIMIT }: PageRequest,
  ): Promise<Page<Ramp>> {
    const { database, environments, now } = this.#dependencies;
    const [afterKey] = readCursor(cursor, ['string']) ?? [];
    const { project, environment } = await environments.find(place.project, place.environment);
    const keys = await findRampFlags(database, environment.id, { afterKey, limit: limit + 1 });
    const page = toPage(keys, limit, (key) => [key]);
    const flags = await findFlagsByKey(database, project.id, page.items);
    const rows = await findFlagEnvironments(
      database,
      flags.map(({ id }) => id),
    );
    const nowMs = now();
    const items = page.items.flatMap((key) => {
      const id = flags.find((flag) => flag.key === key)?.id;
      const row = rows.find(({ flag_id, environment_id }) => flag_id === id && environment_id === environment.id);
      return row === undefined ? [] : toRamps(key, targetingOf(row), nowMs);
    });
    return { ...page, items };
  }

  /**
   * Stops whatever of a flag would expose more people by time. It moves nobody, so it needs no approval and waits for no
   * freeze. Ramps that are held already get the cause, too.
   * @param cause what holds them: they go on when no cause is left. Default: the caller
   * @throws {ApiError} `not_found`; `conflict` when there is nothing to hold
   */
  async hold(caller: Caller, place: FlagPlace, reason: string, cause = causeOf(caller)): Promise<Answer> {
    const held = { id: cause, by: caller.actor.name, reason };
    const editsOf: Deed['editsOf'] = (targeting, nowMs) => holdEdits(targeting, held, nowMs);
    const answer = await this.#do(caller, place, { action: 'ramp.held', reason, cause, editsOf });
    if (answer.changed || answer.ramps.some((ramp) => ramp.held !== null)) return answer;
    throw new ApiError(
      'conflict',
      `Flag "${place.flag}" has no ramp in ${place.environment} that would expose more people by itself: there is ` +
        'nothing to hold. To turn the flag off at once, kill it.',
    );
  }

  /**
   * Takes a cause away (undefined: all) from what holds a flag's ramps; those that nothing holds any more go on.
   * @throws {ApiError} `not_found`; `approval_required` or `environment_frozen`, also when a signal or safeguard asks;
   * `edit_conflict` when a ramp cannot go on from where it is
   */
  resume(caller: Caller, place: FlagPlace, reason: string, cause?: string): Promise<Answer> {
    const editsOf: Deed['editsOf'] = (targeting, nowMs) => resumeEdits(targeting, cause, nowMs);
    return this.#do(caller, place, { action: 'ramp.resumed', reason, cause, editsOf });
  }

  async #do(caller: Caller, place: FlagPlace, deed: Deed): Promise<Answer> {
    const { changes, environments } = this.#dependencies;
    const { project } = place;
    const commit = await changes.commit({ comment: deed.reason, ...caller }, async (draft) => {
      const { environment } = await environments.find(project, place.environment, draft.tx);
      const { row, environments: rows } = await requireFlag(draft.tx, project, place.flag);
      const before = rows.find(({ environment_id }) => environment_id === environment.id);
      if (before === undefined) throw new Error(`flag ${row.id} has no targeting in environment ${environment.id}`);
      refuseArchived(row);
      const was = targetingOf(before);
      const edits = deed.editsOf(was, draft.atMs);
      const targeting = explainConflict(() => applyEdits(was, edits, draft.atMs));
      const step = { project, row, environment, before, was, targeting };
      const changed = leadsSomewhere(step);
      if (changed) await this.#save(draft, deed, step);
      return { environment, changed, ramps: toRamps(place.flag, targeting, draft.atMs) };
    });
    const { environment, changed, ramps } = commit.result;
    return { changed, ramps, revision: servedBy(commit, environment).revision };
  }

  async #save(draft: Draft, { action, reason, cause }: Deed, step: TargetingStep): Promise<void> {
    const { project, row, environment, was, targeting } = step;
    const problems = await checkTargeting(draft.tx, row, environment, was, targeting);
    if (problems.length > 0) throw validationFailed(problems);
    await refuseRamp(draft.tx, environment, was, targeting, draft.atMs);
    await this.#dependencies.migrations.check(draft, step);
    await saveStep(draft, { ...step, isUnguarded: heldIn(targeting) >= heldIn(was) });
    await draft.audit({
      action,
      ...{ project, environment: environment.key, target: { kind: 'flag', key: row.key } },
      after: { reason, cause: cause ?? null, ramps: toRamps(row.key, targeting, draft.atMs) },
    });
  }
}

/** How many splits are held. */
function heldIn({ rules, defaultRule }: Targeting): number {
  const serves = [...rules.map(({ serve }) => serve), defaultRule];
  return serves.filter((serve) => 'split' in serve && serve.split.held !== undefined).length;
}

/** What holds a ramp when someone does, without saying more. */
function causeOf({ actor }: Caller): string {
  return `${actor.kind}:${actor.id}`;
}
