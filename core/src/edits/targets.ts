import type { Target } from '../model.ts';

interface Subjects {
  readonly attribute?: string;
  readonly values: readonly string[];
}

/** Adds subjects to a variant's targets. They leave the other variants', so that the order of targets does not matter. */
export function addTargets(
  targets: readonly Target[],
  { variant, ...subjects }: Subjects & { readonly variant: string },
): Target[] {
  const others = takeOut(targets, subjects, (target) => target.variant !== variant);
  const home = others.findIndex((target) => target.variant === variant && isSameAttribute(target, subjects));
  const present = new Set(others[home]?.values);
  const added = [...new Set(subjects.values)].filter((value) => !present.has(value));
  if (home < 0) return added.length === 0 ? others : [...others, { ...subjects, variant, values: added }];
  return others.map((target, at) => (at === home ? { ...target, values: [...target.values, ...added] } : target));
}

export function removeTargets(
  targets: readonly Target[],
  { variant, ...subjects }: Subjects & { readonly variant?: string },
): Target[] {
  return takeOut(targets, subjects, (target) => variant === undefined || target.variant === variant);
}

/** A target that nobody is left in goes. */
function takeOut(targets: readonly Target[], subjects: Subjects, isMeant: (target: Target) => boolean): Target[] {
  const gone = new Set(subjects.values);
  return targets.flatMap((target) => {
    if (!isMeant(target) || !isSameAttribute(target, subjects)) return target;
    const values = target.values.filter((value) => !gone.has(value));
    return values.length === 0 ? [] : { ...target, values };
  });
}

function isSameAttribute(a: { readonly attribute?: string }, b: { readonly attribute?: string }): boolean {
  return (a.attribute ?? 'targetingKey') === (b.attribute ?? 'targetingKey');
}
