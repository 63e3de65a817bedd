import { t } from '@lingui/core/macro';
import type { ReleaseWish } from '../../api/releases.ts';
import type { Release } from '../../api/types.ts';
import { percentOf, weightOfPercent } from '../../flags/weights.ts';
import type { ReleaseAct } from './offered-acts.ts';

/** What a person fills in before a release does something; which of it counts, the act says. */
export interface ActInput {
  readonly reason: string;
  /** As a box for local time has it. */
  readonly moment: string;
  /** Percents. Undefined: the release moves none. */
  readonly flags: number | undefined;
  readonly traffic: number | undefined;
  readonly isGradual: boolean;
  readonly steps: number;
  readonly everySeconds: number;
  /** Take over from releases on the same targets. */
  readonly supersede: boolean;
  /** Index of the one that a new attempt begins with. */
  readonly stage: number;
}

/** What stands there before anything is typed. */
export function inputFor({ flags, traffic, set, trafficPer100k }: Release): ActInput {
  return {
    ...{ reason: '', moment: '', isGradual: false, steps: 5, everySeconds: 60, supersede: false, stage: 0 },
    flags: flags.length > 0 ? percentOf(flags[0]?.weightPer100k ?? set?.flagsPer100k ?? 0) : undefined,
    traffic: traffic && percentOf(trafficPer100k ?? set?.trafficPer100k ?? 0),
  };
}

/** What is sent, or (a string) what is wrong with what was typed. */
export function wishOf(act: ReleaseAct, input: ActInput): ReleaseWish | string {
  const reason = input.reason.trim();
  const missing = t`Say why, for those who see it later.`;
  switch (act) {
    case 'start':
      return input.supersede ? { command: act, supersede: true } : { command: act };
    case 'pause':
    case 'abort':
      return reason === '' ? missing : { command: act, reason };
    case 'rollback': {
      if (reason === '') return missing;
      const { isGradual, steps, everySeconds } = input;
      return isGradual ? { command: act, reason, gradual: { steps, everySeconds } } : { command: act, reason };
    }
    case 'schedule': {
      const at = new Date(input.moment);
      if (Number.isNaN(at.getTime())) return t`Choose a day and a time.`;
      return { command: act, at: at.toISOString() };
    }
    case 'set_weight':
      return {
        command: act,
        ...(input.flags !== undefined && { flagsPer100k: weightOfPercent(input.flags) }),
        ...(input.traffic !== undefined && { trafficPer100k: weightOfPercent(input.traffic) }),
      };
    case 'retry':
      return input.stage > 0 ? { command: act, stage: input.stage } : { command: act };
    default:
      return { command: act };
  }
}
