import type { TargetingEdit } from '@bunting/core';
import { t } from '@lingui/core/macro';
import { api, unwrap } from './client.ts';
import type { FlagEdit, SentEdit } from './types.ts';

/** Edits of a flag in one environment that are to be made by others' leave, or at another time. */
export interface Proposal {
  readonly flag: string;
  readonly environment: string;
  readonly edits: readonly TargetingEdit[];
  readonly title: string;
  /** Why; empty: nothing was said. */
  readonly comment: string;
}

/** Asks others to approve the edits. */
export function requestApproval(project: string, proposal: Proposal) {
  const { title, comment } = proposal;
  return unwrap(
    api.POST('/api/v1/projects/{project}/change-requests', {
      params: { path: { project } },
      body: { title, ...(comment !== '' && { description: comment }), changes: changesOf(proposal) },
    }),
  );
}

/** One request holds at most so many changes. */
export const maxChanges = 100;

interface TurningOff {
  readonly environment: string;
  readonly flags: readonly string[];
  /** Why; empty: nothing was said. */
  readonly comment: string;
}

/** Asks others to approve that flags are turned off in an environment, all or none. */
export function requestTurningOff(project: string, { environment, flags, comment }: TurningOff) {
  const [first = '', ...more] = flags;
  const title = more.length === 0 ? t`Turn ${first} off` : t`Turn ${first} and ${more.length} more off`;
  const changes = flags.map((flag) => ({ environment, flag, edits: [{ kind: 'disable' as const }] }));
  return unwrap(
    api.POST('/api/v1/projects/{project}/change-requests', {
      params: { path: { project } },
      body: { title, ...(comment !== '' && { description: comment }), changes },
    }),
  );
}

/** Asks others to approve edits of what a flag is everywhere. */
export function requestFlagApproval(project: string, flag: string, edits: FlagEdit[], title: string) {
  const params = { path: { project } };
  return unwrap(
    api.POST('/api/v1/projects/{project}/change-requests', { params, body: { title, changes: [{ flag, edits }] } }),
  );
}

/** Has the edits made at a time. @param at RFC 3339 */
export function scheduleEdits(project: string, proposal: Proposal, at: string) {
  const { title, comment } = proposal;
  return unwrap(
    api.POST('/api/v1/projects/{project}/schedules', {
      params: { path: { project } },
      headers: comment === '' ? {} : { 'Bunting-Comment': encodeURIComponent(comment) },
      body: { kind: 'once', title, at, changes: changesOf(proposal) },
    }),
  );
}

function changesOf({ flag, environment, edits }: Proposal) {
  return [{ environment, flag, edits: edits as SentEdit[] }];
}
