/*
 * What `dist/releases/machine.js` exports: the machine by which the server decides about releases, bundled from the server's
 * own build (`npm run bundle`). The export that it reads is described in the server, `src/decision-log/verify-export.ts`.
 */

/** What came of making every decision of a release again. */
export interface Verification {
  /** Decisions that follow, bit for bit, from what they were made of. */
  readonly same: number;
  /** Verdicts of gates that follow from what was measured. */
  readonly gates: number;
  /** What this version cannot make again, and why; nothing is said against it. */
  readonly unknown: readonly string[];
  /** What is not as it was decided, in sentences; none: all is. */
  readonly problems: readonly string[];
}

/** @throws what is no export is not looked at */
export function verifyExport(exported: unknown): Verification;
