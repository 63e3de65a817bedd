import type { Evaluation } from '../evaluation.ts';
import type { Flag, Json, Prerequisite } from '../model.ts';
import { isEqual } from './equal.ts';
import { survey } from './graph.ts';
import type { Links } from './links.ts';
import type { Outcomes } from './outcomes.ts';
import type { FlagNode, Run, Scope } from './scope.ts';

/** Answers for a flag whose prerequisites do not hold; undefined when they do. */
export type Gate = (...args: Parameters<Run>) => Evaluation | undefined;

/** What can be said about a flag's prerequisites without a context. */
export type Standing =
  /** A flag among them, however far up, is killed. */
  | { readonly kind: 'held'; readonly by: string }
  /** They lead back to the flag itself. */
  | { readonly kind: 'cycle' }
  /** They would take too many evaluations. */
  | { readonly kind: 'limit' }
  /** It depends on the context. Parents in the order of the prerequisites; undefined: the ruleset has none. */
  | { readonly kind: 'open'; readonly parents: readonly (FlagNode | undefined)[] };

/** Finds how a flag's prerequisites stand. A kill comes first: it must never expose anything, whatever else is wrong. */
export function standingOf(flag: Flag, scope: Scope): Standing {
  const keys = (flag.prerequisites ?? []).map((prerequisite) => prerequisite.flag);
  const { reached, isCyclic, isTooLarge } = survey(flag.key, (key) =>
    key === flag.key ? keys : (scope.findFlag(key)?.parents ?? []),
  );
  for (const key of reached) if (scope.findFlag(key)?.killed === true) return { kind: 'held', by: key };
  if (isCyclic) return { kind: 'cycle' };
  if (isTooLarge) return { kind: 'limit' };
  return { kind: 'open', parents: keys.map((key) => scope.findFlag(key)) };
}

/** What a flag that depends on a killed one answers, even when it is off itself. */
export function heldOutcome(flag: Flag, by: string, outcomes: Outcomes): Evaluation {
  return outcomes.serve(flag.safeVariant ?? flag.offVariant, 'DISABLED', { cause: 'kill', killedFlag: by });
}

/** What a flag answers whose prerequisites can never be asked. */
export function blockedOutcome(flag: Flag, kind: 'cycle' | 'limit', outcomes: Outcomes): Evaluation {
  return outcomes.serve(flag.offVariant, 'DISABLED', { cause: `prerequisite-${kind}` });
}

/** What a flag answers when this prerequisite does not hold. */
export function unmet(flag: Flag, prerequisite: Prerequisite, outcomes: Outcomes): Evaluation {
  return outcomes.serve(flag.offVariant, 'DISABLED', { cause: 'prerequisite', prerequisite: prerequisite.flag });
}

/** Compiles what outranks even off: whether the flag depends on a killed one. */
export function compileHold(flag: Flag, outcomes: Outcomes, links: Links): Gate {
  const link = links.to<Evaluation | undefined>(undefined, (scope) => {
    const standing = standingOf(flag, scope);
    return standing.kind === 'held' ? heldOutcome(flag, standing.by, outcomes) : undefined;
  });
  return () => link.target;
}

/** Compiles the prerequisites of a flag that is on. */
export function compileGate(flag: Flag, outcomes: Outcomes, links: Links): Gate {
  const prerequisites = flag.prerequisites ?? [];
  const holds = prerequisites.map(compilePrerequisite);
  const refusals = prerequisites.map((prerequisite) => unmet(flag, prerequisite, outcomes));
  const link = links.to<{ refusal: Evaluation | undefined; parents: readonly (FlagNode | undefined)[] }>(
    { refusal: undefined, parents: [] },
    (scope) => {
      const standing = standingOf(flag, scope);
      if (standing.kind === 'open') return { refusal: undefined, parents: standing.parents };
      const { kind } = standing;
      const refusal = kind === 'held' ? heldOutcome(flag, standing.by, outcomes) : blockedOutcome(flag, kind, outcomes);
      return { refusal, parents: [] };
    },
  );
  const [holdsOnly, another] = holds;
  if (holdsOnly !== undefined && another === undefined) {
    // Most flags that depend on others depend on one.
    const [unmetOnly] = refusals;
    return (context, nowMs, scope) => {
      const { refusal, parents } = link.target;
      if (refusal !== undefined) return refusal;
      const parent = parents[0];
      return parent !== undefined && holdsOnly(parent.run(context, nowMs, scope)) ? undefined : unmetOnly;
    };
  }
  return (context, nowMs, scope) => {
    const { refusal, parents } = link.target;
    if (refusal !== undefined) return refusal;
    for (let i = 0; i < holds.length; i++) {
      const parent = parents[i];
      if (parent === undefined || holds[i]?.(parent.run(context, nowMs, scope)) !== true) return refusals[i];
    }
    return undefined;
  };
}

/** Whether what the parent answered satisfies the prerequisite. An error satisfies none. */
export function compilePrerequisite({ state, variants, values }: Prerequisite): (answer: Evaluation) => boolean {
  if (state === 'on') return ({ errorCode, reason }) => errorCode === undefined && reason !== 'DISABLED';
  if (state === 'off') return ({ reason }) => reason === 'DISABLED';
  if (variants !== undefined) return ({ variant }) => variant !== undefined && variants.includes(variant);
  return ({ value }) => value !== undefined && hasEqual(values ?? [], value);
}

function hasEqual(values: readonly Json[], value: Json): boolean {
  for (const candidate of values) if (isEqual(candidate, value)) return true;
  return false;
}
