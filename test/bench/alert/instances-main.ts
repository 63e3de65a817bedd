import { connect, type Flags } from '@bunting/node';
import { answer } from '../../processes/remote.ts';

/** Many SDKs in one process, each an instance with a connection of its own. */
export type InstanceCalls = {
  /** Resolves when all are live. */
  open(to: { url: string; sdkKey: string; count: number }): Promise<void>;
  /** How many serve a flag as on. */
  countOn(of: { flag: string }): number;
  close(of: null): Promise<void>;
};

const instances: Flags[] = [];

const calls: InstanceCalls = {
  async open({ url, sdkKey, count }) {
    for (let at = 0; at < count; at += 1) instances.push(connect({ url, sdkKey, app: 'bench', logger: {} }));
    const states = await Promise.all(instances.map((flags) => flags.ready()));
    const late = states.filter(({ state }) => state !== 'live').length;
    if (late > 0) throw new Error(`${late} of ${count} SDKs are not live`);
  },
  countOn: ({ flag }) => instances.filter((flags) => flags.isEnabled(flag, { targetingKey: 'user' })).length,
  async close() {
    await Promise.all(instances.splice(0).map((flags) => flags.close()));
  },
};

answer(calls);
