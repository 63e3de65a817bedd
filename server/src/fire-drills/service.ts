import type { Static } from '@sinclair/typebox';
import type { FastifyBaseLogger } from 'fastify';
import { type Caller, SYSTEM } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import { ApiError, notFound, validationFailed } from '../http/api-error.ts';
import { DEFAULT_LIMIT, type Page, readCursor, toPage } from '../http/page.ts';
import type { EnvironmentKeys } from '../kills/kill-place.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import { lockEnvironment } from '../rulesets/repository.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import { problemOf } from '../schedules/window.ts';
import { newId } from '../store/new-id.ts';
import type { FireDrillRow, FireDrillRunRow } from '../store/tables/kills.ts';
import type { Database } from '../store/tables.ts';
import { type DrillDependencies, drill } from './drill.ts';
import {
  type FireDrill,
  type FireDrillRun,
  nextDueMs,
  type Result,
  type Settings,
  toFireDrill,
  toRun,
} from './fire-drill.ts';
import type { DrillMetrics } from './metrics.ts';
import { makeProps, removeProps } from './props.ts';
import {
  claimFireDrill,
  deleteFireDrill,
  endRun,
  findFireDrill,
  findFireDrills,
  findRuns,
  findUnended,
  insertRun,
  saveFireDrill,
} from './repository.ts';
import type { FireDrillRunQuery } from './schemas.ts';

export interface FireDrillsDependencies extends Omit<DrillDependencies, 'url'> {
  readonly database: Database;
  readonly changes: Changes;
  readonly rulesets: Rulesets;
  readonly metrics: DrillMetrics;
  readonly log: FastifyBaseLogger;
}

/** Any drill is over by then, or its server is gone, in milliseconds. */
const LONGEST_MS = 5 * 60_000;

