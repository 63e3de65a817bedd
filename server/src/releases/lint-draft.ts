import type { Static } from '@sinclair/typebox';
import { requireProject } from '../environments/service.ts';
import type { ReleaseLintSchema } from '../gates/run-schemas.ts';
import { DEFAULT_OBJECTIVE } from '../gates/trials.ts';
import type { MigrationPlans } from '../migration-plans/service.ts';
import { problemsOfSpec } from './check-spec.ts';
import { refuseUnfit } from './check-target.ts';
import { collectProblems } from './collect-problems.ts';
import { findHeld } from './find-held.ts';
import { type DraftMeans, refuseUnread, requireEnvironment } from './make-draft.ts';
import { readSpec } from './read-spec.ts';
import type { ReleaseInput } from './schemas.ts';
import { findPointsOfNoReturn, refuseUnplanned } from './ways-back.ts';

interface Means extends Pick<DraftMeans, 'database' | 'trials' | 'targets'> {
  readonly plans: Pick<MigrationPlans, 'facts' | 'floors'>;
}

/** What a release could see on its way, with the traffic that there is, and all for which it would be refused. */
export async function lintDraft(
  { database, targets, plans, trials }: Means,
  projectKey: string,
  input: Static<typeof ReleaseInput>,
): Promise<Static<typeof ReleaseLintSchema>> {
  const { environment: key } = input;
  const spec = readSpec(input);
  const project = await requireProject(database, projectKey);
  const environment = await requireEnvironment(database, project, key);
  const refused = await collectProblems([
    () => refuseUnfit(targets, environment, spec),
    () => refuseUnread(database, project.id, spec),
    () => refuseUnplanned(database, plans, environment, spec),
    () => findHeld(database, project, environment, spec.flags),
  ]);
  const unworkable = problemsOfSpec(spec);
  const seen =
    unworkable.length === 0
      ? await trials.lint({ project: projectKey, environment: key }, spec)
      : { stages: [], falseAbortRisk: null, budgetShare: 0, objective: DEFAULT_OBJECTIVE, problems: unworkable };
  const pointsOfNoReturn = await findPointsOfNoReturn(database, plans, environment.id, spec);
  return { ...seen, pointsOfNoReturn, problems: [...refused, ...seen.problems] };
}
