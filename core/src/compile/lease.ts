import type { Evaluation } from '../evaluation.ts';
import type { Lease } from '../model.ts';
import type { LeasedValue } from '../sync/messages.ts';
import type { Metadata, Outcomes } from './outcomes.ts';
import type { ContactAge, Decision } from './scope.ts';
import type { FlagParts } from './split.ts';

/** Takes the leased variant back when no server has vouched for it for too long; leaves all else as it is. */
export function behindLease(decide: Decision, lease: Lease, parts: FlagParts, metadata?: Metadata): Decision {
  const { variant } = lease;
  const age = parts.links.to<ContactAge>(inContact, (scope) => scope.contactAge ?? inContact);
  const fallback = lapsed(lease, parts.outcomes, metadata);
  LEASED.set(parts.outcomes.serve(variant, 'SPLIT', metadata), { lease, fallback });
  return (context, nowMs) => {
    const outcome = decide(context, nowMs);
    return outcome.variant === variant && isLapsed(lease, age.target()) ? fallback : outcome;
  };
}

/** A rule has outcomes of its own, so one outcome has one lease at most. */
const LEASED = new WeakMap<Evaluation, { readonly lease: Lease; readonly fallback: Evaluation }>();

/** For who tells an outcome to others, who measure their contact by themselves. Undefined: it is not leased. */
export function leaseOf(outcome: Evaluation): LeasedValue | undefined {
  const { lease, fallback: { value, variant, reason } = {} } = LEASED.get(outcome) ?? {};
  if (lease === undefined || value === undefined || variant === undefined || reason === undefined) return undefined;
  return { value, variant, reason, seconds: lease.seconds };
}

/** What becomes of an outcome with contact of this age, for who evaluated it where leases stand. */
export function withContact(outcome: Evaluation, contactAgeMs: number): Evaluation {
  const leased = contactAgeMs === 0 ? undefined : LEASED.get(outcome);
  return leased !== undefined && isLapsed(leased.lease, contactAgeMs) ? leased.fallback : outcome;
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
