import type { GateFacts } from './gate.ts';

/** What a gate asks of its release. hold: not now; go: as far as it is concerned. */
export type GateDemand = 'go' | 'hold' | 'pause' | 'abort' | 'rollback';

/**
 * What follows from a gate's verdict. Pure. Only a success lets a stage end; what is not known holds it, until its time is
 * over. Of a dry run: what it would have asked, which is only told.
 * @param isOver the time of the stage is over: from then on what could not be said counts as inconclusive
 * @param watchedSinceMs since when someone looks without a break: for how long a provider was lost before nobody knows
 */
export function demandOf(
  { verdict, sinceMs, onFailure, onInconclusive, onProviderLoss }: GateFacts,
  {
    nowMs,
    isOver,
    watchedSinceMs = 0,
  }: { readonly nowMs: number; readonly isOver: boolean; readonly watchedSinceMs?: number | undefined },
): GateDemand {
  switch (verdict) {
    case 'successful':
      return 'go';
    case 'failed':
      return onFailure;
    case 'error':
      // Not known is not failed: only how long it has been so counts.
      if (onProviderLoss === undefined) return 'hold';
      return nowMs - Math.max(sinceMs, watchedSinceMs) < onProviderLoss.afterSeconds * 1000
        ? 'hold'
        : onProviderLoss.then;
    default:
      if (!isOver || onInconclusive === 'hold') return 'hold';
      return onInconclusive === 'pass' ? 'go' : 'abort';
  }
}
