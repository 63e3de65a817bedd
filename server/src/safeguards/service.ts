import type { Static } from '@sinclair/typebox';
import { requirePermission } from '../access/guard.ts';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import type { Draft } from '../changes/draft.ts';
import { refuseOutdated } from '../changes/refuse-outdated.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Environments } from '../environments/service.ts';
import { findFlag } from '../flags/repository.ts';
import type { FlagTargeting } from '../flags/targeting-service.ts';
import { ApiError, notFound, validationFailed } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { DEFAULT_LIMIT, type Page, readCursor, toPage } from '../http/page.ts';
import { requireAction } from '../interventions/require-action.ts';
import { findDataSource } from '../prometheus/repository.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import { newId } from '../store/new-id.ts';
import type { EnvironmentRow } from '../store/tables/flags.ts';
import type { SafeguardRow } from '../store/tables/safeguards.ts';
import type { Database } from '../store/tables.ts';
import type { Case } from './case.ts';
import { checkDefinition } from './check-definition.ts';
import type { SafeguardInput, SafeguardPatch } from './definition-schemas.ts';
import { detectableBy } from './detectable-by.ts';
import { toPoints } from './points.ts';
import {
  countSafeguards,
  deleteSafeguard,
  findSafeguard,
  findSafeguards,
  insertSafeguard,
  updateSafeguard,
} from './repository.ts';
import { type Definition, definitionOf, type Safeguard, targetOf, toStored } from './safeguard.ts';
import type { SafeguardBook } from './safeguard-book.ts';
import type { SafeguardSchema, SafeguardsQuery, StandardInput, StandardSchema } from './schemas.ts';
import { explainCase, explainNobody, explainNothing } from './silence.ts';
import { standardSafeguards } from './standard.ts';
import type { StateSchema } from './state-schemas.ts';
import { readFlag, type SafeguardWatch } from './watch.ts';

type View = Static<typeof SafeguardSchema>;
type Watched = View['watching'][number];

export interface EnvironmentKeys {
  readonly project: string;
  readonly environment: string;
}
export interface SafeguardPlace extends EnvironmentKeys {
  readonly safeguard: string;
}

const MAX_OF_ENVIRONMENT = 1_000;
/** What is shown of a safeguard: of one that is asked for, and of each in a list, which must not keep others waiting. */
const MAX_WATCHED = 100;
const MAX_WATCHED_LISTED = 10;

export interface SafeguardsDependencies {
  readonly database: Database;
  readonly changes: Changes;
  readonly environments: Environments;
  readonly targeting: FlagTargeting;
  readonly rulesets: Rulesets;
  readonly book: SafeguardBook;
  readonly watch: Pick<SafeguardWatch, 'casesOf' | 'explainPolled' | 'flagsOf'>;
  readonly cluster: Pick<Cluster, 'self'>;
  readonly now: () => number;
}

/** What people do with safeguards: see `watch.ts` for what safeguards do. */
export class Safeguards {
  readonly #dependencies: SafeguardsDependencies;

  constructor(dependencies: SafeguardsDependencies) {
    this.#dependencies = dependencies;
  }

