import { readFileSync } from 'node:fs';
import type { Adapter } from '../adapter.ts';
import type { DataSet } from '../data-set.ts';

/** The look-up alone: `Map.get` of a flag key among those of the data set. */
export const adapter: Adapter<undefined> = {
  write: (dataSet) => JSON.stringify(dataSet),
  async start(file) {
    const dataSet: DataSet = JSON.parse(readFileSync(file, 'utf8'));
    const isOn = new Map(dataSet.flags.map((flag) => [flag.key, flag.otherwisePercent === 100]));
    return { isEnabled: (key) => isOn.get(key) === true, stop() {} };
  },
  contextOf: () => undefined,
};
