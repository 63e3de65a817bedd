import { readFileSync } from 'node:fs';
import { applySnapshot, decodeServerMessage, type EvaluationContext } from '@bunting/core';
import type { Adapter } from '../adapter.ts';
import { adapter as bunting } from '../bunting.ts';

/** The path of a snapshot's bytes through core, which an SDK takes with what it receives or has kept on disk. */
export const adapter: Adapter<EvaluationContext> = {
  write: (dataSet) => bunting.write(dataSet),

  async start(file) {
    const decoded = decodeServerMessage(readFileSync(file, 'utf8'));
    if (!decoded.ok) throw new Error(decoded.error);
    if (decoded.message.type !== 'snapshot') throw new Error(`${file} holds no snapshot`);
    const ruleset = applySnapshot(decoded.message);
    return { isEnabled: (key, context) => ruleset.evaluate(key, context).value === true, stop() {} };
  },

  contextOf: ({ id, ...attributes }) => ({ targetingKey: id, ...attributes }),
};
