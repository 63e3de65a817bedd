import { afterAll, describe, expect, it } from 'vitest';
import { HARMFUL, HARMLESS } from '../evidence/scenarios.ts';
import { medianOf, simulate } from '../evidence/simulate.ts';
import { readPlan } from './seeded.ts';

const { seed, size } = readPlan({
  sample: { harmless: 10, harmful: 10, slack: 1.5 },
  whole: { harmless: 1_000, harmful: 301, slack: 1 },
});

describe(`tests that are looked at all the time (seed ${seed})`, () => {
  const said: string[] = [];
  afterAll(() => console.log(said.join('\n')));

  it.each(HARMLESS)('are as seldom wrong as they say: $name', (scenario) => {
    const alarms = simulate(scenario, size.harmless, seed).length;
    said.push(`${scenario.name}: ${((100 * alarms) / size.harmless).toFixed(1)} % false alarms`);
    if (scenario.goal === undefined) expect(alarms).toBeGreaterThan(0);
    else expect(alarms / size.harmless).toBeLessThanOrEqual(Math.max(scenario.goal, 1 / size.harmless));
  });

  it.each(HARMFUL)('see what they should in time: $name', (scenario) => {
    const median = medianOf(scenario, simulate(scenario, size.harmful, seed), size.harmful);
    said.push(`${scenario.name}: ${median} ${scenario.subjectsPerSecond ? 'subjects' : 's'}`);
    expect(median).toBeLessThanOrEqual(size.slack * scenario.goal);
  });
});
