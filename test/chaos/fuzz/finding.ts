/** One way in which an answer was not as it must be. */
export interface Finding {
  readonly problem: string;
  readonly operation: string;
  readonly caller: string;
  /** What does it again: a command, or the steps. */
  readonly repeat: string;
  /** Of fast-check. */
  readonly seed: number;
}

/** Tells of a finding at once: a whole storm takes long. */
export function tell({ operation, caller, problem, repeat, seed }: Finding): void {
  console.log(`fuzz: ${operation} by ${caller} ${problem} (fast-check's seed ${seed})\n  ${repeat}`);
}
