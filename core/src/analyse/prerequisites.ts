import { isEqual } from '../compile/equal.ts';
import { survey } from '../compile/graph.ts';
import type { Flag, Prerequisite, Serve } from '../model.ts';
import { findCycle } from './cycle.ts';
import type { Documents, Report } from './report.ts';

/** Prerequisites that can never hold. */
export function analysePrerequisites(flag: Flag, documents: Documents, report: Report): void {
  const parentsOf = (key: string) => documents.flag.get(key)?.prerequisites?.map((wanted) => wanted.flag) ?? [];
  const { isCyclic, isTooLarge } = survey(flag.key, parentsOf);
  if (isCyclic) {
    report(
      'cycle',
      'error',
      'prerequisites',
      'lead back to the flag itself, which therefore stays off: remove one of them',
    );
  } else if (isTooLarge) {
    report('prerequisite-impossible', 'error', 'prerequisites', 'lead to too many flags to be asked; it stays off');
  }
  for (const [i, prerequisite] of (flag.prerequisites ?? []).entries()) {
    const parent = documents.flag.get(prerequisite.flag);
    const problem = parent === undefined ? undefined : impossible(prerequisite, parent);
    if (problem !== undefined) report('prerequisite-impossible', 'warning', `prerequisites[${i}]`, problem);
  }
}

function impossible({ flag, state, variants, values }: Prerequisite, parent: Flag): string | undefined {
  if (state === 'on') return parent.enabled ? undefined : `demands that "${flag}" is on, which is switched off here`;
  if (state === 'off') return undefined;
  const names = servableVariants(parent);
  if (variants !== undefined) {
    if (variants.some((name) => names.has(name))) return undefined;
    return `demands ${variants.join(' or ')} of "${flag}", which can only serve ${[...names].join(', ')} here`;
  }
  const served = parent.variants.filter(({ name }) => names.has(name));
  if (served.some(({ value }) => values?.some((wanted) => isEqual(wanted, value)))) return undefined;
  return `demands a value that "${flag}" never serves here`;
}

/** The variants that a flag could serve, as long as nobody kills it. */
function servableVariants(flag: Flag): ReadonlySet<string> {
  if (!flag.enabled) return new Set([flag.offVariant]);
  const names = new Set([flag.offVariant]);
  const add = (serve: Serve) => {
    if (!('split' in serve)) names.add(serve.variant);
    else {
      const { schedule = [], lease } = serve.split;
      for (const { ranges } of [serve.split, ...schedule]) {
        for (const { variant, from, to } of ranges) if (to > from) names.add(variant);
      }
      if (lease !== undefined) names.add(lease.fallback);
    }
  };
  for (const { serve } of flag.rules ?? []) add(serve);
  for (const { variant } of flag.targets ?? []) names.add(variant);
  add(flag.defaultRule);
  if (flag.variants.some(({ requires }) => requires !== undefined)) names.add(flag.safeVariant ?? flag.offVariant);
  return names;
}

/** A path of prerequisites that leads from a flag back to itself, for refusing it when it is saved. */
export function findPrerequisiteCycle(
  flag: Pick<Flag, 'key' | 'prerequisites'>,
  findFlag: (key: string) => Pick<Flag, 'prerequisites'> | undefined,
): readonly string[] | undefined {
  return findCycle(flag.key, (key) => {
    const document = key === flag.key ? flag : findFlag(key);
    return document?.prerequisites?.map((wanted) => wanted.flag) ?? [];
  });
}
