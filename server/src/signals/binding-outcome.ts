import type { Action, Mode, Outcome, Result } from '../interventions/intervention.ts';
import type { SignalAlert } from './episode.ts';
import type { SignalSource } from './source.ts';

/** What one binding made of an alert. */
export interface BindingOutcome {
  /** Its key. */
  readonly binding: string;
  readonly project: string;
  readonly matched: boolean;
  readonly outcomes: readonly Outcome[];
  /** Why it did not match, or nothing was done; empty when there is nothing to say. */
  readonly note: string;
}

/** What one binding would make of an alert now. */
export interface Foreseen extends Omit<BindingOutcome, 'outcomes'> {
  readonly action: Action;
  readonly mode: Mode;
  readonly targets: readonly {
    readonly environment: string;
    readonly flag: string;
    readonly result: Result;
    readonly reason: string;
  }[];
}

/** What signals lead to. */
export interface AlertTaker {
  /** Acts where the alert matches, once for each episode. Begins at once; never rejects. */
  take(source: SignalSource, alert: SignalAlert): Promise<readonly BindingOutcome[]>;
  /** Nothing is done. */
  foresee(source: SignalSource, alert: SignalAlert): readonly Foreseen[];
}
