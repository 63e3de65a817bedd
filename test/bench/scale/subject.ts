import { askChild } from '../ask-child.ts';
import type { Measurement, Subject } from '../subject.ts';
import { groups } from './groups.ts';

const child = new URL('child.ts', import.meta.url);

/** How core's costs grow with the ruleset. */
export const scale: Subject = {
  name: 'evaluate-scale',
  about: 'compile time, heap, calls and changes as rules, flags and segments grow',

  async measure({ quick, say }) {
    const measurements: Measurement[] = [];
    for (const group of Object.keys(groups)) {
      say(`${group} ...`);
      measurements.push(...(await askChild<Measurement[]>(child, [group, quick ? 'quick' : ''], ['--expose-gc'])));
    }
    return { measurements, notes: ['calls are of core’s evaluate, without the SDK around it'] };
  },
};
