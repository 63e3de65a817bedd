import { applyEdits, EditConflict, type TargetingEdit } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import { requirePermission } from '../access/guard.ts';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import type { Draft } from '../changes/draft.ts';
import { findEnvironments } from '../environments/repository.ts';
import { requireProject } from '../environments/service.ts';
import { checkTargeting } from '../flags/check-targeting.ts';
import { type Targeting, targetingOf } from '../flags/flag.ts';
import type { MigrationGuard } from '../flags/migration-guard.ts';
import { findFlagEnvironments, findFlagsByKey } from '../flags/repository.ts';
import { leadsSomewhere, saveStep, type TargetingStep } from '../flags/targeting-step.ts';
import { ApiError, notFound } from '../http/api-error.ts';
import { holdEdits, resumeEdits } from '../ramps/ramp-edits.ts';
import { findRampFlags } from '../ramps/repository.ts';
import type { EnvironmentRow, ProjectRow } from '../store/tables/flags.ts';
import { type LineStop, lastStop, presentStop, stopField } from './line-stop.ts';
import { saveEnvironmentLine, saveProjectLine } from './repository.ts';
import type { LineAnswer, LineInput } from './schemas.ts';

type Input = Static<typeof LineInput>;
type Answer = Static<typeof LineAnswer>;

/** What holds ramps while the line is stopped. */
const CAUSE = 'line';

/** Stopping everything in a project that grows by itself, and letting it go on. */
export class Line {
  readonly #changes: Changes;
  readonly #migrations: MigrationGuard;

  constructor(changes: Changes, migrations: MigrationGuard) {
    this.#changes = changes;
    this.#migrations = migrations;
  }

