import { BUCKET_COUNT } from '@bunting/core';
import { type Problem, validationFailed } from '../http/api-error.ts';
import type { Spec } from './spec.ts';

/** @throws {ApiError} `validation_failed`, with all that cannot work */
export function refuseUnworkable({ stages, flags }: Pick<Spec, 'stages' | 'flags'>): void {
  const problems: Problem[] = [];
  const say = (path: string, message: string) => problems.push({ path, message });
  for (const [at, { weightPer100k, soakSeconds, maxSeconds, onLate }] of stages.entries()) {
    const before = stages[at - 1]?.weightPer100k ?? 0;
    if (weightPer100k <= before)
      say(`stages[${at}].weightPer100k`, `must be more than ${before}, that of the stage before`);
    if (maxSeconds !== undefined && maxSeconds < soakSeconds) {
      say(`stages[${at}].maxSeconds`, `must be at least soakSeconds (${soakSeconds}): else it is always late`);
    }
    if (onLate !== undefined && maxSeconds === undefined) {
      say(`stages[${at}].onLate`, 'needs maxSeconds, which says from when on it is late');
    }
  }
  if (stages.at(-1)?.weightPer100k !== BUCKET_COUNT) {
    say(`stages[${stages.length - 1}].weightPer100k`, `must be ${BUCKET_COUNT}: the last stage is everyone`);
  }
  const seen = new Set<string>();
  for (const [at, { flag, candidate, baseline }] of flags.entries()) {
    if (candidate === baseline) say(`flags[${at}].baseline`, 'must be another variant than the candidate');
    if (seen.has(flag)) say(`flags[${at}].flag`, 'is there twice; a flag has one place in a release');
    seen.add(flag);
  }
  if (problems.length > 0) throw validationFailed(problems);
}
