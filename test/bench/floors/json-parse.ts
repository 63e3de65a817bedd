import { readFileSync } from 'node:fs';
import type { Ruleset } from '@bunting/core';
import type { Adapter } from '../adapter.ts';
import { makeRuleset } from '../ruleset.ts';

/** `JSON.parse` of a ruleset as one document, and nothing more: what any format of that size costs. */
export const adapter: Adapter<undefined> = {
  write: (dataSet) => JSON.stringify(makeRuleset(dataSet)),
  async start(file) {
    const ruleset: Ruleset = JSON.parse(readFileSync(file, 'utf8'));
    return { isEnabled: () => ruleset.flags.length > 0, stop() {} };
  },
  contextOf: () => undefined,
};
