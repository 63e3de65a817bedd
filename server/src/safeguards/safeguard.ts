import type { Static } from '@sinclair/typebox';
import type { Actor } from '../audit/actor.ts';
import { toTimestamp } from '../http/key-schema.ts';
import type { SafeguardRow } from '../store/tables/safeguards.ts';
import type { SafeguardInput } from './definition-schemas.ts';
import type { SafeguardSchema } from './schemas.ts';

/** What people decide of a safeguard. */
export type Definition = Required<Pick<Static<typeof SafeguardInput>, 'mode' | 'enabled'>> &
  Static<typeof SafeguardInput>;

/** A safeguard as it is judged: in memory. */
export interface Safeguard extends Definition {
  readonly id: string;
  readonly environmentId: string;
  /** Keys. */
  readonly project: string;
  readonly environment: string;
  readonly version: number;
}

/** One that reads Prometheus. */
export type PolledSafeguard = Safeguard & {
  readonly metric: Extract<Definition['metric'], { kind: 'prometheus' }>;
  readonly watch: Extract<Definition['watch'], { flag: string }>;
};

/** As the API shows what is stored of it. */
export type StoredSafeguard = Omit<Static<typeof SafeguardSchema>, 'watching'>;

export function definitionOf({ definition }: Pick<SafeguardRow, 'definition'>): Definition {
  return JSON.parse(definition) as Definition;
}

export function toStored(row: SafeguardRow): StoredSafeguard {
  return {
    id: row.id,
    ...definitionOf(row),
    failedAt: row.failed_at === null ? null : toTimestamp(row.failed_at),
    createdBy: JSON.parse(row.created_by) as Actor,
    version: row.version,
    createdAt: toTimestamp(row.created_at),
    updatedAt: toTimestamp(row.updated_at),
  };
}

/** How audit events name it. */
export function targetOf(id: string) {
  return { kind: 'safeguard', key: id };
}
