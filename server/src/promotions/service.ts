import { describeEdit, editsBetween } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import { requirePermission } from '../access/guard.ts';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import type { Draft } from '../changes/draft.ts';
import { refuseOutdated } from '../changes/refuse-outdated.ts';
import type { EnvironmentPlace, Environments } from '../environments/service.ts';
import { type NamedEnvironmentRow, type Targeting, targetingOf } from '../flags/flag.ts';
import type { MigrationGuard } from '../flags/migration-guard.ts';
import { findFlagEnvironments, findFlagsByKey } from '../flags/repository.ts';
import { errorAt, type NotedStep, type StepNote, saveTogether } from '../flags/save-together.ts';
import { ApiError, notFound, validationFailed } from '../http/api-error.ts';
import type { Page } from '../http/page.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import { servedBy } from '../segments/service.ts';
import { type Comparison, compareEnvironments } from './compare.ts';
import { PARTS, withParts } from './parts.ts';
import type { CompareQuery, PromotionAnswer, PromotionInput } from './schemas.ts';

type Answer = Static<typeof PromotionAnswer>;
type PromotedFlag = Answer['flags'][number];

export interface PromotionsDependencies {
  readonly changes: Changes;
  readonly environments: Environments;
  readonly migrations: MigrationGuard;
  readonly rulesets: Rulesets;
}

/** One flag of a promotion. */
interface Promoted extends NotedStep {
  readonly fromVersion: number;
}

/** Ends a transaction that only tries what would be. */
class Preview extends Error {
  readonly promoted: readonly Promoted[];
  readonly place: EnvironmentPlace;

  constructor(promoted: readonly Promoted[], place: EnvironmentPlace) {
    super('a preview is not committed');
    this.promoted = promoted;
    this.place = place;
  }
}

/** Brings what flags are in one environment to another. */
export class Promotions {
  readonly #dependencies: PromotionsDependencies;

  constructor(dependencies: PromotionsDependencies) {
    this.#dependencies = dependencies;
  }

  compare(project: string, query: Static<typeof CompareQuery>): Page<Comparison> {
    return compareEnvironments(this.#dependencies.rulesets, project, query);
  }

  /**
   * Copies parts of flags into an environment, all of them as one revision or none. A preview does the same and takes it
   * back: so it finds whatever would stand against it.
   * @throws {ApiError} `promotion_refused` with all reasons; `version_mismatch`
   */
  async promote(
    caller: Caller,
    to: { readonly project: string; readonly environment: string },
    { from, flags, preview = false }: Static<typeof PromotionInput>,
  ): Promise<Answer> {
    const { changes, environments } = this.#dependencies;
    refuseDoubles(flags.map(({ key }) => key));
    requirePermission(caller, 'flag:read', { project: to.project, environment: from });
    try {
      const commit = await changes.commit(caller, async (draft) => {
        const place = await environments.find(to.project, to.environment, draft.tx);
        const source = await environments.find(to.project, from, draft.tx);
        const promoted = await this.#plan(draft, source, place, flags);
        await saveTogether(draft, this.#dependencies.migrations, promoted);
        if (preview) throw new Preview(promoted, place);
        refuse(promoted);
        return { promoted, place };
      });
      const { promoted, place } = commit.result;
      return toAnswer(promoted, servedBy(commit, place.environment), commit.revisions.size > 0);
    } catch (error) {
      if (!(error instanceof Preview)) throw error;
      const { promoted, place } = error;
      return toAnswer(promoted, servedBy({ result: undefined, revisions: new Map() }, place.environment), false);
    }
  }

  async #plan(
    { tx }: Draft,
    from: EnvironmentPlace,
    { project, environment }: EnvironmentPlace,
    wanted: Static<typeof PromotionInput>['flags'],
  ): Promise<Promoted[]> {
    const rows = new Map(
      (
        await findFlagsByKey(
          tx,
          project.id,
          wanted.map(({ key }) => key),
        )
      ).map((row) => [row.key, row]),
    );
    const places = await findFlagEnvironments(
      tx,
      [...rows.values()].map(({ id }) => id),
    );
    const stored = new Map(places.map((row) => [`${row.flag_id} ${row.environment_id}`, row]));
    const promoted: Promoted[] = [];
    for (const { key, parts = PARTS, versions } of wanted) {
      const row = rows.get(key);
      const source = row && stored.get(`${row.id} ${from.environment.id}`);
      const before = row && stored.get(`${row.id} ${environment.id}`);
      if (row === undefined || source === undefined || before === undefined) {
        throw notFound(`flag "${key}" in project "${project.key}"`);
      }
      const target = { kind: 'flag', key };
      for (const [seen, { environment: name, version }] of [
        [versions?.from, source],
        [versions?.to, before],
      ] satisfies [number | undefined, NamedEnvironmentRow][]) {
        await refuseOutdated(tx, seen, { project: project.key, environment: name, target, version });
      }
      const was = targetingOf(before);
      const targeting = withParts(was, targetingOf(source), parts);
      const notes: StepNote[] = [];
      if (row.archived_at !== null) notes.push(errorAt('', 'is archived; restore it before changing it'));
      const step = { project: project.key, row, environment, before, was, targeting };
      promoted.push({ step, fromVersion: source.version, notes });
    }
    return promoted;
  }
}

function refuseDoubles(keys: readonly string[]): void {
  const at = keys.findIndex((key, index) => keys.indexOf(key) < index);
  if (at < 0) return;
  throw validationFailed([{ path: `flags[${at}].key`, message: `names "${keys[at]}" again; name each flag once` }]);
}

function refuse(promoted: readonly Promoted[]): void {
  const reasons = promoted.flatMap(({ step, notes }) =>
    notes
      .filter(({ severity }) => severity === 'error')
      .map(({ path, message }) => ({ path: `flags.${step.row.key}${path === '' ? '' : `.${path}`}`, message })),
  );
  const [first] = reasons;
  if (first === undefined) return;
  const more = reasons.length > 1 ? ` (and ${reasons.length - 1} more, see details)` : '';
  throw new ApiError(
    'promotion_refused',
    `Nothing was promoted: ${first.path}: ${first.message}${more}. Right that, or leave these flags out.`,
    reasons,
  );
}

function toAnswer(
  promoted: readonly Promoted[],
  served: Pick<Answer, 'revision' | 'committedAt'>,
  applied: boolean,
): Answer {
  const flags = promoted.map(({ step, fromVersion, notes }): PromotedFlag => {
    const { row, before, was, targeting } = step;
    const edits = editsBetween(was, targeting);
    const named: Pick<Targeting, 'rules'> = { rules: [...was.rules, ...targeting.rules] };
    return {
      key: row.key,
      versions: { from: fromVersion, to: before.version },
      edits,
      sentences: edits.map((edit) => describeEdit(edit, named)),
      findings: notes.map(({ severity, path, message }) => ({ severity, path, message })),
    };
  });
  const { revision, committedAt } = served;
  return { applied, flags, revision, committedAt };
}
