import { createHash } from 'node:crypto';
import { toCanonicalJson } from '@bunting/core';
import { findPlan } from '../migration-plans/repository.ts';
import type { Querier } from '../store/tables.ts';
import { findTarget } from '../traffic/repository.ts';
import type { Leads } from './agreement.ts';
import type { Spec } from './spec.ts';

/** What a release leads to as things are now. What is not there is left out. */
export async function findLeads(
  db: Querier,
  environmentId: string,
  { traffic, migration }: Pick<Spec, 'traffic' | 'migration'>,
): Promise<Leads> {
  const target = traffic && (await findTarget(db, environmentId, traffic.target));
  const plan = migration && (await findPlan(db, environmentId, migration.plan));
  return {
    ...(target && { traffic: digest([target.kind, target.settings, target.secrets]) }),
    ...(plan && { migration: digest([plan.definition, plan.databases]) }),
  };
}

function digest(parts: readonly (string | null)[]): string {
  return createHash('sha256')
    .update(toCanonicalJson([...parts]))
    .digest('hex');
}
