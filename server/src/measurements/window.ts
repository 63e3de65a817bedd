import { DurationSketch, type MeasurementsMessage, type PathCount, SubjectSketch } from '@bunting/core';
import type { Problem } from '../http/api-error.ts';
import type { Validator } from '../http/validate.ts';

/** What one instance measured in a stretch of time. */
export type Window = Omit<MeasurementsMessage, 'type'>;

/** Who measured it. */
export interface Source {
  /** Its id. */
  readonly instance: string;
  /** Of the deploy; undefined where the host says none. */
  readonly version?: string | undefined;
}

interface Sketches {
  readonly durations: DurationSketch | undefined;
  readonly failing: SubjectSketch | undefined;
}

/** Reading a sketch takes far longer than anything else that is done with a window: each is read once. */
const read = new WeakMap<object, Sketches>();

/** The sketches of a path; undefined where there is none, or none that can be read. To be read only. */
export function sketchesOf(path: Pick<PathCount, 'durations' | 'failing'>): Sketches {
  let sketches = read.get(path);
  if (sketches === undefined) {
    const { durations, failing } = path;
    sketches = { durations: DurationSketch.decode(durations), failing: SubjectSketch.decode(failing) };
    read.set(path, sketches);
  }
  return sketches;
}

/** A validator that also looks at what no schema can say of windows. */
export function checkingWindows<T>(shape: Validator<T>, windowsOf: (message: T) => readonly Window[]): Validator<T> {
  const problemsOf = (message: T) => windowsOf(message).flatMap(checkWindow);
  return {
    schema: shape.schema,
    is: (message): message is T => shape.is(message) && problemsOf(message).length === 0,
    problems: (message) => (shape.is(message) ? problemsOf(message) : shape.problems(message)),
  };
}

/** What is wrong with a window of the right shape: sketches that cannot be read, and counts that cannot be. */
function checkWindow({ paths, comparisons = [] }: Window): Problem[] {
  const problems: Problem[] = [];
  for (const [at, path] of paths.entries()) {
    const { count, errors, timeouts = 0, durations, failing, slices = [] } = path;
    const say = (field: string, message: string) => problems.push({ path: `paths[${at}].${field}`, message });
    const sketches = sketchesOf(path);
    if (errors + timeouts > count) say('errors', 'must, together with timeouts, be at most count');
    if (durations !== undefined && sketches.durations === undefined) say('durations', 'is not a sketch of durations');
    if (failing !== undefined && sketches.failing === undefined) say('failing', 'is not a sketch of subjects');
    const bad = findBadSlice(slices);
    if (bad !== undefined) say(`slices[${bad}]`, 'must be triples of slice (0 to 99), count, and errors among them');
  }
  for (const [at, { compared, mismatched }] of comparisons.entries()) {
    if (mismatched <= compared) continue;
    problems.push({ path: `comparisons[${at}].mismatched`, message: 'must be at most compared' });
  }
  return problems;
}

/** Where a triple begins that is none; undefined when all are. */
function findBadSlice(slices: readonly number[]): number | undefined {
  for (let at = 0; at < slices.length; at += 3) {
    const [slice = -1, count = -1, errors = Number.POSITIVE_INFINITY] = slices.slice(at, at + 3);
    if (slice < 0 || slice > 99 || errors > count) return at;
  }
  return undefined;
}
