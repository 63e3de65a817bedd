import { connect, type Flags } from '@bunting/node';
import { answer } from '../../processes/remote.ts';

/** Code under a flag that fails at a rate, called at a rate: in a process of its own. */
export type CallersCalls = {
  /** Begins to call. @returns when all are connected */
  begin(of: { url: string; groups: readonly CallerGroup[] }): Promise<void>;
  /** From now on the new code fails at this rate. */
  harm(of: { group: string; failing: number }): void;
  /** What came of it. */
  read(of: { group: string }): Seen;
  end(of: { group: string }): Promise<void>;
};

/** Calls of one flag, in an environment of its own. */
interface CallerGroup {
  readonly group: string;
  readonly sdkKey: string;
  readonly flag: string;
  readonly callsPerSecond: number;
  /** At first, of both sides: 0 to 1. */
  readonly failing: number;
  /** SDKs of this process; each makes its part of the calls. */
  readonly instances: number;
}

interface Seen {
  /** By the machine's clock; undefined: not at all of them yet. */
  readonly offAtMs: number | undefined;
  /** Calls of the new code that failed since the harm began. */
  readonly failed: number;
  readonly calls: number;
}

interface Caller {
  readonly group: CallerGroup;
  readonly sdks: readonly Flags[];
  readonly offAtMs: (number | undefined)[];
  failingOn: number;
  isHarmed: boolean;
  failed: number;
  calls: number;
  /** Calls that are due and not made. */
  due: number;
  timer: NodeJS.Timeout | undefined;
}

const TICK_MS = 10;
const SUBJECTS = 100_000;
const callers = new Map<string, Caller>();

function callAll(caller: Caller, elapsedMs: number): void {
  const { group, sdks } = caller;
  caller.due += (group.callsPerSecond * elapsedMs) / 1000;
  for (; caller.due >= 1; caller.due--) {
    const sdk = sdks[caller.calls++ % sdks.length];
    const context = { targetingKey: `user-${Math.floor(Math.random() * SUBJECTS)}` };
    try {
      sdk?.run(group.flag, context, {
        off: () => fail(Math.random() < group.failing),
        on: () => {
          const isFailing = Math.random() < caller.failingOn;
          if (isFailing && caller.isHarmed) caller.failed++;
          fail(isFailing);
        },
      });
    } catch {
      // That is what is measured.
    }
  }
  for (const [at, sdk] of sdks.entries()) {
    const isOff = sdk.getBooleanDetails(group.flag, false, { targetingKey: 'u' }).reason === 'DISABLED';
    if (isOff) caller.offAtMs[at] ??= Date.now();
  }
}

function fail(isFailing: boolean): void {
  if (isFailing) throw new Error('as told');
}

const calls: CallersCalls = {
  begin: async ({ url, groups }) => {
    for (const group of groups) {
      const sdks = Array.from({ length: group.instances }, () =>
        connect({ url, sdkKey: group.sdkKey, app: 'bench', logger: {} }),
      );
      await Promise.all(sdks.map((sdk) => sdk.ready()));
      const caller: Caller = {
        ...{ group, sdks, offAtMs: sdks.map(() => undefined), failingOn: group.failing },
        ...{ isHarmed: false, failed: 0, calls: 0, due: 0, timer: undefined },
      };
      let lastMs = performance.now();
      caller.timer = setInterval(() => {
        const nowMs = performance.now();
        callAll(caller, nowMs - lastMs);
        lastMs = nowMs;
      }, TICK_MS);
      callers.set(group.group, caller);
    }
  },
  harm: ({ group, failing }) => {
    const caller = find(group);
    caller.failingOn = failing;
    caller.isHarmed = true;
  },
  read: ({ group }) => {
    const { offAtMs, failed, calls } = find(group);
    const times = offAtMs.flatMap((ms) => ms ?? []);
    return { offAtMs: times.length === offAtMs.length ? Math.max(...times) : undefined, failed, calls };
  },
  end: async ({ group }) => {
    const { timer, sdks } = find(group);
    clearInterval(timer);
    callers.delete(group);
    await Promise.all(sdks.map((sdk) => sdk.close()));
  },
};

function find(group: string): Caller {
  const caller = callers.get(group);
  if (caller === undefined) throw new Error(`there is no group ${group}`);
  return caller;
}

answer(calls);
