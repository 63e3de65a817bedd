import type { Caller } from '../audit/actor.ts';
import { findEnvironments } from '../environments/repository.ts';
import { requireProject } from '../environments/service.ts';
import { ApiError, notFound, validationFailed } from '../http/api-error.ts';
import type { Kills } from '../kills/kills.ts';
import { desiredExposure } from '../releases/exposure.ts';
import { ACTIVE, type Phase } from '../releases/phase.ts';
import { specOf, stateOf } from '../releases/release.ts';
import { findDecisions, findHolder, findRelease, findReleaseOfFlag, findReleases } from '../releases/repository.ts';
import type { Releases } from '../releases/service.ts';
import type { ReleaseRow } from '../store/tables/releases.ts';
import type { Database } from '../store/tables.ts';
import type { TrafficTargets } from '../traffic/targets.ts';
import { TrafficError } from '../traffic/traffic-target.ts';
import { answerHook, type Hook } from './flagger.ts';
import { type Standing, standingOf, type Verdict, type Watched } from './standing.ts';

export interface HookPlace {
  readonly project: string;
  readonly environment: string;
}

/** What a controller asks about: exactly one of them is given. */
export interface Subject {
  readonly flag?: string | undefined;
  /** A traffic target. */
  readonly target?: string | undefined;
  readonly release?: string | undefined;
}

export interface FlaggerMessage {
  readonly name: string;
  readonly namespace: string;
  readonly phase?: string | undefined;
}

export interface ReleaseHooksDependencies {
  readonly database: Database;
  readonly releases: Pick<Releases, 'command'>;
  readonly kills: Pick<Kills, 'find'>;
  readonly targets: Pick<TrafficTargets, 'open'>;
  /** Milliseconds since 1970, UTC. */
  readonly now: () => number;
}

interface Asked {
  readonly environmentId: string;
  readonly row: ReleaseRow | undefined;
  readonly standing: Standing;
}

/** Releases of an environment, newest first, among which the last one of a flag is looked for. */
const MAX_LOOKED_AT = 100;
/** Flagger waits for ten seconds by default. */
const READ_TIMEOUT_MS = 5_000;

/** Answers controllers of deploys that ask what a release wants of them: Argo Rollouts and Flagger. */
export class ReleaseHooks {
  readonly #dependencies: ReleaseHooksDependencies;

  constructor(dependencies: ReleaseHooksDependencies) {
    this.#dependencies = dependencies;
  }

  /** For the `web` metric of Argo Rollouts. @throws {ApiError} `not_found`, `validation_failed` */
  async judge(place: HookPlace, { weightPer100k = 0, ...subject }: Subject & { readonly weightPer100k?: number }) {
    const { row, standing } = await this.#ask(place, subject);
    const { verdict, reason, wantsPer100k } = standing;
    const phase = row === undefined ? null : (row.phase as Phase);
    const answer = (said: Verdict, why: string) => {
      return { verdict: said, reason: why, release: row?.id ?? null, phase, wantsPer100k: wantsPer100k ?? null };
    };
    if (verdict !== 'successful' || wantsPer100k === undefined || wantsPer100k >= weightPer100k) {
      return answer(verdict, reason);
    }
    return answer('inconclusive', `The release wants ${wantsPer100k / 1000} % now, not ${weightPer100k / 1000} % yet.`);
  }

  /**
   * For Flagger's webhooks: an answer is a yes. What Flagger itself gave up is aborted.
   * @throws {ApiError} `wrong_state`: a no, with its reason; `not_found`, `validation_failed`, `forbidden`
   */
  async answer(
    caller: Caller,
    place: HookPlace,
    hook: Hook,
    subject: Subject,
    { name, namespace, phase }: FlaggerMessage,
  ) {
    const { environmentId, row, standing } = await this.#ask(place, subject);
    const isAsked =
      hook === 'confirm-traffic-increase' && standing.verdict === 'successful' && standing.wantsPer100k !== undefined;
    const weight =
      isAsked && subject.target !== undefined ? await this.#read(environmentId, subject.target) : undefined;
    const { isYes, reason } = answerHook(hook, standing, weight);
    if (!isYes) throw new ApiError('wrong_state', reason, { verdict: standing.verdict });
    const hasFailed = hook === 'post-rollout' && phase === 'Failed';
    if (hasFailed && row !== undefined && ACTIVE.includes(row.phase as Phase)) {
      const why = `Flagger gave up canary ${namespace}/${name}.`;
      const at = { project: place.project, release: row.id };
      await this.#dependencies.releases.command(caller, at, { command: 'abort', reason: why });
      return { reason: `${why} The release goes back.`, release: row.id };
    }
    return { reason, release: row?.id ?? null };
  }

