import { checkFlag } from '@bunting/core';
import type { Problem } from '../http/api-error.ts';
import { checkRuleSegments } from '../segments/references.ts';
import type { FlagRow } from '../store/tables/flags.ts';
import type { Querier } from '../store/tables.ts';
import { type Targeting, toServedFlag } from './flag.ts';
import { checkPrerequisites } from './prerequisites.ts';

/**
 * Why a flag cannot be so in an environment: SDKs would not understand it, or it names segments or flags that are not as
 * it needs them. What has not changed since `before` was checked when it was saved.
 */
export async function checkTargeting(
  db: Querier,
  flag: FlagRow,
  environment: { readonly id: string; readonly key: string },
  before: Targeting,
  after: Targeting,
): Promise<Problem[]> {
  const malformed = checkFlag(toServedFlag(flag, after));
  if (malformed.length > 0) return [...malformed];
  const problems: Problem[] = [];
  if (after.rules !== before.rules) problems.push(...(await checkRuleSegments(db, environment, after.rules)));
  if (after.prerequisites !== before.prerequisites) {
    const { project_id: projectId, key } = flag;
    const { prerequisites } = after;
    problems.push(
      ...(await checkPrerequisites(db, {
        projectId,
        environmentId: environment.id,
        environment: environment.key,
        flag: key,
        prerequisites,
      })),
    );
  }
  return problems;
}
