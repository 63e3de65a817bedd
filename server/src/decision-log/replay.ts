import { toCanonicalJson } from '@bunting/core';
import { obey } from '../releases/command.ts';
import { next } from '../releases/machine.ts';
import type { Spec } from '../releases/spec.ts';
import { type LoggedDecision, MACHINE } from './decision.ts';

/** What came of making a decision again. */
export type Replayed =
  | { readonly outcome: 'same' }
  /** By a machine of another number, or from before bases were kept: nothing is said against it. */
  | { readonly outcome: 'unknown'; readonly why: string }
  | { readonly outcome: 'different'; readonly why: string };

/** Makes a decision again from what it rested on, and compares bit for bit. Pure. */
export function replay(spec: Spec, { basis, facts, after, decision }: LoggedDecision): Replayed {
  if (basis === null) return { outcome: 'unknown', why: 'it was made before what it rests on was kept' };
  const { machine, before, command } = basis;
  if (machine !== MACHINE) {
    return { outcome: 'unknown', why: `it was made by machine ${machine}, and this is machine ${MACHINE}` };
  }
  try {
    const made = command === undefined ? next(spec, before, facts) : obey(spec, before, command, facts);
    const said = made.decision ?? 'nothing';
    if (said !== decision) return { outcome: 'different', why: `what follows is: ${said}` };
    const place = findDifference(withoutObstacle(made.state), withoutObstacle(after));
    return place === undefined
      ? { outcome: 'same' }
      : { outcome: 'different', why: `state.${place} follows otherwise` };
  } catch (error) {
    return { outcome: 'different', why: `nothing follows: ${error instanceof Error ? error.message : error}` };
  }
}

/** What stood in the way of a try is noted beside what is decided. */
function withoutObstacle(state: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify({ ...state, obstacle: undefined })) as Record<string, unknown>;
}

/** The first member that is not the same in both; undefined: none. */
function findDifference(a: Record<string, unknown>, b: Record<string, unknown>): string | undefined {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return names.find((name) => toCanonicalJson([a[name] ?? null]) !== toCanonicalJson([b[name] ?? null]));
}
