import type { GateOf } from '../gate.ts';
import type { GateKind } from './gate-kind.ts';
import { FIRST_STEADY, findSteady, missSteady, type SteadyMemory, takeSteady } from './steady.ts';

/** One number of each side; the baseline only where it is compared with. */
export type Values = { readonly candidate: number; readonly baseline?: number };

export const prometheus: GateKind<GateOf<'prometheus'>, Values, SteadyMemory> = {
  begin: () => FIRST_STEADY,
  take(settings, memory, values) {
    const { atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY, compare = 'ratio' } = settings;
    const value = toValue(values, compare);
    const isGood = value >= atLeast && value <= atMost;
    return takeSteady(settings, memory, isGood, `${describe(value, values, compare)}; ${describeBounds(settings)}.`);
  },
  miss: (_, memory) => missSteady(memory),
  find: findSteady,
};

/** Of nothing and nothing the ratio is 1: neither is worse. Of something and nothing it is infinite. */
function toValue({ candidate, baseline }: Values, compare: 'ratio' | 'difference'): number {
  if (baseline === undefined) return candidate;
  if (compare === 'difference') return candidate - baseline;
  return candidate === baseline ? 1 : candidate / baseline;
}

function describe(value: number, { candidate, baseline }: Values, compare: 'ratio' | 'difference'): string {
  if (baseline === undefined) return `It is ${show(value)}`;
  const sides = `candidate ${show(candidate)}, baseline ${show(baseline)}`;
  return compare === 'ratio'
    ? `It is ${show(value)} times the baseline (${sides})`
    : `They differ by ${show(value)} (${sides})`;
}

function describeBounds({ atLeast, atMost }: GateOf<'prometheus'>): string {
  if (atLeast === undefined) return `at most ${atMost} is good`;
  return atMost === undefined ? `at least ${atLeast} is good` : `${atLeast} to ${atMost} is good`;
}

function show(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : 'infinitely many';
}
