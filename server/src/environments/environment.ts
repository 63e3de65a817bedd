import type { Static } from '@sinclair/typebox';
import { EMPTY_HASH } from '../rulesets/content-hash.ts';
import { newIncarnation } from '../rulesets/incarnation.ts';
import { fromBit, toBit } from '../store/booleans.ts';
import { newId } from '../store/new-id.ts';
import type { EnvironmentRow } from '../store/tables.ts';
import type { EnvironmentInput, EnvironmentSchema } from './schemas.ts';

export function toEnvironment(row: EnvironmentRow): Static<typeof EnvironmentSchema> {
  const { key, name, position, incarnation, number, hash } = row;
  return { key, name, production: fromBit(row.production), position, revision: { incarnation, number, hash } };
}

/** A new environment before its first revision. */
export function newEnvironmentRow(
  projectId: string,
  { key, name, production = false }: Static<typeof EnvironmentInput>,
  position: number,
  nowMs: number,
): EnvironmentRow {
  return {
    id: newId(nowMs),
    project_id: projectId,
    key,
    name,
    production: toBit(production),
    position,
    incarnation: newIncarnation(),
    number: 0,
    hash: EMPTY_HASH,
    committed_at: nowMs,
    created_at: nowMs,
  };
}
