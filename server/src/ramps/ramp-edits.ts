import { type HoldCause, rampsOf, type TargetingEdit } from '@bunting/core';
import type { Targeting } from '../flags/flag.ts';

/** Who or what holds a ramp. */
export type NewCause = Omit<HoldCause, 'atMs'>;

/** Edits that stop what would expose more people by time, and add the cause to what is stopped already. */
export function holdEdits(targeting: Targeting, cause: NewCause, nowMs: number): TargetingEdit[] {
  return rampsOf(targeting, nowMs)
    .filter(({ grows, held }) => grows || (held !== undefined && !has(held.causes, cause.id)))
    .map(({ rule }) => ({ kind: 'holdRamp', ...ofRule(rule), cause }));
}

/** @param cause undefined: whatever holds them */
export function resumeEdits(targeting: Targeting, cause: string | undefined, nowMs: number): TargetingEdit[] {
  return rampsOf(targeting, nowMs)
    .filter(({ held }) => held !== undefined && (cause === undefined || has(held.causes, cause)))
    .map(({ rule }) => ({ kind: 'resumeRamp', ...ofRule(rule), ...(cause === undefined ? {} : { cause }) }));
}

function has(causes: readonly HoldCause[] | undefined, id: string): boolean {
  return causes?.some((cause) => cause.id === id) ?? false;
}

function ofRule(rule: string | undefined) {
  return rule === undefined ? {} : { rule };
}
