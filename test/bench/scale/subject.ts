import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Measurement, Subject } from '../subject.ts';
import { groups } from './groups.ts';

/** How core's costs grow with the ruleset. */
export const scale: Subject = {
  name: 'evaluate-scale',
  about: 'compile time, heap, calls and changes as rules, flags and segments grow',

  async measure({ quick, say }) {
    const measurements: Measurement[] = [];
    for (const group of Object.keys(groups)) {
      say(`${group} ...`);
      measurements.push(...(await runGroup(group, quick)));
    }
    return { measurements, notes: ['calls are of core’s evaluate, without the SDK around it'] };
  },
};

function runGroup(group: string, quick: boolean): Promise<Measurement[]> {
  const child = fork(join(import.meta.dirname, 'child.ts'), [group, quick ? 'quick' : ''], {
    execArgv: ['--expose-gc'],
  });
  return new Promise((resolve, reject) => {
    child.on('message', (measurements: Measurement[]) => resolve(measurements));
    child.on('error', reject);
    child.on('exit', (code, signal) => reject(new Error(`measuring "${group}" ended (${signal ?? code})`)));
  });
}
