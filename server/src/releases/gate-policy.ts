import type { Gate, GateFacts } from '../gates/gate.ts';
import { demandOf } from '../gates/policy.ts';

/** What gates say together. */
export interface Judgement {
  /** Why everything is to go back. It outranks the rest. */
  readonly undo?: string;
  /** The gate that wants a person, and why. */
  readonly pause?: { readonly gate: string; readonly reason: string };
  /** Why it may not go on by itself at the moment. */
  readonly holds: readonly string[];
}

interface Moment {
  readonly nowMs: number;
  /** See `State`. */
  readonly watchedSinceMs?: number | undefined;
  /** Those of a watch need not pass: they only have to say no. */
  readonly isWatch: boolean;
  /** The time of the stage is over: what is inconclusive will remain so. */
  readonly isOver: boolean;
  readonly overruled: readonly string[];
}

/** What follows from verdicts, by the policy of each gate. A gate that was not judged holds. */
export function judge(gates: readonly Gate[], verdicts: readonly GateFacts[] | undefined, moment: Moment): Judgement {
  const judgements = gates
    .filter(({ dryRun }) => dryRun !== true)
    .map(({ name }) => {
      const facts = verdicts?.find(({ gate }) => gate === name);
      return facts === undefined ? hold(`Gate "${name}" has not been judged yet.`) : judgeOne(facts, moment);
    });
  const undo = judgements.find((judgement) => judgement.undo !== undefined)?.undo;
  const pause = judgements.find((judgement) => judgement.pause !== undefined)?.pause;
  return {
    ...(undo === undefined ? {} : { undo }),
    ...(pause === undefined ? {} : { pause }),
    holds: judgements.flatMap(({ holds }) => holds),
  };
}

/** The id of the pause that a gate leads to. */
export function gatePause(gate: string): string {
  return `gate:${gate}`;
}

const PASSED: Judgement = { holds: [] };

function hold(...holds: string[]): Judgement {
  return { holds };
}

function judgeOne(facts: GateFacts, moment: Moment): Judgement {
  const { gate, verdict, reason } = facts;
  if (moment.isWatch && verdict !== 'failed' && verdict !== 'error') return PASSED;
  const demand = demandOf(facts, moment);
  const said = `Gate "${gate}"${SAID[verdict] ?? ''}: ${reason}`;
  if (demand === 'abort' || demand === 'rollback') return { undo: said, holds: [] };
  const isOverruled = (verdict === 'failed' || verdict === 'error') && moment.overruled.includes(gatePause(gate));
  if (demand === 'go' || isOverruled) return PASSED;
  return demand === 'pause' ? { pause: { gate, reason: said }, holds: [said] } : hold(said);
}

const SAID: Readonly<Partial<Record<GateFacts['verdict'], string>>> = {
  failed: ' failed',
  error: ' cannot be judged',
  inconclusive: ' cannot tell',
};
