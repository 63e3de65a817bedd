import { join } from 'node:path';
import type { EvaluationContext } from '@bunting/core';
import type { CollectedGauge } from './gauge.ts';
import { Remote } from './remote.ts';
import type { Heard, Testimony, WitnessCalls, WitnessPlan } from './witnesses-main.ts';

/** Applications with the real Node SDK, in processes of their own; see `witnesses-main.ts`. */
export interface Witnesses {
  /** How many instances there are. */
  readonly count: number;
  /** What each instance is at. */
  testify(): Promise<Testimony[]>;
  /** What each instance answers for one flag and context. */
  ask(key: string, context: EvaluationContext): Promise<number[]>;
  heard(): Promise<Heard>;
  /** Of each process, after a garbage collection. */
  gauges(): Promise<CollectedGauge[]>;
  /** Closes the SDKs, then ends the processes. */
  stop(): Promise<void>;
}

export interface WitnessOptions extends WitnessPlan {
  /** Modules that Node loads before the application. */
  readonly preloads?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Each has `instances` instances. Default: one. */
  readonly processes?: number;
}

export async function startWitnesses({ preloads, env, processes = 1, ...plan }: WitnessOptions): Promise<Witnesses> {
  const file = join(import.meta.dirname, 'witnesses-main.ts');
  const options = { ...(preloads && { preloads }), ...(env && { env }) };
  const remotes = Array.from({ length: processes }, () => new Remote<WitnessCalls>(file, options));
  await Promise.all(remotes.map((remote) => remote.call('start', plan)));
  return {
    count: processes * plan.instances,
    testify: async () => (await Promise.all(remotes.map((remote) => remote.call('testify')))).flat(),
    ask: async (key, context) =>
      (await Promise.all(remotes.map((remote) => remote.call('ask', { key, context })))).flat(),
    async heard() {
      const all = await Promise.all(remotes.map((remote) => remote.call('heard')));
      return {
        answers: all.reduce((sum, { answers }) => sum + answers, 0),
        faults: all.flatMap(({ faults }) => faults),
      };
    },
    gauges: () => Promise.all(remotes.map((remote) => remote.call('gauge'))),
    async stop() {
      await Promise.all(remotes.map((remote) => remote.call('close')));
      await Promise.all(remotes.map((remote) => remote.stop()));
    },
  };
}
