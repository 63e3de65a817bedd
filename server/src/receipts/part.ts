import { type Kill, outranks } from '@bunting/core';
import type { Instance } from './instance.ts';
import { type Kinds, takeKinds } from './kinds.ts';
import type { Question } from './question.ts';
import type { Roll } from './roll.ts';
import type { Samples } from './samples.ts';

/** How long something took to the instances that were connected when it came. */
export interface Times {
  /** Ascending, in milliseconds. */
  readonly samplesMs: Float32Array;
  /** When they count from: milliseconds since 1970, by the server's clock; null when it measured nothing. */
  readonly startedAtMs: number | null;
}

/**
 * One server's answer. Compact, so that 10 000 instances are 160 KB and take no time to read: the parts of several
 * servers are put together by `count`.
 */
export interface Part {
  /** Two numbers for each instance: the hash of its id, and its mark. */
  readonly entries: Float64Array;
  readonly revision: Times;
  readonly kill: Times;
  /** Some of the instances that are behind, by name. */
  readonly behind: readonly InstanceName[];
  /** Some of the connected instances that do not answer by the kill that was asked about. */
  readonly unkilled: readonly InstanceName[];
  /** Undefined when nobody asked for them. */
  readonly kinds?: Kinds | undefined;
}

/** How people recognise an instance. */
export interface InstanceName {
  readonly id: string;
  readonly app: string | null;
  readonly host: string | null;
  /** The version that was deployed. */
  readonly version: string | null;
}

/** Of a crowd that is behind this many are named. */
const MAX_NAMES = 20;

/** A mark is when the instance connected (milliseconds since 1970) times `factor`, plus these bits. */
export const MARK = { connected: 1, confirmed: 2, broken: 4, behind: 8, killed: 16, factor: 32 } as const;

const NOTHING_MEASURED: Times = { samplesMs: new Float32Array(0), startedAtMs: null };

/** @param withKinds whether to say which kind each instance is of */
export function takePart(roll: Roll, question: Question, withKinds = false): Part {
  const instances = [...roll.connected(), ...roll.lost()];
  const entries = new Float64Array(instances.length * 2);
  let at = 0;
  for (const instance of instances) {
    entries[at] = instance.idHash;
    entries[at + 1] = instance.connected.atMs * MARK.factor + bitsOf(roll, instance, question);
    at += 2;
  }
  const { incarnation, number, kill } = question;
  const round = roll.current.incarnation === incarnation ? roll.round(number) : undefined;
  const killRound = kill === null ? undefined : roll.kills.find(kill.flag);
  return {
    entries,
    revision: round === undefined ? NOTHING_MEASURED : timesOf(round.samples, round.committed.atMs),
    // What was measured of an earlier or later kill of the flag says nothing about this one.
    kill:
      kill === null || killRound === undefined || !isSameKill(kill, killRound.kill)
        ? NOTHING_MEASURED
        : timesOf(killRound.samples, killRound.taken.atMs),
    behind: [...roll.behind].slice(0, MAX_NAMES).map(nameOf),
    unkilled: kill === null ? [] : findUnkilled(roll, kill),
    ...(withKinds && { kinds: takeKinds(roll) }),
  };
}

function findUnkilled(roll: Roll, kill: Kill): InstanceName[] {
  const found: InstanceName[] = [];
  for (const instance of roll.connected()) {
    if (found.length === MAX_NAMES) break;
    if (!roll.kills.has(instance, kill)) found.push(nameOf(instance));
  }
  return found;
}

export function nameOf({ id, introduction }: Pick<Instance, 'id' | 'introduction'>): InstanceName {
  const { instance, deploy } = introduction;
  return { id, app: instance.app ?? null, host: instance.host ?? null, version: deploy?.version ?? null };
}

/** What is left of a part once its server does not answer: who it knew, and nothing of what they have. */
export function withoutContact(part: Part): Part {
  return withBits(part, 0, []);
}

/** What is left of a part when something else is asked: who is connected, and that nobody is known to have it. */
export function withoutAnswers(part: Part): Part {
  return withBits(part, MARK.connected | MARK.behind, part.behind);
}

function withBits({ entries, kinds }: Part, bits: number, behind: Part['behind']): Part {
  const stripped = entries.map((value, at) => {
    return at % 2 === 0 ? value : value - (value % MARK.factor) + ((value % MARK.factor) & bits);
  });
  return { entries: stripped, behind, unkilled: [], revision: NOTHING_MEASURED, kill: NOTHING_MEASURED, kinds };
}

function bitsOf(roll: Roll, instance: Instance, { incarnation, number, kill }: Question): number {
  if (instance.lost !== null) return 0;
  const isConfirmed = roll.current.incarnation === incarnation && instance.proved >= number;
  return (
    MARK.connected |
    (isConfirmed ? MARK.confirmed : 0) |
    (isConfirmed && instance.brokenFlags > 0 ? MARK.broken : 0) |
    (roll.behind.has(instance) ? MARK.behind : 0) |
    (kill !== null && roll.kills.has(instance, kill) ? MARK.killed : 0)
  );
}

function timesOf(samples: Samples, startedAtMs: number): Times {
  return { samplesMs: samples.ascending(), startedAtMs };
}

function isSameKill(a: Kill, b: Kill): boolean {
  return !outranks(a, b) && !outranks(b, a);
}
