import type { Draft } from '../changes/draft.ts';
import { ApiError, type Problem } from '../http/api-error.ts';
import type { Unconfirmed } from '../receipts/unconfirmed.ts';
import { type StagePlace, stagePlaces } from './migration-reach.ts';
import { isMigration, STAGES } from './migration-stages.ts';
import type { TargetingStep } from './targeting-step.ts';

/**
 * What an environment serves of a flag now, and would serve; all as it is in the transaction of the change, which keeps
 * others from changing the project meanwhile.
 */
type StageMove = Pick<TargetingStep, 'row' | 'environment' | 'was' | 'targeting'> & {
  readonly before: Pick<TargetingStep['before'], 'version'>;
};

/**
 * Keeps running instances from being more than one stage of a migration apart. Whatever can be served by a revision lies
 * on two neighbouring stages at most, kills included; what is new may only come when that is so of the old and the new
 * together, and when every known instance has the old. Then each runs the old or the new, and both are neighbours.
 *
 * Whoever changes targeting asks this first. Kills do not: they serve the safe variant, which is looked at here.
 */
export class MigrationGuard {
  readonly #unconfirmed: Pick<Unconfirmed, 'find'>;

  constructor(unconfirmed: Pick<Unconfirmed, 'find'>) {
    this.#unconfirmed = unconfirmed;
  }

  /** @throws {ApiError} `stage_too_far` or `stage_not_confirmed`, with what to do first */
  async check(draft: Pick<Draft, 'touches'>, step: StageMove): Promise<void> {
    const { row: flag, environment } = step;
    if (!isMigration(flag)) return;
    const [was, becomes] = [stagePlaces(flag, step.was), stagePlaces(flag, step.targeting)];
    if (widthOf(becomes) > 1) throw scattered(environment.key, becomes);
    // What only gets less is the way back, and is always open: whoever lags runs what was there before.
    if (becomes.every(({ stage }) => was.some((place) => place.stage === stage))) return;
    if (widthOf([...was, ...becomes]) > 1) throw tooFar(environment.key, was, becomes);
    const item = { kind: 'flag', key: flag.key } as const;
    // Two steps in one transaction would reach instances as one.
    if (draft.touches(environment.id, item)) throw tooFar(environment.key, was, becomes);
    const lacking = await this.#unconfirmed.find(environment, item);
    const { instances, names, servers } = lacking;
    // Nothing else was ever served of a flag that is new here: whoever comes back can run nothing else.
    const returningMs = step.before.version === 1 ? 0 : lacking.returningMs;
    if (instances === 0 && servers.length === 0 && returningMs === 0) return;
    const shown = names.map(({ id, app, version }) => [id, app, version].filter((part) => part !== null).join(' '));
    const more = instances > shown.length ? ` and ${instances - shown.length} more` : '';
    const who = [
      ...(instances === 0 ? [] : [`instances: ${shown.join(', ')}${more}`]),
      ...(servers.length === 0 ? [] : [`servers that do not answer: ${servers.join(', ')}`]),
      ...(returningMs === 0
        ? []
        : [`those that knew a server before its start may come back for ${seconds(returningMs)}`]),
    ].join('; ');
    throw new ApiError(
      'stage_not_confirmed',
      `Not everyone is known to run the present stage in ${environment.key} (${who}). Try again when they do. An ` +
        'instance that was lost is waited for until it is back, or for five minutes.',
      { instances: names, unconfirmed: instances, servers },
    );
  }
}

function seconds(ms: number): string {
  return `${Math.ceil(ms / 1_000)} s more`;
}

/** How many stages lie between the first and the last: 0 for one stage alone. */
function widthOf(places: readonly StagePlace[]): number {
  const stages = places.map(({ stage }) => stage);
  return Math.max(...stages) - Math.min(...stages);
}

function scattered(environment: string, places: readonly StagePlace[]): ApiError {
  return new ApiError(
    'stage_too_far',
    `The stages ${namesOf(places)} could run side by side in ${environment}: only two neighbours of ` +
      `${STAGES.join(', ')} can. Change the places that details name.`,
    toProblems(places, 'would serve'),
  );
}

/** Says what to do first: the stage next to what is served, in the direction that was asked for. */
function tooFar(environment: string, was: readonly StagePlace[], becomes: readonly StagePlace[]): ApiError {
  const [low, high] = rangeOf(was);
  const isForward = rangeOf(becomes)[1] > high;
  const next = isForward ? (high > low ? high : low + 1) : high > low ? low : high - 1;
  return new ApiError(
    'stage_too_far',
    `Stages move one at a time, so that instances are never two apart: ${environment} may serve ${namesOf(was)} now and ` +
      `would serve ${namesOf(becomes)}. First change all places that details name to "${STAGES[next]}", also the safe ` +
      'variant, to which a kill leads; then repeat your change.',
    toProblems(
      was.filter(({ stage }) => stage !== next),
      'serves',
    ),
  );
}

function rangeOf(places: readonly StagePlace[]): readonly [low: number, high: number] {
  const stages = places.map(({ stage }) => stage);
  return [Math.min(...stages), Math.max(...stages)];
}

function namesOf(places: readonly StagePlace[]): string {
  const stages = [...new Set(places.map(({ stage }) => stage))].sort((a, b) => a - b);
  return stages.map((stage) => STAGES[stage]).join(' and ');
}

function toProblems(places: readonly StagePlace[], verb: string): Problem[] {
  return places.map(({ path, stage }) => ({ path, message: `${verb} "${STAGES[stage]}"` }));
}
