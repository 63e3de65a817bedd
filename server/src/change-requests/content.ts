import { createHash } from 'node:crypto';
import { toCanonicalJson } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import { validationFailed } from '../http/api-error.ts';
import type { ChangeSchema, FlagWideChangeSchema } from './schemas.ts';

/** Edits of one flag or segment in one environment. */
export type Change = Static<typeof ChangeSchema>;
/** Of what a flag is in all environments. */
export type FlagWideChange = Static<typeof FlagWideChangeSchema>;
export type ProposedChange = Change | FlagWideChange;

export interface Subject {
  /** null: all of them. */
  readonly environment: string | null;
  readonly kind: 'flag' | 'segment';
  readonly key: string;
}

export function isFlagWide(change: ProposedChange): change is FlagWideChange {
  return !('environment' in change);
}

export function subjectOf(change: ProposedChange): Subject {
  if (isFlagWide(change)) return { environment: null, kind: 'flag', key: change.flag };
  const { environment } = change;
  return 'flag' in change
    ? { environment, kind: 'flag', key: change.flag }
    : { environment, kind: 'segment', key: change.segment };
}

/** What approvals are bound to: the changes, and what each led to when it was proposed. */
export function hashContent(changes: readonly ProposedChange[], outcomes: readonly unknown[]): string {
  const text = toCanonicalJson(JSON.parse(JSON.stringify({ changes, outcomes })));
  return createHash('sha256').update(text).digest('hex');
}

/** The environments that are changed, each once; undefined: all of the project's. */
export function environmentsOf(changes: readonly Change[]): string[];
export function environmentsOf(changes: readonly ProposedChange[]): string[] | undefined;
export function environmentsOf(changes: readonly ProposedChange[]): string[] | undefined {
  const named = changes.flatMap((change) => (isFlagWide(change) ? [] : [change.environment]));
  return named.length < changes.length ? undefined : [...new Set(named)];
}

/** @throws {ApiError} when something is changed twice: nobody could tell what comes first */
export function refuseDoubles(changes: readonly ProposedChange[]): void {
  const wide = new Set(changes.filter(isFlagWide).map(({ flag }) => flag));
  const seen = new Set<string>();
  for (const [at, change] of changes.entries()) {
    const { environment, kind, key } = subjectOf(change);
    const name = `${kind} "${key}" ${environment === null ? 'everywhere' : `in ${environment}`}`;
    const refuse = (fix: string) => {
      throw validationFailed([{ path: `changes[${at}]`, message: `changes ${name} again; ${fix}` }]);
    };
    if (seen.has(name)) refuse('put all edits of it into one change');
    if (environment !== null && kind === 'flag' && wide.has(key)) {
      refuse('what it is everywhere and what it is in an environment are two requests');
    }
    seen.add(name);
  }
}
