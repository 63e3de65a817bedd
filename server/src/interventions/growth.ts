import type { Caller } from '../audit/actor.ts';
import { ApiError } from '../http/api-error.ts';
import type { Ramps } from '../ramps/service.ts';
import type { Releases } from '../releases/service.ts';
import type { FlagTarget } from './intervention.ts';

/** Why something is held. It goes on when nothing else holds it. */
export interface Hold {
  /** Of one cause, and of its episode. */
  readonly id: string;
  readonly kind: 'signal' | 'safeguard';
  /** Of the cause, for people. */
  readonly name: string;
  readonly reason: string;
}

/** Something that exposes a flag to more people by itself. */
export interface Growth {
  /** Stops it where it is: nobody moves. @returns false: nothing of the flag grows so */
  hold(caller: Caller, target: FlagTarget, hold: Hold): Promise<boolean>;
  /** Takes one hold back. @returns false: it held nothing */
  resume(caller: Caller, target: FlagTarget, hold: Hold): Promise<boolean>;
}

export function growthOfRamps(ramps: Pick<Ramps, 'hold' | 'resume'>): Growth {
  return {
    async hold(caller, target, { id, reason }) {
      try {
        await ramps.hold(caller, target, reason, id);
        return true;
      } catch (error) {
        if (error instanceof ApiError && error.code === 'conflict') return false;
        throw error;
      }
    },
    async resume(caller, target, { id, reason }) {
      return (await ramps.resume(caller, target, reason, id)).changed;
    },
  };
}

export function growthOfReleases(releases: Pick<Releases, 'hold' | 'lift'>): Growth {
  return {
    hold: (caller, target, { id, kind, name, reason }) =>
      releases.hold(caller, target, { id, cause: kind, by: name, reason }),
    resume: (caller, target, { id }) => releases.lift(caller, target, id),
  };
}