  /**
   * Holds every ramp that grows, and lets none start. It moves nobody, so it needs no approval and waits for no freeze.
   * @throws {ApiError} `not_found`, `forbidden`
   */
  stop(caller: Caller, projectKey: string, { reason, environments }: Input): Promise<Answer> {
    return this.#turn(caller, projectKey, 'kill:engage', { reason, environments }, async (draft, project, chosen) => {
      const stop: LineStop = { atMs: draft.atMs, by: caller.actor, reason };
      const isWhole = environments === undefined;
      const stopping = isWhole ? [] : chosen.filter(({ line }) => presentStop(line) === undefined);
      if (isWhole ? presentStop(project.line) !== undefined : stopping.length === 0) return undefined;
      if (isWhole) await saveProjectLine(draft.tx, project, stop);
      for (const environment of stopping) await saveEnvironmentLine(draft.tx, environment, stop);
      const cause = { id: CAUSE, by: caller.actor.name, reason };
      return this.#edit(draft, project, chosen, (targeting) => holdEdits(targeting, cause, draft.atMs));
    });
  }

  /**
   * Lets ramps go on that nothing else holds. They were approved when they were begun, and so need no approval now.
   * @throws {ApiError} `not_found`, `forbidden`; `line_stopped` for some environments of a project that is stopped as a whole
   */
  resume(caller: Caller, projectKey: string, { reason, environments }: Input): Promise<Answer> {
    return this.#turn(caller, projectKey, 'kill:rearm', { reason, environments }, async (draft, project, chosen) => {
      const whole = presentStop(project.line);
      if (environments !== undefined && whole !== undefined) {
        const message = `The line of all of project "${projectKey}" is stopped: resume it as a whole, without environments.`;
        throw new ApiError('line_stopped', message);
      }
      const stopped = chosen.filter(({ line }) => presentStop(line) !== undefined);
      if (whole === undefined && stopped.length === 0) return undefined;
      const resumed = { resumedAtMs: draft.atMs };
      if (whole !== undefined) await saveProjectLine(draft.tx, project, { ...whole, ...resumed });
      for (const environment of stopped) {
        const own = lastStop(environment.line);
        if (own !== undefined) await saveEnvironmentLine(draft.tx, environment, { ...own, ...resumed });
      }
      return this.#edit(draft, project, chosen, (targeting) => resumeEdits(targeting, CAUSE, draft.atMs));
    });
  }

  /** @param turn what it led to; undefined: it was so already */
  async #turn(
    caller: Caller,
    projectKey: string,
    permission: 'kill:engage' | 'kill:rearm',
    { reason, environments }: Input,
    turn: (draft: Draft, project: ProjectRow, chosen: readonly EnvironmentRow[]) => Promise<Led | undefined>,
  ): Promise<Answer> {
    const places = environments?.map((environment) => ({ environment })) ?? [{}];
    for (const place of places) requirePermission(caller, permission, { project: projectKey, ...place });
    const action = permission === 'kill:engage' ? 'line.stopped' : 'line.resumed';
    const { result } = await this.#changes.commit({ comment: reason, ...caller }, async (draft) => {
      const project = await requireProject(draft.tx, projectKey);
      const all = await findEnvironments(draft.tx, [project.id]);
      const missing = environments?.find((key) => all.every((environment) => environment.key !== key));
      if (missing !== undefined) throw notFound(`environment "${missing}" in project "${projectKey}"`);
      const chosen = all.filter(({ key }) => environments === undefined || environments.includes(key));
      const led = await turn(draft, project, chosen);
      if (led !== undefined) {
        const [environment] = environments?.length === 1 ? environments : [];
        await draft.audit({
          action,
          ...{ project: projectKey, target: { kind: 'project', key: projectKey } },
          ...(environment === undefined ? {} : { environment }),
          after: { reason, environments: environments ?? null, ...led },
        });
      }
      return { led, ...(await readState(draft, projectKey)) };
    });
    const { led, ...state } = result;
    return { changed: led !== undefined, ...(led ?? NOTHING), ...state };
  }

  /** Edits the ramps of all flags of environments; what does not go stays as it is, and is told. */
  async #edit(
    draft: Draft,
    project: ProjectRow,
    environments: readonly EnvironmentRow[],
    editsOf: (targeting: Targeting) => readonly TargetingEdit[],
  ): Promise<Led> {
    const led: Led = { flags: [], stillHeld: [] };
    for (const environment of environments) {
      const rows = await findFlagsByKey(draft.tx, project.id, await findRampFlags(draft.tx, environment.id));
      const places = await findFlagEnvironments(
        draft.tx,
        rows.map(({ id }) => id),
      );
      for (const row of rows.sort((a, b) => (a.key < b.key ? -1 : 1))) {
        const before = places.find((place) => place.flag_id === row.id && place.environment_id === environment.id);
        if (before === undefined) continue;
        const was = targetingOf(before);
        const edits = editsOf(was);
        if (edits.length === 0) continue;
        const place = { environment: environment.key, flag: row.key };
        try {
          const targeting = applyEdits(was, edits, draft.atMs);
          const step = { project: project.key, row, environment, before, was, targeting, isUnguarded: true };
          if (!leadsSomewhere(step)) continue;
          await this.#check(draft, step);
          await saveStep(draft, step);
          led.flags.push(place);
        } catch (error) {
          if (!(error instanceof EditConflict || error instanceof ApiError)) throw error;
          led.stillHeld.push({ ...place, reason: error.message });
        }
      }
    }
    return led;
  }

  async #check(draft: Draft, step: TargetingStep): Promise<void> {
    const { row, environment, was, targeting } = step;
    const [problem] = await checkTargeting(draft.tx, row, environment, was, targeting);
    if (problem !== undefined) throw new ApiError('conflict', `${problem.path} ${problem.message}`);
    await this.#migrations.check(draft, step);
  }
}

/** What a stop or a resumption led to. */
type Led = Pick<Answer, 'flags' | 'stillHeld'>;

const NOTHING: Led = { flags: [], stillHeld: [] };

async function readState({ tx }: Draft, projectKey: string): Promise<Pick<Answer, 'lineStopped' | 'environments'>> {
  const project = await requireProject(tx, projectKey);
  const environments = await findEnvironments(tx, [project.id]);
  return {
    ...stopField(project.line),
    environments: environments.map(({ key, line }) => ({ key, ...stopField(line) })),
  };
}
