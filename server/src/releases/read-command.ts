import type { Caller } from '../audit/actor.ts';
import { ApiError, validationFailed } from '../http/api-error.ts';
import { readMoment } from '../http/moment.ts';
import { type Command, type Obeyed, obey, WrongMoment } from './command.ts';
import type { Gathered } from './gather.ts';
import type { Phase } from './phase.ts';
import { specOf, stateOf } from './release.ts';
import type { PlacedRelease } from './repository.ts';
import type { ReleaseCommandInput } from './schemas.ts';
import type { ManualShares } from './state.ts';

export type Wanted = ReleaseCommandInput | { readonly command: 'approve' };

/** @param isUnapproved it may begin without the approvals that are required */
export function toCommand({ actor }: Caller, input: Wanted, isUnapproved: boolean): Command {
  switch (input.command) {
    case 'pause':
      return { name: 'pause', pause: { id: actor.id, cause: 'person', by: actor.name, reason: input.reason } };
    case 'abort':
      return { name: 'abort', reason: input.reason };
    case 'rollback':
      return { name: 'rollback', reason: input.reason, ...(input.gradual && { gradual: input.gradual }) };
    case 'schedule':
      return { name: 'schedule', ...(isUnapproved && { isUnapproved }) };
    case 'start':
      return { name: 'start', ...(input.supersede === true && { takesOver: true }) };
    case 'retry':
      return { name: 'retry', ...(input.stage !== undefined && { stage: input.stage }) };
    case 'approve':
      return { name: 'approve', by: actor.id };
    case 'set_weight':
      return { name: 'set_weight', by: actor.name, ...sharesOf(input) };
    default:
      return { name: input.command };
  }
}

function sharesOf({ flagsPer100k, trafficPer100k }: ManualShares): ManualShares {
  return {
    ...(flagsPer100k === undefined ? {} : { flagsPer100k }),
    ...(trafficPer100k === undefined ? {} : { trafficPer100k }),
  };
}

/** @throws {ApiError} `wrong_state` when the release cannot do that now */
export function obeyOrRefuse(release: PlacedRelease, command: Command, { facts }: Gathered): Obeyed {
  try {
    return obey(specOf(release), stateOf(release), command, facts);
  } catch (error) {
    if (!(error instanceof WrongMoment)) throw error;
    throw new ApiError('wrong_state', error.message, { phase: release.phase satisfies string as Phase });
  }
}

/** @throws {ApiError} `validation_failed` */
export function readStart(at: string, nowMs: number): number {
  const atMs = readMoment(at, 'at');
  if (atMs > nowMs) return atMs;
  throw validationFailed([{ path: 'at', message: 'has passed; start it now, or choose a later time' }]);
}
