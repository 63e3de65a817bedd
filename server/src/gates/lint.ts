import { BUCKET_COUNT } from '@bunting/core';
import type { Problem } from '../http/api-error.ts';
import { isComparing } from '../safeguards/sides.ts';
import type { Gate } from './gate.ts';
import type { CountingGate } from './kinds/counts.ts';
import { budgetShare, falseAbortRisk, type Power, powerOf } from './power.ts';
import type { Usual } from './usual-traffic.ts';

/** As much of a release as its power rests on. */
export interface Linted {
  readonly traffic?: unknown;
  readonly stages: readonly {
    readonly flagsPer100k: number;
    readonly trafficPer100k?: number;
    readonly soakSeconds: number;
    readonly gates?: readonly Gate[];
    /** It is known that its gates see nothing. */
    readonly blind?: boolean;
  }[];
  readonly watch?: readonly Gate[];
  readonly bakeSeconds: number;
}

/** What a gate is worth in a stage. */
interface GatePower {
  readonly gate: string;
  readonly power: Power | undefined;
  readonly sentence: string;
}

interface StagePower {
  /** Index; undefined: baking. */
  readonly stage: number | undefined;
  readonly gates: readonly GatePower[];
  /** The part of the error budget of 30 days that may be used up before harm is seen; undefined: not known. */
  readonly budgetShare: number | undefined;
}

export interface Lint {
  readonly stages: readonly StagePower[];
  readonly falseAbortRisk: number;
  /** Of all stages, where it is known. */
  readonly budgetShare: number;
  readonly problems: readonly Problem[];
}

/**
 * What a release can see on its way, by the traffic that its gates have now. Pure.
 * @param usual of each gate that judges counts
 * @param objective the share of good ones that is promised
 */
export function lint(release: Linted, usual: ReadonlyMap<CountingGate, Usual>, objective: number): Lint {
  const { watch = [], bakeSeconds } = release;
  const stages: readonly Planned[] = [
    ...release.stages.map((stage, at) => ({ at, ...stage, gates: [...(stage.gates ?? []), ...watch] })),
    { at: undefined, ...lastOf(release), soakSeconds: bakeSeconds, gates: watch, blind: true },
  ];
  const problems: Problem[] = [];
  const seen = stages.map(({ at, gates, soakSeconds, blind = false, ...exposure }): StagePower => {
    const ms = soakSeconds * 1_000;
    // Where nobody is left to compare with, what is watched has said in the stages before what it has to say.
    const counting = gates
      .filter(isCounting)
      .filter((gate) => !watch.includes(gate) || !isComparison(gate) || shareOf(gate, exposure, release) < 1);
    const powers = counting.map((gate): GatePower => {
      const known = usual.get(gate) ?? { unknown: 'It was not measured.' };
      if ('unknown' in known) return { gate: gate.name, power: undefined, sentence: known.unknown };
      const power = powerOf(gate, { ms, share: shareOf(gate, exposure, release) }, known);
      return { gate: gate.name, power, sentence: power?.sentence ?? '' };
    });
    const isBlind = powers.length > 0 && powers.every(({ power }) => power !== undefined && power.sees === undefined);
    if (isBlind && !blind && at !== undefined) {
      const [first] = powers;
      const message = `has gates that cannot see anything: ${first?.sentence} Or say blind: true, if that is how it must be`;
      problems.push({ path: `stages[${at}]`, message });
    }
    return {
      stage: at,
      gates: powers,
      budgetShare: spendOf(counting, powers, { ms, exposure, release, usual, objective }),
    };
  });
  const risks = stages.flatMap(({ at, gates, soakSeconds }) =>
    // What is watched is one test from the first stage to the end.
    gates
      .filter((gate) => at === undefined || !watch.includes(gate))
      .map((gate) => [gate, soakSeconds * 1_000] as const),
  );
  return {
    stages: seen,
    falseAbortRisk: falseAbortRisk(risks),
    budgetShare: seen.reduce((sum, each) => sum + (each.budgetShare ?? 0), 0),
    problems,
  };
}

/** A stage with all that is judged in it; baking has no index. */
interface Planned extends Exposure {
  readonly at: number | undefined;
  readonly gates: readonly Gate[];
  readonly soakSeconds: number;
  readonly blind?: boolean;
}

interface Spending {
  readonly ms: number;
  readonly exposure: Exposure;
  readonly release: Linted;
  readonly usual: ReadonlyMap<CountingGate, Usual>;
  readonly objective: number;
}

/** By the gate that sees most. */
function spendOf(
  gates: readonly CountingGate[],
  powers: readonly GatePower[],
  { ms, exposure, release, usual, objective }: Spending,
): number | undefined {
  const spends = gates.flatMap((gate, at) => {
    const [known, power] = [usual.get(gate), powers[at]?.power];
    if (known === undefined || 'unknown' in known || power === undefined || gate.kind === 'sample_ratio') return [];
    return [budgetShare({ ms, share: shareOf(gate, exposure, release) }, known.badRate, power.sees, objective)];
  });
  return spends.length === 0 ? undefined : Math.min(...spends);
}

interface Exposure {
  readonly flagsPer100k: number;
  readonly trafficPer100k?: number;
}

function lastOf({ stages }: Linted): Exposure {
  const { flagsPer100k = BUCKET_COUNT, trafficPer100k = BUCKET_COUNT } = stages.at(-1) ?? {};
  return { flagsPer100k, trafficPer100k };
}

/** The candidate's share of what a gate is shown. */
function shareOf(gate: CountingGate, { flagsPer100k, trafficPer100k }: Exposure, { traffic }: Linted): number {
  const ofFlags = flagsPer100k / BUCKET_COUNT;
  const ofTraffic = traffic === undefined ? ofFlags : (trafficPer100k ?? 0) / BUCKET_COUNT;
  if (gate.kind === 'sample_ratio') return ofFlags;
  switch (gate.of.kind) {
    case 'flag':
      return gate.of.by === 'version' ? ofTraffic : ofFlags;
    case 'mismatches':
      // All that is compared is looked at.
      return 1;
    default:
      return ofTraffic;
  }
}

function isComparison(gate: CountingGate): boolean {
  return gate.kind === 'sample_ratio' || (gate.kind === 'sequential' && isComparing(gate.test));
}

export function isCounting(gate: Gate): gate is CountingGate {
  return gate.kind === 'sequential' || gate.kind === 'burn_rate' || gate.kind === 'sample_ratio';
}
