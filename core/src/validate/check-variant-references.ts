import type { Flag, ScheduleStep, Serve } from '../model.ts';
import { FINE, join, type Problem, problem } from './check.ts';

/** Whether every variant that a flag of the right shape names is one of its own. */
export function checkVariantReferences(flag: Flag): readonly Problem[] {
  const names = new Set(flag.variants.map(({ name }) => name));
  let problems = FINE;
  visitVariantNames(flag, (name, path) => {
    if (names.has(name)) return;
    const known = [...names].slice(0, 10).join(', ');
    problems = join(problems, problem(`must name one of the flag's variants (${known}); is "${name}"`, path()));
  });
  return problems;
}

/** Visits every place that names a variant. Paths are put together only when asked for. */
function visitVariantNames(flag: Flag, visit: (name: string, path: () => string) => void): void {
  visit(flag.offVariant, () => 'offVariant');
  if (flag.safeVariant !== undefined) visit(flag.safeVariant, () => 'safeVariant');
  for (const [i, { variant }] of (flag.targets ?? []).entries()) visit(variant, () => `targets[${i}].variant`);
  for (const [i, { serve }] of (flag.rules ?? []).entries()) visitServe(serve, () => `rules[${i}].serve`, visit);
  visitServe(flag.defaultRule, () => 'defaultRule', visit);
}

function visitServe(serve: Serve, path: () => string, visit: (name: string, path: () => string) => void): void {
  if (!('split' in serve)) {
    visit(serve.variant, () => `${path()}.variant`);
    return;
  }
  const { ranges, schedule = [], held, lease } = serve.split;
  const visitSteps = (steps: readonly ScheduleStep[], place: string) => {
    for (const [i, step] of steps.entries()) {
      for (const [j, { variant }] of step.ranges.entries()) {
        visit(variant, () => `${path()}.split.${place}[${i}].ranges[${j}].variant`);
      }
    }
  };
  for (const [i, { variant }] of ranges.entries()) visit(variant, () => `${path()}.split.ranges[${i}].variant`);
  visitSteps(schedule, 'schedule');
  visitSteps(held?.schedule ?? [], 'held.schedule');
  if (lease === undefined) return;
  visit(lease.variant, () => `${path()}.split.lease.variant`);
  visit(lease.fallback, () => `${path()}.split.lease.fallback`);
}
