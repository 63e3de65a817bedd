import type { Change } from '../change-requests/content.ts';
import { type Edge, nextEdge, type Window } from './window.ts';

/** What a schedule does, and when. */
export type Plan =
  | { readonly kind: 'once'; readonly atMs: number; readonly changes: readonly Change[] }
  /** Applies a change request, which must be approved by then where that is required. */
  | {
      readonly kind: 'request';
      readonly atMs: number;
      readonly changeRequest: string;
      /** Of the request when it was scheduled, by someone who may make what it said then. */
      readonly contentHash: string;
    }
  | {
      readonly kind: 'repeat';
      readonly window: Window;
      /** When the window begins, and when it ends. */
      readonly changes: readonly Change[];
      readonly endChanges: readonly Change[];
    };

/** A time at which a schedule is due. */
export interface Due {
  readonly atMs: number;
  readonly edge: Edge['kind'] | 'once';
}

/** What is to be done about a schedule that is due. */
export interface Decision {
  /** Undefined: nothing, for it is too late. */
  readonly run: Due | undefined;
  readonly missed: readonly Due[];
  /** Undefined: it has ended. */
  readonly next: Due | undefined;
}

/** More times that passed while no server ran are not told one by one. */
const MAX_MISSED = 100;

/** The first time at which a new schedule is due. */
export function firstDue(plan: Plan, nowMs: number): Due | undefined {
  if (plan.kind !== 'repeat') return { atMs: plan.atMs, edge: 'once' };
  const edge = nextEdge(plan.window, nowMs);
  return toDue(edge?.kind === 'end' ? nextEdge(plan.window, edge.atMs) : edge);
}

/**
 * What is done once is done late within its tolerance, else it is missed. Of a window's times that have passed only the
 * last is done, however late: it says what is to be now.
 * @param due not later than `nowMs`
 */
export function decide(plan: Plan, due: Due, nowMs: number, toleranceMs: number): Decision {
  if (plan.kind !== 'repeat') {
    const isTooLate = nowMs - due.atMs > toleranceMs;
    return { run: isTooLate ? undefined : due, missed: isTooLate ? [due] : [], next: undefined };
  }
  const missed: Due[] = [];
  let run = due;
  let next = toDue(nextEdge(plan.window, due.atMs));
  while (next !== undefined && next.atMs <= nowMs) {
    missed.push(run);
    run = next;
    next = toDue(nextEdge(plan.window, next.atMs));
  }
  return { run, missed: missed.slice(-MAX_MISSED), next };
}

/** What is to be changed when a schedule is due. */
export function changesAt(plan: Exclude<Plan, { kind: 'request' }>, { edge }: Due): readonly Change[] {
  return plan.kind === 'repeat' && edge === 'end' ? plan.endChanges : plan.changes;
}

function toDue(edge: Edge | undefined): Due | undefined {
  return edge && { atMs: edge.atMs, edge: edge.kind };
}