  /** Oldest first. */
  async list(
    place: EnvironmentKeys,
    { cursor, limit = DEFAULT_LIMIT, flag }: Static<typeof SafeguardsQuery>,
  ): Promise<Page<View>> {
    const { database, environments } = this.#dependencies;
    const [afterId] = readCursor(cursor, ['string']) ?? [];
    const { environment } = await environments.find(place.project, place.environment);
    const isMeant = flag === undefined ? () => true : await this.#whichWatch(environment, flag);
    // Only of one flag, what does not watch it must not fill the page.
    const atMost = flag === undefined ? limit + 1 : MAX_OF_ENVIRONMENT;
    const rows = await findSafeguards(database, environment.id, { afterId, limit: atMost });
    const page = toPage(rows.filter(isMeant), limit, ({ id }) => [id]);
    return { ...page, items: page.items.map((row) => this.#show(row, MAX_WATCHED_LISTED, flag)) };
  }

  async get(place: SafeguardPlace): Promise<View> {
    const { database, environments } = this.#dependencies;
    const { environment } = await environments.find(place.project, place.environment);
    const row = await findSafeguard(database, environment.id, place.safeguard);
    if (row === undefined) throw unknown(place);
    return this.#show(row);
  }

  async create(caller: Caller, place: EnvironmentKeys, input: Static<typeof SafeguardInput>): Promise<View> {
    const [view] = await this.#createAll(caller, place, [input]);
    if (view === undefined) throw new Error('a safeguard was made and is not there');
    return view;
  }

  /** The usual set, at once. */
  async createStandard(
    caller: Caller,
    place: EnvironmentKeys,
    { watch, mode = 'armed' }: Static<typeof StandardInput>,
  ): Promise<Static<typeof StandardSchema>> {
    return { items: await this.#createAll(caller, place, standardSafeguards(watch, mode)) };
  }

  /** @param ifVersion the version that the caller has seen; undefined: whatever it is */
  async update(
    caller: Caller,
    place: SafeguardPlace,
    patch: Static<typeof SafeguardPatch>,
    ifVersion: number | undefined,
  ): Promise<View> {
    const { environments, changes } = this.#dependencies;
    const { result } = await changes.commit(caller, async (draft) => {
      const { environment } = await environments.find(place.project, place.environment, draft.tx);
      const before = await findSafeguard(draft.tx, environment.id, place.safeguard);
      if (before === undefined) throw unknown(place);
      const { project, environment: key } = place;
      const target = targetOf(before.id);
      await refuseOutdated(draft.tx, ifVersion, { project, environment: key, target, version: before.version });
      const definition = withPatch(definitionOf(before), patch);
      checkDefinition(definition);
      requireArmed(caller, place, definition);
      await refuseUnknownSource(draft, environment, definition);
      const after = {
        ...before,
        ...{ definition: JSON.stringify(definition), version: before.version + 1, updated_at: draft.atMs },
      };
      await updateSafeguard(draft.tx, before.id, after);
      await draft.count('safeguards');
      await draft.audit({
        ...{ action: 'safeguard.updated', project, environment: key, target },
        ...{ before: toStored(before), after: toStored(after) },
      });
      return after;
    });
    const { watch, test } = definitionOf(result);
    await this.#turnSlicesOn(caller, place, { watch, test });
    return this.#show(result);
  }

  /** Its verdicts stay. */
  async delete(caller: Caller, place: SafeguardPlace): Promise<void> {
    const { environments, changes } = this.#dependencies;
    await changes.commit(caller, async (draft) => {
      const { environment } = await environments.find(place.project, place.environment, draft.tx);
      const before = await findSafeguard(draft.tx, environment.id, place.safeguard);
      if (before === undefined) throw unknown(place);
      await deleteSafeguard(draft.tx, before.id);
      await draft.count('safeguards');
      await draft.audit({
        ...{ action: 'safeguard.deleted', project: place.project, environment: place.environment },
        ...{ target: targetOf(before.id), before: toStored(before) },
      });
    });
  }

  /** How it stands, as this server sees it; from memory alone. */
  state(place: SafeguardPlace): Static<typeof StateSchema> {
    const { book, watch, cluster, now } = this.#dependencies;
    const safeguard = book.find(place.safeguard);
    const isHere = safeguard?.project === place.project && safeguard.environment === place.environment;
    if (safeguard === undefined || !isHere) throw unknown(place);
    const cases = watch.casesOf(safeguard.id).slice(0, MAX_WATCHED);
    const why = watch.explainPolled(safeguard.id);
    const states = cases.map((each) => ({ ...describe(each, now(), why), points: toPoints(each.spec, each.steps) }));
    return { server: cluster.self.id, states };
  }

  async #createAll(
    caller: Caller,
    place: EnvironmentKeys,
    inputs: readonly Static<typeof SafeguardInput>[],
  ): Promise<View[]> {
    const { environments, changes } = this.#dependencies;
    const definitions = inputs.map((input): Definition => ({ mode: 'armed', enabled: true, ...input }));
    for (const definition of definitions) {
      checkDefinition(definition);
      requireArmed(caller, place, definition);
      await this.#turnSlicesOn(caller, place, definition);
    }
    const { result } = await changes.commit(caller, async (draft) => {
      const { environment } = await environments.find(place.project, place.environment, draft.tx);
      await refuseTooMany(draft, environment, definitions.length);
      for (const definition of definitions) await refuseUnknownSource(draft, environment, definition);
      const rows: SafeguardRow[] = [];
      for (const definition of definitions) {
        const row: SafeguardRow = {
          ...{ id: newId(draft.atMs), environment_id: environment.id, definition: JSON.stringify(definition) },
          ...{ failed_at: null, created_by: JSON.stringify(caller.actor), version: 1 },
          ...{ created_at: draft.atMs, updated_at: draft.atMs },
        };
        await insertSafeguard(draft.tx, row);
        await draft.audit({
          ...{ action: 'safeguard.created', project: place.project, environment: place.environment },
          ...{ target: targetOf(row.id), after: toStored(row) },
        });
        rows.push(row);
      }
      await draft.count('safeguards');
      return rows;
    });
    return result.map((row) => this.#show(row));
  }

  /** Placebo rank compares slices of subjects: who asks for it wants them counted. */
  async #turnSlicesOn(
    caller: Caller,
    { project, environment }: EnvironmentKeys,
    { watch, test }: Pick<Definition, 'watch' | 'test'>,
  ): Promise<void> {
    if ((test.kind !== 'placebo_rank' && test.kind !== 'sample_ratio') || !('flag' in watch)) return;
    const { rulesets, targeting } = this.#dependencies;
    const item = rulesets.named(project, environment)?.item('flag', watch.flag);
    if (item === undefined) {
      throw validationFailed([{ path: 'watch.flag', message: `is no flag that ${environment} serves` }]);
    }
    if (readFlag(item).slices === true) return;
    requirePermission(caller, 'targeting:write', { project, environment });
    await targeting.update(caller, { project, environment, flag: watch.flag }, { slices: true });
  }

  /** Also of those that are switched off. */
  async #whichWatch(
    { project_id }: EnvironmentRow,
    key: string,
  ): Promise<(row: Pick<SafeguardRow, 'definition'>) => boolean> {
    const flag = await findFlag(this.#dependencies.database, project_id, key);
    const tags = flag === undefined ? [] : (JSON.parse(flag.tags) as string[]);
    return (row) => {
      const { watch } = definitionOf(row);
      if ('flag' in watch) return watch.flag === key;
      return 'tag' in watch ? tags.includes(watch.tag) : true;
    };
  }

  /** @param flag only what it sees of this one; undefined: of all */
  #show(row: SafeguardRow, maxWatched = MAX_WATCHED, flag?: string): View {
    const { book } = this.#dependencies;
    // A moment after it was made it may not be in memory yet.
    const safeguard = book.find(row.id);
    return { ...toStored(row), watching: safeguard === undefined ? [] : this.#watchedBy(safeguard, maxWatched, flag) };
  }

  #watchedBy(safeguard: Safeguard, max: number, only: string | undefined): Watched[] {
    const { watch, rulesets, now } = this.#dependencies;
    if (!safeguard.enabled) return [];
    const isMeant = (flag: string) => only === undefined || flag === only;
    const cases = watch.casesOf(safeguard.id).filter((each) => isMeant(each.flag));
    const ruleset = rulesets.get(safeguard.environmentId);
    const why = watch.explainPolled(safeguard.id);
    const watched = only !== undefined && 'measured' in safeguard.watch ? [only] : watch.flagsOf(safeguard);
    const unseen = watched.filter((flag) => isMeant(flag) && !cases.some((each) => each.flag === flag));
    const silent = unseen.map((flag) => {
      const item = ruleset?.item('flag', flag);
      const isKilled = ruleset?.kills.some((kill) => kill.flag === flag && kill.engaged) ?? false;
      return silentOf(flag, why ?? explainNothing(safeguard, flag, item && readFlag(item), isKilled, now()));
    });
    if (cases.length + unseen.length === 0) silent.push(silentOf(null, explainNobody(safeguard)));
    const shown = cases.slice(0, max).map((each) => describe(each, now(), why));
    return [...shown, ...silent].slice(0, max);
  }
}

/** @param why why nothing was read last, where it is not measured by SDKs */
function describe(each: Case, nowMs: number, why: string | undefined): Watched {
  const { flag, sides, rule, spec, finding, failedAtMs } = each;
  const dueShare = spec.kind === 'sample_ratio' ? spec.expected : undefined;
  return {
    ...{ flag, variant: sides.candidate, rule, silence: why ?? explainCase(each, nowMs) },
    ...{ logE: finding.logE ?? null, threshold: finding.threshold ?? null, detectable: detectableBy(each) },
    ...(dueShare === undefined ? {} : { dueShare }),
    failedAt: failedAtMs === undefined ? null : toTimestamp(failedAtMs),
  };
}

function silentOf(flag: string | null, silence: string): Watched {
  return { flag, variant: null, rule: null, silence, logE: null, threshold: null, detectable: null, failedAt: null };
}

/** What is null in a patch is there no more. */
function withPatch(before: Definition, patch: Static<typeof SafeguardPatch>): Definition {
  const entries = Object.entries({ ...before, ...patch }).filter(([, value]) => value !== null);
  return Object.fromEntries(entries) as Definition;
}

/** Whoever may not do what a safeguard does can still have it judge, and turn it off. @throws {ApiError} `forbidden` */
function requireArmed(caller: Caller, place: EnvironmentKeys, { action, mode, enabled }: Definition): void {
  const { project, environment } = place;
  if (enabled && mode === 'armed') requireAction(caller, action, { project, environment });
}

async function refuseTooMany({ tx }: Draft, { id, key }: EnvironmentRow, more: number): Promise<void> {
  if ((await countSafeguards(tx, id)) + more <= MAX_OF_ENVIRONMENT) return;
  const message = `Environment "${key}" has ${MAX_OF_ENVIRONMENT} safeguards, which is all that it may have. Watch a tag instead of single flags.`;
  throw new ApiError('conflict', message);
}

async function refuseUnknownSource(
  { tx }: Draft,
  { project_id }: EnvironmentRow,
  { metric }: Definition,
): Promise<void> {
  if (metric.kind !== 'prometheus') return;
  if ((await findDataSource(tx, project_id, metric.source)) !== undefined) return;
  throw validationFailed([{ path: 'metric.source', message: `is no data source of the project: ${metric.source}` }]);
}

function unknown({ safeguard, environment }: SafeguardPlace): ApiError {
  return notFound(`safeguard "${safeguard}" in ${environment}`);
}