  async #ask(place: HookPlace, subject: Subject): Promise<Asked> {
    const { database, now } = this.#dependencies;
    const { flag, target, release: id } = subject;
    if ([flag, target, id].filter((given) => given !== undefined).length !== 1) {
      throw validationFailed([{ path: '', message: 'say what it is about: ?flag=KEY, ?target=KEY, or ?release=ID' }]);
    }
    const project = await requireProject(database, place.project);
    const environment = (await findEnvironments(database, [project.id])).find(({ key }) => key === place.environment);
    if (environment === undefined) {
      throw notFound(`environment "${place.environment}" in project "${place.project}"`);
    }
    const row = await this.#find(place, project.id, environment.id, subject);
    const isHere = row !== undefined && row.environment_id === environment.id;
    if (id !== undefined && !isHere) throw notFound(`release "${id}" in ${place.environment}`);
    const watched = row && (await this.#watch(place, row));
    const what = flag === undefined ? `traffic target "${target}"` : `flag "${flag}"`;
    return { environmentId: environment.id, row, standing: standingOf(what, watched, now()) };
  }

  /** The share that the canary has. @throws {ApiError} `wrong_state` when it cannot be told: nothing may grow then */
  async #read(environmentId: string, key: string): Promise<number> {
    const target = await this.#dependencies.targets.open(environmentId, key);
    try {
      const { candidatePer100k, problem } = (await target?.read(AbortSignal.timeout(READ_TIMEOUT_MS))) ?? {};
      if (candidatePer100k !== undefined) return candidatePer100k;
      throw new TrafficError('refused', problem ?? 'There is no such target.');
    } catch (error) {
      if (!(error instanceof TrafficError)) throw error;
      throw new ApiError('wrong_state', `Traffic target "${key}" does not tell its weight: ${error.message}`);
    } finally {
      await target?.close();
    }
  }

  /** The release under way that holds a flag or a traffic target; without one, that which ended last. */
  async #find(
    place: HookPlace,
    projectId: string,
    environmentId: string,
    { flag, target, release }: Subject,
  ): Promise<ReleaseRow | undefined> {
    const { database } = this.#dependencies;
    if (release !== undefined) return findRelease(database, projectId, release);
    const held =
      flag === undefined
        ? await findHolder(database, environmentId, [`traffic:${target}`])
        : await findReleaseOfFlag(database, { ...place, flag });
    if (held !== undefined) return findRelease(database, projectId, held.id);
    const rows = await findReleases(database, projectId, { environmentId, limit: MAX_LOOKED_AT });
    const ended = rows.filter((row) => {
      const spec = specOf(row);
      const isIt = flag === undefined ? spec.traffic?.target === target : spec.flags.some((one) => one.flag === flag);
      return isIt && endOf(row) > 0;
    });
    return ended.sort((a, b) => endOf(b) - endOf(a))[0];
  }

  async #watch({ project, environment }: HookPlace, row: ReleaseRow): Promise<Watched> {
    const { database, kills } = this.#dependencies;
    const [spec, state] = [specOf(row), stateOf(row)];
    const [last] = await findDecisions(database, row.id, { limit: 1 });
    const desired = desiredExposure(spec, state);
    return {
      title: row.title,
      phase: state.phase,
      pauses: state.pauses.map(({ by, reason }) => `Paused by ${by}: ${reason}`),
      decision: last?.decision,
      killed: spec.flags.find(({ flag }) => kills.find({ project, environment, flag }) !== undefined)?.flag,
      wantsPer100k: desired?.trafficPer100k ?? desired?.flagsPer100k,
      endedAtMs: state.endedAtMs,
    };
  }
}

/** When a release ended, milliseconds since 1970; 0: it has not. */
function endOf(row: ReleaseRow): number {
  const { phase, endedAtMs = 0 } = stateOf(row);
  return phase === 'cancelled' || phase === 'failed' ? 0 : endedAtMs;
}
