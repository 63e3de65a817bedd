import type { EvaluationContext, Revision } from '@bunting/core';
import { connect, type Flags } from '@bunting/node';
import { answersOf } from './contexts.ts';
import { readCollectedGauge } from './gauge.ts';
import { answer } from './remote.ts';

/** An application with several instances of the Node SDK, which asks its flags without a pause. */

export interface WitnessPlan {
  /** Where instances connect to: each to the next one, round robin. */
  readonly urls: readonly string[];
  readonly sdkKey: string;
  readonly instances: number;
  /** All flags, of type number. */
  readonly keys: readonly string[];
  /** Those among them whose value only ever grows. */
  readonly growing: readonly string[];
  /** How often all are asked of all instances. Default: without a pause. */
  readonly askEveryMs?: number;
}

/** What one instance is at. */
export interface Testimony {
  readonly state: string;
  readonly dataAgeMs: number | undefined;
  readonly revision: Revision | undefined;
  /** By flag key; see `answersOf`. */
  readonly answers: Readonly<Record<string, string>>;
}

export interface Heard {
  /** How many answers there were. */
  readonly answers: number;
  /** What should not have been: exceptions, the caller's default, a value lower than one before. The first few. */
  readonly faults: readonly string[];
}

interface Witness {
  readonly flags: Flags;
  /** The highest value so far of each growing flag. */
  readonly highest: Map<string, number>;
}

/** What instances use, round robin: most what they choose by themselves, some what they would fall back to. */
const TRANSPORTS = [undefined, undefined, ['sse'], undefined, undefined, ['polling']] as const;
const ASK_EVERY_MS = 5;
const MAX_FAULTS = 20;

const witnesses: Witness[] = [];
const faults: string[] = [];
let keys: readonly string[] = [];
let answers = 0;

const calls = {
  /** Connects; resolves when every instance has a ruleset. */
  async start(plan: WitnessPlan): Promise<void> {
    keys = plan.keys;
    for (let i = 0; i < plan.instances; i++) {
      const url = plan.urls[i % plan.urls.length] ?? '';
      const instanceId = `${process.pid}-${i}`;
      const flags = connect({
        url,
        sdkKey: plan.sdkKey,
        app: 'witness',
        instanceId,
        transports: TRANSPORTS[i % TRANSPORTS.length],
        pollIntervalMs: 1_000,
        logger: {},
      });
      witnesses.push({ flags, highest: new Map(plan.growing.map((key) => [key, 0])) });
    }
    for (const { flags } of witnesses) {
      const { state, error } = await flags.ready({ timeoutMs: 20_000 });
      if (state !== 'live') throw new Error(`an instance is ${state} at the start (${error?.message})`);
    }
    setInterval(askAll, plan.askEveryMs ?? ASK_EVERY_MS);
  },

  testify(): Testimony[] {
    return witnesses.map(({ flags }) => ({
      state: flags.state,
      dataAgeMs: flags.dataAgeMs,
      revision: flags.revision,
      answers: answersOf(keys, (key, context) => flags.getNumberValue(key, Number.NaN, context)),
    }));
  },

  /** What every instance answers for one flag and context. */
  ask({ key, context }: { key: string; context: EvaluationContext }): number[] {
    return witnesses.map(({ flags }) => flags.getNumberValue(key, Number.NaN, context));
  },

  heard(): Heard {
    return { answers, faults };
  },

  gauge: readCollectedGauge,

  async close(): Promise<void> {
    await Promise.all(witnesses.map(({ flags }) => flags.close()));
  },
};
export type WitnessCalls = typeof calls;

answer(calls);

function askAll(): void {
  for (const [index, witness] of witnesses.entries()) {
    for (const key of keys) ask(witness, key, (text) => fault(`instance ${index}, ${key}: ${text}`));
  }
}

function ask({ flags, highest }: Witness, key: string, complain: (text: string) => void): void {
  try {
    const { value, errorCode, errorMessage } = flags.getNumberDetails(key, Number.NaN, { targetingKey: 'someone' });
    answers++;
    if (errorCode !== undefined) complain(`the default was served (${errorCode}: ${errorMessage})`);
    const before = highest.get(key);
    if (before === undefined) return;
    if (value < before) complain(`${value} after ${before}`);
    highest.set(key, Math.max(value, before));
  } catch (error) {
    complain(`threw ${error}`);
  }
}

function fault(text: string): void {
  if (faults.length < MAX_FAULTS) faults.push(text);
}
