/** For whom the watched flags are asked: enough that every stage of a release shows. */
export const SUBJECTS: readonly string[] = Array.from({ length: 200 }, (_, at) => `subject-${at}`);

/** For how many of them a flag is on. */
export function countOf(isOn: (subject: string) => boolean): number {
  return SUBJECTS.reduce((count, subject) => count + (isOn(subject) ? 1 : 0), 0);
}
