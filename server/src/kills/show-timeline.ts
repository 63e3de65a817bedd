import type { Static } from '@sinclair/typebox';
import { toTimestamp } from '../http/key-schema.ts';
import type { KillCause } from './kill-cause.ts';
import type { Timeline } from './timeline.ts';
import type { KillTimelineSchema } from './timeline-schemas.ts';

export type KillTimeline = Static<typeof KillTimelineSchema>;

/** As the API shows it. */
export function showTimeline(timeline: Timeline): KillTimeline {
  const { flag, epoch, actor, reason, cause, engagedAtMs, reach } = timeline;
  const { receivedAtMs, journalledAtMs, pushedAtMs, committedAtMs } = timeline;
  return {
    flag,
    epoch,
    by: actor,
    reason,
    cause: cause === undefined ? null : showCause(cause),
    firstBadAt: show(cause?.firstBadAtMs),
    detectedAt: show(cause?.detectedAtMs),
    receivedAt: show(receivedAtMs),
    engagedAt: toTimestamp(engagedAtMs),
    journalledAt: show(journalledAtMs),
    pushedAt: show(pushedAtMs),
    committedAt: show(committedAtMs),
    receipts: reach === undefined ? null : { ...reach },
    receivedToLastMs: toLastMs(timeline, receivedAtMs),
    firstBadToLastMs: toLastMs(timeline, cause?.firstBadAtMs),
    complete: timeline.isOver,
  };
}

/** From a moment to the last receipt, in milliseconds; null while it is not known. */
export function toLastMs({ pushedAtMs, reach }: Timeline, fromMs: number | undefined): number | null {
  const lastMs = reach?.lastMs ?? null;
  if (pushedAtMs === undefined || lastMs === null || fromMs === undefined) return null;
  return Math.round((pushedAtMs - fromMs + lastMs) * 10) / 10;
}

function showCause({ kind, id, name, episode, summary, link }: KillCause): KillTimeline['cause'] {
  return { kind, id, name, episode: episode ?? null, summary, link: link ?? null };
}

/** What is no date is not shown. */
function show(atMs: number | undefined): string | null {
  return atMs === undefined || Math.abs(atMs) > 8.64e15 ? null : toTimestamp(atMs);
}
