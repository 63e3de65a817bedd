import { findChangesSince } from '../changes/refuse-outdated.ts';
import { ApiError, type Problem } from '../http/api-error.ts';
import type { DatabaseTransaction } from '../store/tables.ts';
import type { Subject } from './content.ts';
import type { PlannedChange } from './plan.ts';

/** What a change was proposed on. */
export interface Base extends Subject {
  readonly version: number;
}

/** A change that does not go with what is there any more, or would lead to something else than was approved. */
export class Misfit extends ApiError {
  constructor(problems: readonly Problem[], since: readonly unknown[]) {
    const [first] = problems;
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more, see details)` : '';
    const what = first === undefined ? '' : `${first.path}: ${first.message}${more}. `;
    super(
      'change_conflict',
      `Nothing was changed. ${what}Adapt the changes, or rebase the request on what is there now; then have it approved.`,
      { problems, since },
    );
  }
}

/** What stands against planned changes. */
export function problemsOf(planned: readonly PlannedChange[]): Problem[] {
  return planned.flatMap(({ notes }, at) =>
    notes
      .filter(({ severity }) => severity === 'error')
      .map(({ path, message }) => ({ path: `changes[${at}]${path === '' ? '' : `.${path}`}`, message })),
  );
}

/** A refusal that has nothing to do with when the changes were proposed, such as of a migration's next stage. */
export function refusalOf(planned: readonly PlannedChange[]): ApiError | undefined {
  const errors = planned.flatMap(({ notes }) => notes).filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first?.code === undefined || errors.some(({ code }) => code === undefined)) return undefined;
  return new ApiError(first.code, first.message);
}

/** What is another version now than when the request was proposed, with who changed it since. */
export async function findChanged(
  tx: DatabaseTransaction,
  project: string,
  bases: readonly Base[],
  planned: readonly PlannedChange[],
) {
  const changed = [];
  for (const { version, ...subject } of bases) {
    const { environment, kind, key } = subject;
    const now = planned.find(({ subject }) => JSON.stringify(subject) === JSON.stringify({ environment, kind, key }));
    if (now === undefined || now.version === version) continue;
    const place = environment === null ? { project } : { project, environment };
    const versioned = { ...place, target: { kind, key }, version: now.version ?? 0 };
    changed.push({
      ...subject,
      from: version,
      to: now.version,
      changes: await findChangesSince(tx, versioned, version),
    });
  }
  return changed;
}
