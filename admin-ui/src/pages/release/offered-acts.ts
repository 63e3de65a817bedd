import type { Release } from '../../api/types.ts';

export type ReleaseAct =
  | 'start'
  | 'schedule'
  | 'cancel'
  | 'approve'
  | 'pause'
  | 'resume'
  | 'promote'
  | 'promote_fully'
  | 'set_weight'
  | 'abort'
  | 'rollback'
  | 'retry'
  | 'unblock'
  | 'accept';

/** What may be asked of a release as it is now: what leads on first, the way back last. The server has the last word. */
export function offeredActs(release: Release, nowMs: number): readonly ReleaseAct[] {
  const { phase, stages, stage, approvedBy, pauses } = release;
  const hold: ReleaseAct = pauses.length > 0 ? 'resume' : 'pause';
  switch (phase) {
    case 'draft':
      return ['start', 'schedule', 'approve', 'cancel'];
    case 'scheduled':
      return ['start', 'approve', 'cancel'];
    case 'preflight':
      return ['abort'];
    case 'progressing': {
      const isApprovalMissing = (stages[stage]?.approvals ?? 0) > approvedBy.length;
      return [
        ...(isApprovalMissing ? (['approve'] as const) : []),
        hold,
        'promote',
        'promote_fully',
        ...(release.flags.length > 0 || release.traffic ? (['set_weight'] as const) : []),
        'abort',
      ];
    }
    case 'promoting':
    case 'baking':
      return [hold, 'rollback'];
    case 'succeeded':
      return nowMs < rollbackUntilMs(release) ? ['rollback'] : [];
    case 'aborting':
    case 'rolling_back':
      return mayStandStill(release) ? ['accept'] : [];
    case 'blocked':
      return ['unblock', 'accept'];
    case 'aborted':
    case 'failed':
      return ['retry', 'approve'];
    default:
      return [];
  }
}

/** Whether what a way back has to reach may be away, or gone for good. */
function mayStandStill({ traffic, trafficPer100k, migration, waiting }: Release): boolean {
  return waiting.length > 0 && (migration !== undefined || (traffic !== undefined && trafficPer100k === null));
}

/** Until when a release that has succeeded can be rolled back. Milliseconds since 1970, UTC. */
function rollbackUntilMs({ endedAt, rollbackWindowSeconds }: Release): number {
  return endedAt === null ? 0 : Date.parse(endedAt) + rollbackWindowSeconds * 1_000;
}
