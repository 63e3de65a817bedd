export interface ReceiptLimits {
  /** An instance that was lost without a goodbye counts as unknown for this long, in milliseconds. */
  readonly unknownForMs: number;
  /** At most this many unknown instances are remembered for an environment; beyond it the longest gone are forgotten. */
  readonly maxUnknown: number;
  /** An instance that lacks a revision for longer than this (and its polling interval), in milliseconds, is behind. */
  readonly behindAfterMs: number;
  /**
   * For so long after a server's start, in milliseconds, it is not known who was connected to the one before: an SDK that has
   * not come back by then does not write by a migration's stage any more.
   */
  readonly returnMs: number;
  /** How often it is looked for instances that are behind or no longer unknown, in milliseconds. */
  readonly sweepMs: number;
}

export const RECEIPT_LIMITS: ReceiptLimits = {
  unknownForMs: 5 * 60_000,
  maxUnknown: 50_000,
  behindAfterMs: 10_000,
  returnMs: 60_000,
  sweepMs: 1_000,
};
