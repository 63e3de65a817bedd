/** What following references from one node leads to. */
export interface Survey {
  /** Every node that can be reached; the start only when it is on a cycle. */
  readonly reached: ReadonlySet<string>;
  /** Whether the start can be reached from itself. */
  readonly isCyclic: boolean;
  /** Whether following every reference, again each time it is met, would visit more than `MAX_STEPS` nodes. */
  readonly isTooLarge: boolean;
}

/** Bounds what one evaluation may visit: a diamond of n levels would otherwise cost 2^n. */
const MAX_STEPS = 1000;

/** Follows references from `start`, in time proportional to the graph. */
export function survey(start: string, referencesOf: (key: string) => readonly string[]): Survey {
  const reached = new Set<string>();
  /** Steps below each node; 0 while it is being visited, so that cycles end. */
  const stepsBelow = new Map<string, number>();
  const visit = (key: string): number => {
    const known = stepsBelow.get(key);
    if (known !== undefined) return known;
    stepsBelow.set(key, 0);
    let steps = 0;
    for (const reference of referencesOf(key)) {
      // Beyond the bound the answer is known; stopping also keeps the recursion shallow.
      if (reached.size > MAX_STEPS) return MAX_STEPS + 1;
      reached.add(reference);
      steps += 1 + visit(reference);
    }
    stepsBelow.set(key, steps);
    return steps;
  };
  const steps = visit(start);
  return { reached, isCyclic: reached.has(start), isTooLarge: steps > MAX_STEPS };
}
