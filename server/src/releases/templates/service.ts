import type { Static } from '@sinclair/typebox';
import type { Caller } from '../../audit/actor.ts';
import type { Changes } from '../../changes/changes.ts';
import { requireProject } from '../../environments/service.ts';
import { ApiError, notFound, validationFailed } from '../../http/api-error.ts';
import type { ReleaseTemplateRow } from '../../store/tables/releases.ts';
import type { Database } from '../../store/tables.ts';
import { problemsOfSpec } from '../check-spec.ts';
import { completeStages } from '../complete-stages.ts';
import type { Exposure, Spec } from '../spec.ts';
import { BUILT_IN } from './built-in.ts';
import { deleteTemplate, findTemplates, saveTemplate } from './repository.ts';
import type { ReleaseTemplateInput, ReleaseTemplateSchema } from './schemas.ts';

export type ReleaseTemplate = Static<typeof ReleaseTemplateSchema>;
type Input = Static<typeof ReleaseTemplateInput>;

/** Of a project, besides those that come with the server. */
const MAX_OWN = 100;

/** Ways to release: those that come with the server, and people's own. */
export class ReleaseTemplates {
  readonly #database: Database;
  readonly #changes: Changes;

  constructor(database: Database, changes: Changes) {
    this.#database = database;
    this.#changes = changes;
  }

  /** Those of the server first, then the project's own by key. */
  async list(projectKey: string): Promise<{ readonly items: ReleaseTemplate[] }> {
    const { id } = await requireProject(this.#database, projectKey);
    const own = await findTemplates(this.#database, id);
    return { items: [...BUILT_IN.map((one) => ({ ...toOwn(one), isBuiltIn: true })), ...own.map(toTemplate)] };
  }

  /** Makes one of the project's own, or replaces it. @throws {ApiError} `validation_failed`, `conflict` */
  async put(caller: Caller, project: string, key: string, input: Input): Promise<ReleaseTemplate> {
    if (isBuiltIn(key)) throw new ApiError('conflict', `"${key}" comes with the server: save yours under another key.`);
    const problems = problemsOfSpec(toSample(input));
    if (problems.length > 0) throw validationFailed(problems);
    await this.#changes.commit(caller, async (draft) => {
      const { id } = await requireProject(draft.tx, project);
      const own = await findTemplates(draft.tx, id);
      const before = own.find((row) => row.key === key);
      if (before === undefined && own.length >= MAX_OWN) {
        throw new ApiError('conflict', `A project has at most ${MAX_OWN} templates of its own: delete one first.`);
      }
      const definition = JSON.stringify(input);
      await saveTemplate(draft.tx, { project_id: id, key, definition, updated_at: draft.atMs });
      await draft.audit({
        action: before === undefined ? 'release-template.created' : 'release-template.updated',
        ...{ project, target: { kind: 'release-template', key } },
        ...(before === undefined ? {} : { before: JSON.parse(before.definition) as object }),
        after: input,
      });
    });
    return { key, isBuiltIn: false, ...input };
  }

  /** @throws {ApiError} `not_found`; `conflict` for one that comes with the server */
  async delete(caller: Caller, project: string, key: string): Promise<void> {
    if (isBuiltIn(key)) throw new ApiError('conflict', `"${key}" comes with the server, and stays.`);
    await this.#changes.commit(caller, async (draft) => {
      const { id } = await requireProject(draft.tx, project);
      const row = (await findTemplates(draft.tx, id)).find((one) => one.key === key);
      if (row === undefined) throw notFound(`release template "${key}" in project "${project}"`);
      await deleteTemplate(draft.tx, id, key);
      await draft.audit({
        action: 'release-template.deleted',
        ...{ project, target: { kind: 'release-template', key } },
        before: JSON.parse(row.definition) as object,
      });
    });
  }
}

/** A release that could be made of it: with all that its stages move. */
function toSample({ name: _, description: __, ...input }: Input): Spec {
  const { stages } = input;
  const moves = (...fields: (keyof Exposure)[]) => stages.some((stage) => fields.some((field) => field in stage));
  const parts = {
    flags: moves('flagsPer100k') ? [{ flag: 'any', candidate: 'candidate', baseline: 'baseline' }] : [],
    ...(moves('trafficPer100k', 'shadowPer100k') && {
      traffic: { target: 'any', candidate: 'candidate', baseline: 'baseline' },
    }),
    ...(moves('migrationPhase') && { migration: { plan: 'any' } }),
  };
  return { ...input, ...parts, stages: completeStages(parts, stages) };
}

function isBuiltIn(key: string): boolean {
  return BUILT_IN.some((one) => one.key === key);
}

function toTemplate({ key, definition }: ReleaseTemplateRow): ReleaseTemplate {
  return { key, isBuiltIn: false, ...(JSON.parse(definition) as Input) };
}

/** A copy that may be written to, as answers are. */
function toOwn(template: (typeof BUILT_IN)[number]): Omit<ReleaseTemplate, 'isBuiltIn'> {
  return structuredClone(template) as Omit<ReleaseTemplate, 'isBuiltIn'>;
}
