import type { Revision } from '@bunting/core';
import { connect, type Flags } from '@bunting/node';
import { nowMs } from '../../processes/clock.ts';
import { answersOf } from '../../processes/contexts.ts';
import { type CollectedGauge, readCollectedGauge } from '../../processes/gauge.ts';
import { answer } from '../../processes/remote.ts';
import { askWithoutPause, type Heard } from '../answer-loop.ts';
import { countOf, SUBJECTS } from './subjects.ts';

/** An application that keeps its flags on its disk, asks them without a pause, and writes down whom it shows what. */

export interface ApplicationPlan {
  readonly name: string;
  readonly url: string;
  readonly sdkKey: string;
  readonly instances: number;
  /** The same in each of its lives. */
  readonly cacheDir: string;
  /** Of type number. */
  readonly numbers: readonly string[];
  /** Those among them whose value only ever grows. */
  readonly growing: readonly string[];
  /** Of type boolean: how many subjects they are on for is watched. */
  readonly watched: readonly string[];
}

/** From when on a flag was on for how many of `SUBJECTS`. */
export interface Sighting {
  readonly instance: string;
  readonly flag: string;
  /** By the machine's clock: `clock.ts`. */
  readonly atMs: number;
  readonly count: number;
  /** Undefined while there is none. */
  readonly revision: number | undefined;
  readonly state: string;
}

export interface Report {
  readonly answers: number;
  /** What should not have been. */
  readonly faults: readonly string[];
  /** Since the last report. */
  readonly sightings: readonly Sighting[];
  /** Since the last report: when asking all flags of all instances had taken too long, and for how long, in milliseconds. */
  readonly slow: readonly { readonly atMs: number; readonly tookMs: number; readonly cpuMs: number }[];
}

export interface ApplicationState {
  readonly instance: string;
  readonly state: string;
  readonly transport: Flags['transport'];
  readonly revision: Revision | undefined;
  /** By flag key; see `answersOf`. */
  readonly answers: Readonly<Record<string, string>>;
}

const ASK_EVERY_MS = 20;
/** Asking takes a few milliseconds of the processor; a busy machine may leave the process waiting in between. */
const SLOW_CPU_MS = 500;
const SLOW_MS = 10_000;
const MAX_FAULTS = 20;

interface Instance {
  readonly name: string;
  readonly flags: Flags;
  readonly heard: Heard;
  readonly counts: Map<string, number>;
}

const instances: Instance[] = [];
const faults: string[] = [];
let plan: ApplicationPlan | undefined;
let sightings: Sighting[] = [];
let slow: { atMs: number; tookMs: number; cpuMs: number }[] = [];
let turn = 0;

const calls = {
  /** Connects; resolves when each instance has a ruleset, with the states that they begin in. */
  async start(given: ApplicationPlan): Promise<string[]> {
    plan = given;
    const { url, sdkKey, cacheDir, growing } = given;
    const opened = Array.from({ length: given.instances }, (_, at) => {
      const instanceId = `${given.name}-${at}`;
      const flags = connect({ url, sdkKey, cacheDir, app: given.name, instanceId, logger: {} });
      return { instanceId, flags };
    });
    const states: string[] = [];
    for (const { flags, instanceId } of opened) {
      const { state } = await flags.ready();
      states.push(state);
      const heard = askWithoutPause(flags, growing, ASK_EVERY_MS);
      instances.push({ name: `${instanceId} of process ${process.pid}`, flags, heard, counts: new Map() });
    }
    setInterval(watch, ASK_EVERY_MS);
    return states;
  },

  report(): Report {
    const told = { sightings, slow };
    [sightings, slow] = [[], []];
    const heard = instances.flatMap((one) => one.heard.faults.map((text) => `${one.name}: ${text}`));
    const answers = instances.reduce((sum, one) => sum + one.heard.answers, 0);
    return { answers, faults: [...faults, ...heard].slice(0, MAX_FAULTS), ...told };
  },

  states(): ApplicationState[] {
    const { numbers = [], watched = [] } = plan ?? {};
    return instances.map(({ name, flags }) => ({
      ...{ instance: name, state: flags.state, transport: flags.transport, revision: flags.revision },
      answers: answersOf([...numbers, ...watched], (key, context) =>
        watched.includes(key)
          ? flags.getBooleanDetails(key, false, context).value
          : flags.getNumberValue(key, Number.NaN, context),
      ),
    }));
  },

  gauge: (): Promise<CollectedGauge> => readCollectedGauge(),

  async close(): Promise<void> {
    await Promise.all(instances.map(({ flags }) => flags.close()));
  },
};
export type ApplicationCalls = typeof calls;

answer(calls);

function watch(): void {
  const [beganMs, before] = [performance.now(), process.cpuUsage()];
  turn++;
  for (const instance of instances) {
    for (const flag of plan?.watched ?? []) {
      // What safeguards see: neither side ever fails.
      const targetingKey = SUBJECTS[turn % SUBJECTS.length] ?? '';
      instance.flags.run(flag, { targetingKey }, { on: () => 1, off: () => 0 });
      look(instance, flag);
    }
  }
  const tookMs = performance.now() - beganMs;
  const { user, system } = process.cpuUsage(before);
  const cpuMs = (user + system) / 1_000;
  if (tookMs > SLOW_MS || cpuMs > SLOW_CPU_MS) slow.push({ atMs: nowMs(), tookMs, cpuMs });
}

function look({ name, flags, counts }: Instance, flag: string): void {
  const { errorCode, errorMessage } = flags.getBooleanDetails(flag, false, { targetingKey: SUBJECTS[0] ?? '' });
  if (errorCode !== undefined && faults.length < MAX_FAULTS) {
    faults.push(`${name}: ${flag}: the default was served (${errorCode}: ${errorMessage})`);
  }
  const count = countOf((targetingKey) => flags.isEnabled(flag, { targetingKey }));
  if (counts.get(flag) === count) return;
  counts.set(flag, count);
  const { state, revision } = flags;
  sightings.push({ instance: name, flag, atMs: nowMs(), count, revision: revision?.number, state });
}
