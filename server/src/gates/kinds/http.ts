import type { GateOf } from '../gate.ts';
import type { GateKind } from './gate-kind.ts';
import { FIRST_STEADY, findSteady, missSteady, type SteadyMemory, takeSteady } from './steady.ts';

/** What one address answered. */
export type Answer = {
  readonly url: string;
  readonly isReady: boolean;
  /** Why it is not ready. */
  readonly reason: string;
  readonly ms: number;
};

/** Ready is who answers so: an address that answers nothing is not ready, which is known, and no loss of a provider. */
export const http: GateKind<GateOf<'http'>, readonly Answer[], SteadyMemory> = {
  begin: () => FIRST_STEADY,
  take(settings, memory, answers) {
    const first = answers.find(({ isReady }) => !isReady);
    const ready = answers.filter(({ isReady }) => isReady).length;
    const count = `${ready} of ${answers.length} instances are ready`;
    const says = first === undefined ? `${count}.` : `${count}: ${first.url} ${first.reason}.`;
    return takeSteady(settings, memory, answers.length > 0 && first === undefined, says);
  },
  miss: (_, memory) => missSteady(memory),
  find: findSteady,
};
