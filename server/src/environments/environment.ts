import type { Static } from '@sinclair/typebox';
import { stopField } from '../line/line-stop.ts';
import { EMPTY_HASH } from '../rulesets/content-hash.ts';
import { newIncarnation } from '../rulesets/incarnation.ts';
import { fromBit, toBit } from '../store/booleans.ts';
import { newId } from '../store/new-id.ts';
import type { EnvironmentRow } from '../store/tables/flags.ts';
import type { EnvironmentInput, EnvironmentPatch, EnvironmentSchema } from './schemas.ts';

/** An environment as the API shows it. */
export type Environment = Static<typeof EnvironmentSchema>;

export function toEnvironment(row: EnvironmentRow): Environment {
  const { incarnation, number, hash } = row;
  return { ...toFacts(row), revision: { incarnation, number, hash }, ...stopField(row.line) };
}

/** What people say about an environment: what its audit events tell. */
export function toFacts(row: EnvironmentRow) {
  const { key, name, color, position, version } = row;
  const [production, requireComment] = [fromBit(row.production), fromBit(row.require_comment)];
  const requiredApprovals = row.required_approvals;
  return { key, name, color, production, requireComment, requiredApprovals, position, version };
}

/** A new environment before its first revision. */
export function newEnvironmentRow(
  projectId: string,
  {
    key,
    name,
    color = null,
    production = false,
    requireComment = false,
    requiredApprovals = 0,
  }: Static<typeof EnvironmentInput>,
  position: number,
  nowMs: number,
): EnvironmentRow {
  return {
    id: newId(nowMs),
    project_id: projectId,
    key,
    name,
    color,
    production: toBit(production),
    require_comment: toBit(requireComment),
    required_approvals: requiredApprovals,
    position,
    line: null,
    version: 1,
    incarnation: newIncarnation(),
    number: 0,
    hash: EMPTY_HASH,
    committed_at: nowMs,
    created_at: nowMs,
  };
}

/** All but the position, which is the others' too. */
export function applyPatch(row: EnvironmentRow, patch: Static<typeof EnvironmentPatch>): EnvironmentRow {
  const { name, color, production, requireComment, requiredApprovals } = patch;
  return {
    ...row,
    name: name ?? row.name,
    color: color === undefined ? row.color : color,
    production: production === undefined ? row.production : toBit(production),
    require_comment: requireComment === undefined ? row.require_comment : toBit(requireComment),
    required_approvals: requiredApprovals ?? row.required_approvals,
  };
}
