import { readFileSync } from 'node:fs';
import type { Adapter } from '../adapter.ts';
import type { DataSet, Subject } from '../data-set.ts';
import { isInFirst } from './murmur.ts';

/**
 * Each workload as a programmer would write it into the application: one function for each flag, found in a Map.
 * No defaults, types, counters or traces: the least that gives the same answer.
 */
export const adapter: Adapter<Subject> = {
  write: (dataSet) => JSON.stringify(dataSet),
  async start(file) {
    const dataSet: DataSet = JSON.parse(readFileSync(file, 'utf8'));
    const answers = byHand(new Set(dataSet.segments[0]?.ids));
    for (const { key } of dataSet.flags) if (!answers.has(key)) answers.set(key, () => true);
    return { isEnabled: (key, subject) => answers.get(key)?.(subject) === true, stop() {} };
  },
  contextOf: (subject) => subject,
};

function byHand(segment: ReadonlySet<string>): Map<string, (subject: Subject) => boolean> {
  const answers = new Map<string, (subject: Subject) => boolean>();
  const isFar = new Set(['us', 'ca', 'mx', 'br', 'ar', 'jp', 'kr', 'in', 'au', 'nz']);
  const isNear = new Set(['de', 'fr', 'nl', 'se', 'es', 'it', 'pl', 'pt', 'at', 'dk']);
  answers.set('on-off', () => true);
  answers.set('half-rollout', (subject) => isInFirst(50, subject.id));
  answers.set('five-rules', (subject) => {
    if (isFar.has(subject.country)) return true;
    if (subject.email.endsWith('@staff-0.example')) return true;
    if (subject.plan === 'trial-0') return true;
    if (isAtLeast(subject.version, 9, 0, 0)) return true;
    return (
      isNear.has(subject.country) &&
      subject.email.endsWith('@example.com') &&
      subject.plan === 'pro' &&
      isAtLeast(subject.version, 2, 2, 0) &&
      isInFirst(20, subject.id)
    );
  });
  answers.set('in-segment', (subject) => segment.has(subject.id));
  answers.set('with-prerequisite', (subject) => answers.get('parent')?.(subject) === true);
  return answers;
}

/** Reads `major.minor.patch` digit by digit: splitting the text would allocate. */
function isAtLeast(version: string, major: number, minor: number, patch: number): boolean {
  let part = 0;
  let number = 0;
  for (let i = 0; i <= version.length; i++) {
    const code = i < version.length ? version.charCodeAt(i) : 46;
    if (code !== 46) {
      number = number * 10 + code - 48;
      continue;
    }
    const wanted = part === 0 ? major : part === 1 ? minor : patch;
    if (number !== wanted) return number > wanted;
    part++;
    number = 0;
  }
  return true;
}
