import { HARMFUL, HARMLESS, type Harmful, type Harmless } from '../../evidence/scenarios.ts';
import { medianOf, simulate } from '../../evidence/simulate.ts';
import { percentile, round } from '../statistics.ts';
import type { Measurement, Subject } from '../subject.ts';

const SEED = 20_261_121;

/** How often the tests of `server/src/evidence` are wrong when nothing is harmed, and how soon they see harm. */
export const evidence: Subject = {
  name: 'evidence',
  about: 'false alarms of the tests behind safeguards at alpha 1 %, and how soon they see harm: simulated',

  async measure({ quick, say }) {
    const runs = quick ? 10 : 1_000;
    const measurements: Measurement[] = [];
    for (const scenario of HARMLESS) {
      say(`${scenario.name} ...`);
      measurements.push(measureHarmless(scenario, runs));
    }
    for (const scenario of HARMFUL) {
      say(`${scenario.name} ...`);
      measurements.push(...measureHarmful(scenario, runs));
    }
    return {
      measurements,
      notes: [
        `${runs} runs of each, seed ${SEED}; windows of 5 s unless the name says otherwise; 30 minutes each`,
        'false alarms: share of the runs that failed although both arms were alike; the budget is alpha and three standard deviations of a share of 1 000, for the rank among placebos 2 %',
        'in bursts of m: each error is followed by others of the same subject at the same moment, m on average; relative risk by requests is no test for these, which its figures show',
        'seen after: median; the budget is a fifth more than what another implementation of the formulas took, or, of the rank among placebos, a simpler rank test',
      ],
    };
  },
};

function measureHarmless(scenario: Harmless, runs: number): Measurement {
  const ours = round((100 * simulate(scenario, runs, SEED).length) / runs);
  return {
    ...{ case: `false alarms: ${scenario.name}`, unit: '%', better: 'lower', ours },
    ...(scenario.goal !== undefined && { budget: round(100 * scenario.goal) }),
  };
}

function measureHarmful(scenario: Harmful, runs: number): Measurement[] {
  const failed = simulate(scenario, runs, SEED);
  const { subjectsPerSecond, from, goal } = scenario;
  if (subjectsPerSecond !== undefined) {
    const ours = round(medianOf(scenario, failed, runs));
    return [{ case: `seen after: ${scenario.name}`, unit: 'subjects', better: 'lower', ours, budget: goal }];
  }
  // The tenth that takes longest, of all runs: those that saw nothing took longer than any.
  const all = [...failed, ...new Array<number>(runs - failed.length).fill(Number.POSITIVE_INFINITY)];
  const p90 = percentile(all, 90) - from;
  const shared = { unit: 's', better: 'lower' } as const;
  return [
    { case: `seen after: ${scenario.name}`, ...shared, ours: round(medianOf(scenario, failed, runs)), budget: goal },
    ...(Number.isFinite(p90) ? [{ case: `seen after, p90: ${scenario.name}`, ...shared, ours: round(p90) }] : []),
  ];
}
