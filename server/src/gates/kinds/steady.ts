import type { Finding } from './gate-kind.ts';

/** How many looks in a row were good, or bad; and what the last one said. */
export type SteadyMemory = {
  readonly good: number;
  readonly bad: number;
  readonly isFailed: boolean;
  readonly says: string;
};

interface SteadySettings {
  readonly failAfter?: number;
  readonly passAfter?: number;
}

const DEFAULT_IN_A_ROW = 3;

export const FIRST_STEADY: SteadyMemory = { good: 0, bad: 0, isFailed: false, says: '' };

/** One look fails nothing and passes nothing: so many in a row do. What has failed recovers by as many as pass it. */
export function takeSteady(
  { failAfter = DEFAULT_IN_A_ROW, passAfter = DEFAULT_IN_A_ROW }: SteadySettings,
  memory: SteadyMemory,
  isGood: boolean,
  says: string,
): SteadyMemory {
  const good = isGood ? Math.min(memory.good + 1, passAfter) : 0;
  const bad = isGood ? 0 : Math.min(memory.bad + 1, failAfter);
  return { good, bad, isFailed: bad >= failAfter || (memory.isFailed && good < passAfter), says };
}

/** A look without data: what is passed has to be seen again, what is bad is not forgotten. */
export function missSteady(memory: SteadyMemory): SteadyMemory {
  return { ...memory, good: 0 };
}

export function findSteady(
  { failAfter = DEFAULT_IN_A_ROW, passAfter = DEFAULT_IN_A_ROW }: SteadySettings,
  { good, bad, isFailed, says }: SteadyMemory,
): Finding {
  if (isFailed) return { verdict: 'failed', reason: `${says} (${bad > 0 ? `bad ${bad}` : `good ${good}`} in a row.)` };
  if (good >= passAfter) return { verdict: 'successful', reason: says };
  const state = bad > 0 ? `bad ${bad} of ${failAfter}` : `good ${good} of ${passAfter}`;
  return { verdict: 'running', reason: `${says} (${state} in a row.)` };
}
