import { createHash } from 'node:crypto';
import { toCanonicalJson } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import { validationFailed } from '../http/api-error.ts';
import type { ChangeSchema } from './schemas.ts';

/** Edits of one flag or segment in one environment. */
export type Change = Static<typeof ChangeSchema>;

export interface Subject {
  readonly environment: string;
  readonly kind: 'flag' | 'segment';
  readonly key: string;
}

export function subjectOf(change: Change): Subject {
  const { environment } = change;
  return 'flag' in change
    ? { environment, kind: 'flag', key: change.flag }
    : { environment, kind: 'segment', key: change.segment };
}

/** What approvals are bound to: the changes, and what each led to when it was proposed. */
export function hashContent(changes: readonly Change[], outcomes: readonly unknown[]): string {
  const text = toCanonicalJson(JSON.parse(JSON.stringify({ changes, outcomes })));
  return createHash('sha256').update(text).digest('hex');
}

/** The environments that are changed, each once. */
export function environmentsOf(changes: readonly Change[]): string[] {
  return [...new Set(changes.map(({ environment }) => environment))];
}

/** @throws {ApiError} when something is changed twice: nobody could tell what comes first */
export function refuseDoubles(changes: readonly Change[]): void {
  const seen = new Set<string>();
  for (const [at, change] of changes.entries()) {
    const { environment, kind, key } = subjectOf(change);
    const name = `${kind} "${key}" in ${environment}`;
    if (seen.has(name)) {
      const message = `changes ${name} again; put all edits of it into one change`;
      throw validationFailed([{ path: `changes[${at}]`, message }]);
    }
    seen.add(name);
  }
}
