import { hashOfId } from './instance.ts';
import { type InstanceName, MARK, type Part, type Times } from './part.ts';
import { type Timing, timingOf } from './percentile.ts';

/** How far something has come. Instances that are connected have it (confirmed) or not (pending). */
interface Reach extends Timing {
  readonly instances: number;
  readonly confirmed: number;
  readonly pending: number;
  /** Instances that were lost without a goodbye a short while ago. They may still be running. */
  readonly unknown: number;
}

/** How far a revision has come, and the kill that was asked about with it. */
export interface Summary extends Reach {
  /** Confirmed instances that could not understand some flags. */
  readonly broken: number;
  /** Connected instances that lack a revision for too long. */
  readonly behind: number;
  /** Some of them. */
  readonly behindNames: readonly InstanceName[];
  readonly kill: Reach;
  /** Some of the instances that lack that kill. */
  readonly unkilledNames: readonly InstanceName[];
}

/**
 * Puts together what servers know. An instance that several of them know (it went from one to another, and the first has
 * not noticed) is counted once, by the server that it connected to last.
 */
export function count(parts: readonly Part[]): Summary {
  const [only, ...others] = parts.filter(({ entries }) => entries.length > 0);
  // One server knows each instance once.
  const newest = only === undefined || others.length === 0 ? undefined : newestMarks(parts);
  const marks = newest?.values() ?? only?.entries.filter((_, at) => at % 2 === 1) ?? [];
  let [instances, unknown, confirmed, broken, behind, killed] = [0, 0, 0, 0, 0, 0];
  for (const mark of marks) {
    const bits = mark % MARK.factor;
    if ((bits & MARK.connected) === 0) {
      unknown += 1;
      continue;
    }
    instances += 1;
    if ((bits & MARK.confirmed) !== 0) confirmed += 1;
    if ((bits & MARK.broken) !== 0) broken += 1;
    if ((bits & MARK.behind) !== 0) behind += 1;
    if ((bits & MARK.killed) !== 0) killed += 1;
  }
  const bitsOf = ({ id }: InstanceName) => (newest?.get(hashOfId(id)) ?? 0) % MARK.factor;
  const behindNames = parts
    .flatMap((part) => part.behind)
    .filter((name) => newest === undefined || (bitsOf(name) & MARK.behind) !== 0);
  const unkilled = parts
    .flatMap((part) => part.unkilled)
    .filter((name) => newest === undefined || (bitsOf(name) & (MARK.connected | MARK.killed)) === MARK.connected);
  const unkilledNames = [...new Map(unkilled.map((name) => [name.id, name])).values()];
  const reachOf = (confirmed: number, times: readonly Times[]): Reach => {
    return { instances, confirmed, pending: instances - confirmed, unknown, ...timingOf(merge(times)) };
  };
  const revisionTimes = parts.map(({ revision }) => revision);
  const killTimes = parts.map(({ kill }) => kill);
  const kill = reachOf(killed, killTimes);
  return { ...reachOf(confirmed, revisionTimes), broken, behind, behindNames, kill, unkilledNames };
}

/** The mark of each instance by the hash of its id: of its last connection, and of a lost one only without others. */
export function newestMarks(parts: readonly Part[]): Map<number, number> {
  const marks = new Map<number, number>();
  for (const { entries } of parts) {
    for (let at = 0; at < entries.length; at += 2) {
      const [idHash, mark] = [entries[at], entries[at + 1]];
      if (idHash === undefined || mark === undefined) continue;
      const known = marks.get(idHash);
      if (known === undefined || isNewer(mark, known)) marks.set(idHash, mark);
    }
  }
  return marks;
}

function isNewer(mark: number, known: number): boolean {
  const isConnected = (mark % MARK.factor) & MARK.connected;
  const wasConnected = (known % MARK.factor) & MARK.connected;
  return isConnected === wasConnected ? mark > known : isConnected > wasConnected;
}

/** All samples, ascending, as if each had been taken from the earliest start that any server knows. */
function merge(times: readonly Times[]): ArrayLike<number> {
  const measured = times.filter(({ startedAtMs }) => startedAtMs !== null);
  const [only, ...others] = measured;
  if (only === undefined || others.length === 0) return only?.samplesMs ?? [];
  const firstAtMs = Math.min(...measured.map(({ startedAtMs }) => startedAtMs ?? Number.POSITIVE_INFINITY));
  const samples = measured.map(({ samplesMs, startedAtMs }) => {
    const lateMs = (startedAtMs ?? firstAtMs) - firstAtMs;
    return lateMs === 0 ? samplesMs : samplesMs.map((ms) => ms + lateMs);
  });
  const all = new Float32Array(samples.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const some of samples) {
    all.set(some, at);
    at += some.length;
  }
  return all.sort();
}
