import { rangesAt } from '../compile/schedule.ts';
import type { BucketRange, Flag, HeldSchedule, Split } from '../model.ts';
import { exposedIn } from './exposure.ts';
import { comingSteps, growsByTime } from './hold.ts';

/** A split that time changes, or would change if it were not held. */
export interface Ramp {
  /** Undefined: the default rule's. */
  readonly rule: string | undefined;
  readonly split: Split;
  /** What it serves now. */
  readonly ranges: readonly BucketRange[];
  /** When it changes next: jumps, or arrives in a straight line; undefined: not while it is held. */
  readonly nextMs: number | undefined;
  /** Whether it is going to expose more people by itself. */
  readonly grows: boolean;
  readonly held: HeldSchedule | undefined;
}

/** The ramps of a flag at a moment. */
export function rampsOf(
  flag: Pick<Flag, 'offVariant' | 'safeVariant' | 'rules' | 'defaultRule'>,
  nowMs: number,
): Ramp[] {
  const exposes = exposedIn(flag);
  const serves = [
    ...(flag.rules ?? []).map(({ id, serve }) => ({ rule: id, serve })),
    { rule: undefined, serve: flag.defaultRule },
  ];
  return serves.flatMap(({ rule, serve }) => {
    if (!('split' in serve)) return [];
    const { split } = serve;
    const nextMs = comingSteps(split, nowMs).find(({ atMs }) => atMs > nowMs)?.atMs;
    if (nextMs === undefined && split.held === undefined) return [];
    const grows = growsByTime(split, exposes, nowMs);
    return { rule, split, ranges: rangesAt(split, nowMs), nextMs, grows, held: split.held };
  });
}
