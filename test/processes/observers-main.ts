import { connect, type Flags } from '@bunting/node';
import { answer } from './remote.ts';

/** Instances of the Node SDK that note when a flag goes off for them. */

export interface ObserversPlan {
  readonly url: string;
  readonly sdkKey: string;
  readonly instances: number;
  /** Boolean. */
  readonly flag: string;
}

interface Observer {
  readonly flags: Flags;
  offAtMs: number | undefined;
}

/** Someone for whom a flag is on as long as it is on for anyone. */
const observers: Observer[] = [];
let flag = '';

const isOff = ({ flags }: Observer) => flags.getBooleanDetails(flag, true).reason === 'DISABLED';

const calls = {
  /** Connects; resolves when every instance has a ruleset. */
  async start(plan: ObserversPlan): Promise<void> {
    flag = plan.flag;
    for (let at = 0; at < plan.instances; at++) {
      const flags = connect({ url: plan.url, sdkKey: plan.sdkKey, app: 'observer', logger: {} });
      const observer: Observer = { flags, offAtMs: undefined };
      flags.on('change', () => {
        if (!isOff(observer)) observer.offAtMs = undefined;
        else observer.offAtMs ??= performance.timeOrigin + performance.now();
      });
      observers.push(observer);
    }
    for (const { flags } of observers) {
      const { state } = await flags.ready({ timeoutMs: 30_000 });
      if (state !== 'live') throw new Error(`an instance is ${state} at the start`);
    }
  },

  /** Since when the flag is off for each instance, in ms since 1970; undefined where it is not. */
  offSince: (): (number | undefined)[] => observers.map((observer) => (isOff(observer) ? observer.offAtMs : undefined)),
};
export type ObserversCalls = typeof calls;

answer(calls);
