import type { Outcome } from '../interventions/intervention.ts';
import type { SignalAlert } from './episode.ts';
import type { SignalSource } from './source.ts';

/** What one binding made of an alert. */
export interface BindingOutcome {
  /** Its id. */
  readonly binding: string;
  readonly name: string;
  readonly matched: boolean;
  readonly outcomes: readonly Outcome[];
  /** Why it did not match, or nothing was done. */
  readonly note?: string;
}

/** What signals lead to. */
export interface AlertTaker {
  /** Acts where the alert matches, once for each episode. Begins at once; never rejects. */
  take(source: SignalSource, alert: SignalAlert): Promise<readonly BindingOutcome[]>;
  /** What it would match and do. Nothing is done. */
  preview(source: SignalSource, alert: SignalAlert): Promise<readonly BindingOutcome[]>;
}
