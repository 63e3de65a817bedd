import { t } from '@lingui/core/macro';
import type { KillTimeline } from '../api/types.ts';

/** A moment on the way of a kill. */
export interface TimelineStep {
  readonly label: string;
  /** Milliseconds from the kill itself; before it: negative. */
  readonly offsetMs: number;
}

/** What is known of the way of a kill, in the order of time: from what made it to the last receipt. */
export function timelineSteps(timeline: KillTimeline): readonly TimelineStep[] {
  const { firstBadAt, detectedAt, receivedAt, engagedAt, journalledAt, pushedAt, committedAt, receipts } = timeline;
  const engagedMs = Date.parse(engagedAt);
  const pushedMs = pushedAt === null ? engagedMs : Date.parse(pushedAt);
  const moments: readonly (readonly [string, number | undefined])[] = [
    [t`It began to be bad`, parse(firstBadAt)],
    [t`The source decided that it is bad`, parse(detectedAt)],
    [t`A server heard of it`, parse(receivedAt)],
    [t`Killed`, engagedMs],
    [t`On the disk of that server`, parse(journalledAt)],
    [t`Handed to the connections`, parse(pushedAt)],
    [t`In the database`, parse(committedAt)],
    [t`First receipt`, after(pushedMs, receipts?.firstMs)],
    [t`Half of all receipts`, after(pushedMs, receipts?.p50Ms)],
    [t`99% of all receipts`, after(pushedMs, receipts?.p99Ms)],
    [t`Last receipt`, after(pushedMs, receipts?.lastMs)],
  ];
  return moments
    .flatMap(([label, atMs]) => (atMs === undefined ? [] : [{ label, offsetMs: atMs - engagedMs }]))
    .sort((a, b) => a.offsetMs - b.offsetMs);
}

/** The figure that stands for the whole way, and what it counts from: as far back as is known. Undefined: no receipt. */
export function timeToKill(timeline: KillTimeline): { readonly ms: number; readonly since: string } | undefined {
  const { firstBadToLastMs, receivedToLastMs, receipts, pushedAt, engagedAt } = timeline;
  if (firstBadToLastMs !== null) return { ms: firstBadToLastMs, since: t`since it began to be bad` };
  if (receivedToLastMs !== null) return { ms: receivedToLastMs, since: t`since it was heard of` };
  const lastMs = receipts?.lastMs;
  if (typeof lastMs !== 'number') return undefined;
  const pushMs = pushedAt === null ? 0 : Date.parse(pushedAt) - Date.parse(engagedAt);
  return { ms: pushMs + lastMs, since: t`since it was killed` };
}

function parse(at: string | null): number | undefined {
  return at === null ? undefined : Date.parse(at);
}

function after(ms: number, add: number | null | undefined): number | undefined {
  return typeof add === 'number' ? ms + add : undefined;
}
