import type { Static } from '@sinclair/typebox';
import type { Actor } from '../audit/actor.ts';
import { toTimestamp } from '../http/key-schema.ts';
import type { ChangeRequestEntryRow, ChangeRequestRow } from '../store/tables/change-requests.ts';
import type { ApprovalCount } from './approvals.ts';
import { environmentsOf, type ProposedChange } from './content.ts';
import type { ChangeRequestEntrySchema, ChangeRequestSchema } from './schemas.ts';
import { actionsIn, type State } from './state.ts';

/** A change request as the API shows it. */
export type ChangeRequest = Static<typeof ChangeRequestSchema>;
export type ChangeRequestEntry = Static<typeof ChangeRequestEntrySchema>;

export function changesOf({ content }: Pick<ChangeRequestRow, 'content'>): ProposedChange[] {
  return JSON.parse(content) as ProposedChange[];
}

export function authorsOf({ authors }: ChangeRequestRow): string[] {
  return JSON.parse(authors) as string[];
}

export function stateOf({ state }: ChangeRequestRow): State {
  return state as State;
}

/** What audit events tell. */
export function toFacts(row: ChangeRequestRow) {
  const { title, description, content_hash, state, reason, version } = row;
  return { title, description, changes: changesOf(row), contentHash: content_hash, state, reason, version };
}

export function toChangeRequest(row: ChangeRequestRow, approvals: readonly ApprovalCount[]): ChangeRequest {
  const { state, ...facts } = toFacts(row);
  return {
    id: row.id,
    ...facts,
    state: state as State,
    approvals: [...approvals],
    actions: actionsIn(stateOf(row)),
    createdBy: JSON.parse(row.created_by) as Actor,
    createdAt: toTimestamp(row.created_at),
    updatedAt: toTimestamp(row.updated_at),
  };
}

export function toEntry(row: ChangeRequestEntryRow, contentHash: string): ChangeRequestEntry {
  return {
    id: row.id,
    kind: row.kind as ChangeRequestEntry['kind'],
    by: JSON.parse(row.actor) as Actor,
    body: row.body,
    isCurrent: row.content_hash === contentHash,
    createdAt: toTimestamp(row.created_at),
  };
}

/** How audit events name a request: in an environment when it changes one alone. */
export function eventPlaceOf(project: string, row: ChangeRequestRow) {
  const [environment, ...more] = environmentsOf(changesOf(row)) ?? [];
  return {
    project,
    ...(environment === undefined || more.length > 0 ? {} : { environment }),
    target: { kind: 'change-request', key: row.id },
  };
}
