import type { Caller } from '../audit/actor.ts';
import type { Draft } from '../changes/draft.ts';
import { type Basis, type LoggedDecision, MACHINE } from '../decision-log/decision.ts';
import { digestDecision } from '../decision-log/digest.ts';
import { ApiError } from '../http/api-error.ts';
import { newIdAfter } from '../store/new-id.ts';
import { ChangedMeanwhile } from '../store/store-failure.ts';
import type { Obeyed } from './command.ts';
import { expose } from './expose.ts';
import { leaseOf } from './exposure.ts';
import type { Gathered, Surroundings } from './gather.ts';
import type { Next } from './next.ts';
import { ACTIVE, BACKWARD, type Phase } from './phase.ts';
import { type StoredSpec, specOf, stateOf, targetsOf } from './release.ts';
import {
  findHolder,
  findLastDecisionId,
  holdTargets,
  insertDecision,
  letTargetsGo,
  noteMoves,
  type PlacedRelease,
  saveRelease,
} from './repository.ts';
import type { State } from './state.ts';

/**
 * Makes one step of a release: exposure, state, what it holds, the decision and its audit event, together or not at all.
 * @throws {ApiError} what stands against the exposure; `conflict` when another release holds its flags
 * @throws {ChangedMeanwhile} when someone else made a step since it was read: the transaction is done again
 */
export async function keep(
  draft: Draft,
  { migrations, plans }: Surroundings,
  caller: Caller,
  release: PlacedRelease,
  { facts, seen }: Gathered,
  step: Next | Obeyed,
  more: Partial<Pick<PlacedRelease, 'starts_at' | 'title' | 'spec'>> = {},
): Promise<PlacedRelease> {
  const { state, setFlagsPer100k, wantPhase, decision } = step;
  if (setFlagsPer100k !== undefined) {
    // It was approved before it began.
    draft.approve(release.environment_id);
    const isReturn = BACKWARD.includes(state.phase);
    await expose(draft, migrations, release, seen, {
      ...{ per100k: setFlagsPer100k, isReturn },
      leaseSeconds: leaseOf(specOf(release), state),
    });
  }
  const { migration } = specOf(release);
  if (wantPhase !== undefined && migration !== undefined) {
    await plans.want(draft, release.environment_id, migration.plan, wantPhase, caller);
  }
  await moveTargets(draft, release, state);
  const { project, environment, ...row } = release;
  const after = {
    ...row,
    ...more,
    state: JSON.stringify({ ...state, obstacle: undefined } satisfies State),
    phase: state.phase,
    version: row.version + 1,
    updated_at: draft.atMs,
  };
  if (!(await saveRelease(draft.tx, after))) throw new ChangedMeanwhile('The release has moved on meanwhile.');
  if (decision !== undefined) {
    const before = stateOf(row);
    const isEdit = more.spec !== undefined;
    const basis: Basis = { machine: MACHINE, before, command: 'command' in step ? step.command : undefined };
    const logged: LoggedDecision = {
      // The clock of the server that made the one before may be ahead of this one's.
      ...{ id: newIdAfter(await findLastDecisionId(draft.tx, row.id), draft.atMs), atMs: draft.atMs, by: caller.actor },
      ...{ basis, facts, after: stateOf(after), decision },
    };
    await insertDecision(draft.tx, row.id, logged);
    await draft.audit({
      action: isEdit ? 'release.edited' : state.phase === row.phase ? 'release.stepped' : `release.${state.phase}`,
      ...{ project, environment, target: { kind: 'release', key: row.id } },
      before: { ...summaryOf(before), ...(isEdit && { title: row.title, spec: specOf(row) }) },
      after: {
        ...{ title: after.title, decision, ...summaryOf(state), digest: digestDecision(logged) },
        ...(isEdit && { spec: specOf(after) }),
      },
    });
  }
  return { ...after, project, environment };
}

/** A release that becomes active takes its targets; one that ends lets them go. What it moved since when stays known. */
async function moveTargets(draft: Draft, release: PlacedRelease, { phase, beganAtMs }: State): Promise<void> {
  if (beganAtMs !== undefined && phase !== release.phase) {
    await noteMoves(draft.tx, { ...release, beganAtMs }, targetsOf(specOf(release)));
  }
  const [was, is] = [ACTIVE.includes(release.phase as Phase), ACTIVE.includes(phase)];
  if (was && !is) await letTargetsGo(draft.tx, release.id);
  if (was || !is) return;
  const spec = specOf(release);
  const holder = await findHolder(draft.tx, release.environment_id, targetsOf(spec));
  if (holder !== undefined) {
    throw new ApiError(
      'conflict',
      `${nameOf(spec, holder.target)} is in another release that is under way, "${holder.title}": wait for its end, abort ` +
        'it, or supersede it.',
      { release: holder.id },
    );
  }
  await holdTargets(draft.tx, release, targetsOf(spec));
}

function nameOf({ flags, traffic, migration }: StoredSpec, target: string): string {
  const flag = flags.find(({ id }) => target === `flag:${id}`)?.flag;
  if (flag !== undefined) return `Flag "${flag}"`;
  return target.startsWith('traffic:') ? `Traffic target "${traffic?.target}"` : `Migration plan "${migration?.plan}"`;
}

function summaryOf({ phase, stage, set, pauses }: State) {
  return { phase, stage, ...(set === undefined ? {} : { set }), paused: pauses.length > 0 };
}
