import { setTimeout as wait } from 'node:timers/promises';
import type { TrafficState, TrafficTest } from './schemas.ts';
import {
  DEFAULT_APPLY_TIMEOUT_MS,
  isInForce,
  type TrafficDesired,
  TrafficError,
  type TrafficObserved,
  type TrafficTarget,
} from './traffic-target.ts';

/** Besides what a change takes. */
const TIMEOUT_MS = 10_000;
/** How long what was taken may need to come into force. */
const SEEN_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 50;

/** What a target says of itself; what goes wrong is part of the answer. */
export async function showState(open: () => TrafficTarget): Promise<Omit<TrafficState, 'release'>> {
  const beganMs = performance.now();
  const unknown = { candidatePer100k: null, shadowPer100k: null, fence: null, up: null, counts: null };
  let capabilities: TrafficState['capabilities'] = null;
  const seen = await using(open, async (target, signal) => {
    capabilities = target.capabilities;
    const [observed, counts] = [await target.read(signal), await target.count?.(signal)];
    return {
      candidatePer100k: observed.candidatePer100k ?? null,
      shadowPer100k: observed.shadowPer100k ?? null,
      fence: observed.fence ?? null,
      up: observed.up ?? null,
      counts: counts ?? null,
      problem: observed.problem ?? null,
    };
  });
  const ms = Math.round(performance.now() - beganMs);
  return { capabilities, ...(typeof seen === 'string' ? { ...unknown, problem: seen } : seen), ms };
}

/** Sets the weight that a target has: nobody moves, and everything that a release needs of it is used. */
export function tryOut(open: () => TrafficTarget): Promise<TrafficTest> {
  return applied(open, ({ candidatePer100k, shadowPer100k }) =>
    candidatePer100k === undefined
      ? 'It does not say which weight it has: set one there first, such as all on the baseline.'
      : { candidatePer100k, ...(shadowPer100k === undefined ? {} : { shadowPer100k }) },
  );
}

/** Gives the baseline everyone, where it answers. */
export function giveBack(open: () => TrafficTarget): Promise<TrafficTest> {
  return applied(open, ({ up }) =>
    up?.baseline === 0 ? 'No instance of the baseline answers its checks: deploy it first.' : { candidatePer100k: 0 },
  );
}

/** @param wish what to set, by what is in force; or why nothing can be */
async function applied(
  open: () => TrafficTarget,
  wish: (observed: TrafficObserved) => TrafficDesired | string,
): Promise<TrafficTest> {
  const nothing = { applyMs: null, seenMs: null };
  const tested = await using(open, async (target, signal): Promise<TrafficTest> => {
    const before = await target.read(signal);
    const desired = wish(before);
    if (typeof desired === 'string') return { ok: false, problem: desired, ...nothing };
    const { fence = 0 } = before;
    const beganMs = performance.now();
    const sinceMs = () => Math.round(performance.now() - beganMs);
    await target.apply(desired, fence, signal);
    const applyMs = sinceMs();
    for (;;) {
      const observed = await target.read(signal);
      const { problem = null } = observed;
      if (isInForce(observed, desired, target.capabilities)) {
        return { ok: problem === null, problem, applyMs, seenMs: sinceMs() };
      }
      if (sinceMs() - applyMs > SEEN_WITHIN_MS) {
        return {
          ok: false,
          problem: problem ?? 'It takes weights, but they do not come into force.',
          applyMs,
          seenMs: null,
        };
      }
      await wait(LOOK_EVERY_MS);
    }
  });
  return typeof tested === 'string' ? { ok: false, problem: tested, ...nothing } : tested;
}

/** @returns what `work` returns, or why it could not be done */
async function using<T extends object>(
  open: () => TrafficTarget,
  work: (target: TrafficTarget, signal: AbortSignal) => Promise<T>,
): Promise<T | string> {
  let target: TrafficTarget | undefined;
  try {
    target = open();
    const { applyTimeoutMs = DEFAULT_APPLY_TIMEOUT_MS } = target;
    return await work(target, AbortSignal.timeout(TIMEOUT_MS + applyTimeoutMs));
  } catch (error) {
    if (error instanceof TrafficError) return error.message;
    throw error;
  } finally {
    await target?.close();
  }
}
