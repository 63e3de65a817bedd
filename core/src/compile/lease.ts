import type { Evaluation } from '../evaluation.ts';
import type { Lease } from '../model.ts';
import type { Metadata, Outcomes } from './outcomes.ts';
import type { ContactAge, Decision } from './scope.ts';
import type { FlagParts } from './split.ts';

/** Takes the leased variant back when no server has vouched for it for too long; leaves all else as it is. */
export function behindLease(decide: Decision, lease: Lease, parts: FlagParts, metadata?: Metadata): Decision {
  const { variant } = lease;
  const age = parts.links.to<ContactAge>(inContact, (scope) => scope.contactAge ?? inContact);
  const fallback = lapsed(lease, parts.outcomes, metadata);
  return (context, nowMs) => {
    const outcome = decide(context, nowMs);
    return outcome.variant === variant && isLapsed(lease, age.target()) ? fallback : outcome;
  };
}

/** An age that is no number lets it lapse, too. */
export function isLapsed({ seconds }: Lease, contactAgeMs: number): boolean {
  return !(contactAgeMs <= seconds * 1000);
}

/** What is served in place of the leased variant. */
export function lapsed({ fallback }: Lease, outcomes: Outcomes, metadata?: Metadata): Evaluation {
  return outcomes.serve(fallback, 'STALE', { ...metadata, cause: 'lease' });
}

/** Of who evaluates where the ruleset is kept. */
const inContact: ContactAge = () => 0;