/** Fire drills of environments: when they are held, holding them, and what they came to. */
export class FireDrills {
  readonly #dependencies: FireDrillsDependencies;
  /** Where this server listens; empty until it does. */
  #url = '';
  readonly #running = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  constructor(dependencies: FireDrillsDependencies) {
    this.#dependencies = dependencies;
  }

  /** @param url where this server is reached */
  listenAt(url: string): void {
    this.#url = url;
  }

  /** @throws {ApiError} `not_found` */
  async get(place: EnvironmentKeys): Promise<FireDrill> {
    return toFireDrill(await this.#require(this.#requireEnvironment(place)));
  }

  /** Says when drills are held, and makes what they need. @throws {ApiError} */
  async put(caller: Caller, place: EnvironmentKeys, settings: Settings): Promise<FireDrill> {
    const problem = settings.window && problemOf(settings.window);
    if (problem !== undefined) throw validationFailed([{ path: 'window', message: problem }]);
    const ruleset = this.#requireEnvironment(place);
    const { environmentId } = ruleset;
    await makeProps(this.#dependencies, ruleset);
    const { result } = await this.#dependencies.changes.commit(caller, async (draft) => {
      const before = await findFireDrill(draft.tx, environmentId);
      const row = {
        environment_id: environmentId,
        settings: JSON.stringify(settings),
        due_at: nextDueMs(settings, draft.atMs),
        updated_at: draft.atMs,
      };
      await saveFireDrill(draft.tx, row);
      await draft.audit({
        ...entryOf(ruleset, 'updated'),
        ...(before === undefined ? {} : { before: toFireDrill(before) }),
        after: toFireDrill(row),
      });
      return toFireDrill(row);
    });
    return result;
  }

  async remove(caller: Caller, place: EnvironmentKeys): Promise<void> {
    const ruleset = this.#requireEnvironment(place);
    await this.#dependencies.changes.commit(caller, async (draft) => {
      const before = await findFireDrill(draft.tx, ruleset.environmentId);
      if (before === undefined) return;
      await deleteFireDrill(draft.tx, ruleset.environmentId);
      await draft.audit({ ...entryOf(ruleset, 'deleted'), before: toFireDrill(before) });
    });
    await removeProps(this.#dependencies, ruleset);
  }

  /** Newest first. */
  async runs(
    place: EnvironmentKeys,
    { cursor, limit = DEFAULT_LIMIT }: Static<typeof FireDrillRunQuery>,
  ): Promise<Page<FireDrillRun>> {
    const [beforeId] = readCursor(cursor, ['string']) ?? [];
    const { environmentId } = this.#requireEnvironment(place);
    const rows = await findRuns(this.#dependencies.database, environmentId, { beforeId, limit: limit + 1 });
    const page = toPage(rows, limit, ({ id }) => [id]);
    return { ...page, items: page.items.map(toRun) };
  }

  /** Begins a drill; it goes on when this returns. @throws {ApiError} `not_found`; `conflict` while there is one */
  async start(caller: Caller, place: EnvironmentKeys): Promise<FireDrillRun> {
    const ruleset = this.#requireEnvironment(place);
    const { settings } = await this.#require(ruleset);
    return this.#start(caller, ruleset, JSON.parse(settings) as Settings);
  }

  /** Holds what is due. */
  async look(): Promise<void> {
    const { database, rulesets, metrics, now } = this.#dependencies;
    for (const row of await findFireDrills(database)) {
      const ruleset = rulesets.get(row.environment_id);
      if (ruleset === undefined) continue;
      const { project, environment } = ruleset;
      metrics.know({ project, environment });
      if (row.due_at !== null && row.due_at <= now()) await this.#holdDue(ruleset, row);
    }
  }

  async #holdDue(ruleset: LiveRuleset, row: FireDrillRow): Promise<void> {
    const { database, now, log } = this.#dependencies;
    const settings = JSON.parse(row.settings) as Settings;
    if (!(await claimFireDrill(database, row, nextDueMs(settings, now())))) return;
    await this.#start(SYSTEM, ruleset, settings).catch((error: unknown) =>
      log.warn({ err: error, environment: ruleset.environment }, 'a fire drill could not begin'),
    );
  }

  /** Ends the drills that this server holds: each re-arms its flag. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#running);
  }

  async #start({ actor }: Caller, ruleset: LiveRuleset, settings: Settings): Promise<FireDrillRun> {
    const { database, now } = this.#dependencies;
    const { environmentId } = ruleset;
    const nowMs = now();
    // Also of a server whose clock is ahead.
    const untilMs = nowMs + LONGEST_MS;
    const refuseSecond = (unended: FireDrillRunRow | undefined) => {
      if (unended === undefined || unended.started_at <= nowMs - LONGEST_MS) return;
      throw new ApiError('conflict', `A fire drill of ${ruleset.environment} is being held: wait until it is over.`);
    };
    const unended = await findUnended(database, environmentId, untilMs);
    refuseSecond(unended);
    if (unended !== undefined) await this.#end(ruleset, unended, ABANDONED);
    const row: FireDrillRunRow = {
      id: newId(nowMs),
      environment_id: environmentId,
      started_at: nowMs,
      started_by: JSON.stringify(actor),
      outcome: 'running',
      result: null,
    };
    await database.transaction().execute(async (tx) => {
      await lockEnvironment(tx, environmentId);
      refuseSecond(await findUnended(tx, environmentId, untilMs));
      await insertRun(tx, row);
    });
    const running = this.#hold(ruleset, row, settings.limitMs).finally(() => this.#running.delete(running));
    this.#running.add(running);
    return toRun(row);
  }

  async #hold(ruleset: LiveRuleset, row: FireDrillRunRow, limitMs: number): Promise<void> {
    const { signal } = this.#closing;
    const dependencies = { ...this.#dependencies, url: this.#url };
    const result = await drill(dependencies, ruleset, { runId: row.id, limitMs, signal });
    const { project, environment } = ruleset;
    this.#dependencies.metrics.note({ project, environment }, result);
    const level = result.outcome === 'passed' ? 'info' : 'error';
    this.#dependencies.log[level]({ project, environment, ...result }, 'a fire drill has ended');
    await this.#end(ruleset, row, result).catch((error: unknown) =>
      this.#dependencies.log.error(
        { err: error, project, environment },
        'what a fire drill came to could not be stored',
      ),
    );
  }

  async #end(ruleset: LiveRuleset, { id, started_by }: FireDrillRunRow, result: Result): Promise<void> {
    const { outcome, ...rest } = result;
    await this.#dependencies.changes.commit(SYSTEM, async (draft) => {
      if (!(await endRun(draft.tx, id, { outcome, result: JSON.stringify(rest) }))) return;
      await draft.audit({
        ...entryOf(ruleset, outcome),
        after: { run: id, ...rest, startedBy: JSON.parse(started_by) },
      });
    });
  }

  async #require({ environmentId, environment }: LiveRuleset) {
    const row = await findFireDrill(this.#dependencies.database, environmentId);
    if (row === undefined) throw notFound(`fire drill of environment "${environment}": make one by PUT`);
    return row;
  }

  #requireEnvironment({ project, environment }: EnvironmentKeys): LiveRuleset {
    const ruleset = this.#dependencies.rulesets.named(project, environment);
    if (ruleset === undefined) throw notFound(`environment "${environment}" in project "${project}"`);
    return ruleset;
  }
}

const ABANDONED: Result = {
  ...{ outcome: 'failed', reason: 'The server that held it ended before it was over.' },
  ...{ epoch: null, sentToLastMs: null, instances: null, confirmed: null },
};

function entryOf({ project, environment }: LiveRuleset, what: string) {
  return { action: `fire-drill.${what}`, project, environment, target: { kind: 'fire-drill', key: environment } };
}
