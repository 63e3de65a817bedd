import type { Subject } from './subject.ts';

/** What is wanted of each subject that is measured. */
export interface Wishes {
  readonly quick: boolean;
  readonly record: boolean;
  /** File for the figures as data. */
  readonly json: string | undefined;
}

export interface Asked {
  /** None: all subjects. */
  readonly names: readonly string[];
  readonly from?: string;
  readonly quick?: boolean;
  readonly record?: boolean;
}

/**
 * Which subjects are measured, and whether it is recorded: it is when all are, and when it is asked for.
 * @throws Error that says what does not go together, or which subjects there are
 */
export function choose(
  subjects: readonly Subject[],
  { names, from, quick = false, record = false }: Asked,
): { readonly chosen: readonly Subject[]; readonly isRecorded: boolean } {
  if (quick && record) throw new Error('figures of a --quick run are not worth recording');
  if (from !== undefined && names.length > 0) throw new Error('--from is for a run of all subjects: name none with it');
  const find = (name: string) => {
    const found = subjects.find((subject) => subject.name === name);
    if (found) return found;
    throw new Error(`there is no subject "${name}": choose from ${subjects.map((subject) => subject.name).join(', ')}`);
  };
  if (names.length > 0) return { chosen: names.map(find), isRecorded: record };
  const chosen = from === undefined ? subjects : subjects.slice(subjects.indexOf(find(from)));
  return { chosen, isRecorded: !quick };
}
