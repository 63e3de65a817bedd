/** What one flag does in a release: everyone at one place of its targeting goes from one variant to another. */
export interface ReleaseFlag {
  readonly flag: string;
  /** The variant that is released. */
  readonly candidate: string;
  /** What is served before it, and on the way back. */
  readonly baseline: string;
  /** Id of the rule whose subjects take part. Default: those of the default rule. */
  readonly rule?: string;
}

/** A stretch of the way with one exposure. */
export interface Stage {
  /** The candidate's share, in 1/100 000. */
  readonly weightPer100k: number;
  /** How long it is watched at least, in seconds, from when the exposure was seen. */
  readonly soakSeconds: number;
  /** From when on its being late is told; of what `onLate` says. Default: never. */
  readonly maxSeconds?: number;
  /** What becomes of it when it is late. Default: hold. */
  readonly onLate?: 'hold' | 'abort';
  /** How many people, besides who made the release, have to approve before the next stage. Default: 0. */
  readonly approvals?: number;
}

/** What is released, and how. It does not change while the release lives. */
export interface Spec {
  readonly strategy: 'flag_only';
  readonly flags: readonly ReleaseFlag[];
  /** Weights rise; the last is everyone. */
  readonly stages: readonly Stage[];
  /** How long the last exposure is watched before the release has succeeded, in seconds. */
  readonly bakeSeconds: number;
  /** For how long after that it can be rolled back, in seconds. */
  readonly rollbackWindowSeconds: number;
}
