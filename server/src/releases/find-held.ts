import { targetingOf } from '../flags/flag.ts';
import { isMigration } from '../flags/migration-stages.ts';
import { findFlagEnvironments, findFlagsByKey } from '../flags/repository.ts';
import { type Problem, validationFailed } from '../http/api-error.ts';
import type { EnvironmentRow, ProjectRow } from '../store/tables/flags.ts';
import type { Querier } from '../store/tables.ts';
import type { StoredFlag } from './release.ts';
import type { ReleaseFlag } from './spec.ts';

/** The flags of a release that is made, by their ids. @throws {ApiError} `validation_failed` with all that is not there */
export async function findHeld(
  db: Querier,
  project: Pick<ProjectRow, 'id'>,
  environment: Pick<EnvironmentRow, 'id' | 'key'>,
  flags: readonly ReleaseFlag[],
): Promise<StoredFlag[]> {
  const keys = flags.map(({ flag }) => flag);
  const rows = await findFlagsByKey(db, project.id, keys);
  const places = await findFlagEnvironments(
    db,
    rows.map(({ id }) => id),
  );
  const problems: Problem[] = [];
  const held = flags.map((flag, at): StoredFlag => {
    const say = (field: string, message: string) => problems.push({ path: `flags[${at}].${field}`, message });
    const row = rows.find(({ key }) => key === flag.flag);
    if (row === undefined) {
      say('flag', `there is no flag "${flag.flag}" in this project`);
      return { ...flag, id: '' };
    }
    if (isMigration(row)) say('flag', 'is a migration: its stages are moved one by one, not by weight');
    const variants = (JSON.parse(row.variants) as { name: string }[]).map(({ name }) => name);
    for (const field of ['candidate', 'baseline'] as const) {
      if (!variants.includes(flag[field])) say(field, `is no variant of "${flag.flag}"; it has ${variants.join(', ')}`);
    }
    const here = places.find(({ flag_id, environment_id }) => flag_id === row.id && environment_id === environment.id);
    const rules = here === undefined ? [] : targetingOf(here).rules;
    if (flag.rule !== undefined && !rules.some(({ id }) => id === flag.rule)) {
      say('rule', `"${flag.flag}" has no rule "${flag.rule}" in ${environment.key}`);
    }
    return { ...flag, id: row.id };
  });
  if (problems.length > 0) throw validationFailed(problems);
  return held;
}
