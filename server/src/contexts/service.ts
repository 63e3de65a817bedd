import type { Static } from '@sinclair/typebox';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import type { Environments } from '../environments/service.ts';
import { notFound } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { DEFAULT_LIMIT, type Page, type PageRequest, readCursor, toPage } from '../http/page.ts';
import { fromBit } from '../store/booleans.ts';
import type { ContextSampleRow } from '../store/tables/contexts.ts';
import type { Database } from '../store/tables.ts';
import type { KnownSettings } from './known-settings.ts';
import { deleteContext, findAttributes, findContext, findContexts } from './repository.ts';
import type { AttributeSchema, ContextSchema, ContextsQuery, ErasureSchema } from './schemas.ts';
import type { ContextSource } from './sink.ts';
import type { Keep } from './store-contexts.ts';
import { subjectOf } from './subject.ts';

type Context = Static<typeof ContextSchema>;
type Attribute = Static<typeof AttributeSchema>;

export interface ContextsDependencies {
  readonly database: Database;
  readonly changes: Changes;
  readonly environments: Environments;
  readonly settings: KnownSettings;
  readonly keep: Keep;
  readonly now: () => number;
}

/** What was seen of contexts in an environment. */
export class Contexts {
  readonly #dependencies: ContextsDependencies;

  constructor(dependencies: ContextsDependencies) {
    this.#dependencies = dependencies;
  }

  async attributes(
    project: string,
    environment: string,
    { cursor, limit = DEFAULT_LIMIT, search }: PageRequest & { search?: string },
  ): Promise<Page<Attribute>> {
    const { database, environments } = this.#dependencies;
    const { id: environmentId } = (await environments.find(project, environment)).environment;
    const [path, type, source] = readCursor(cursor, ['string', 'string', 'string']) ?? [];
    const after = path === undefined || type === undefined || source === undefined ? undefined : { path, type, source };
    const rows = await findAttributes(database, { environmentId, search, after, limit: limit + 1 });
    const page = toPage(rows, limit, (row) => [row.path, row.type, row.source]);
    const items = page.items.map((row) => ({
      path: row.path,
      type: row.type,
      source: row.source as ContextSource,
      firstSeenAt: toTimestamp(row.first_seen),
      lastSeenAt: toTimestamp(row.last_seen),
    }));
    return { ...page, items };
  }

  async list(
    project: string,
    environment: string,
    { cursor, limit = DEFAULT_LIMIT, search, source }: Static<typeof ContextsQuery>,
  ): Promise<Page<Context>> {
    const { database, environments } = this.#dependencies;
    const { id: environmentId } = (await environments.find(project, environment)).environment;
    const [lastSeenMs, subject] = readCursor(cursor, ['number', 'string']) ?? [];
    const after = lastSeenMs === undefined || subject === undefined ? undefined : { lastSeenMs, subject };
    const query = { environmentId, sinceMs: this.#sinceMs, search, source, after, limit: limit + 1 };
    const page = toPage(await findContexts(database, query), limit, (row) => [row.last_seen, row.subject]);
    return { ...page, items: page.items.map(toContext) };
  }

  async get(project: string, environment: string, subject: string): Promise<Context> {
    const { database, environments } = this.#dependencies;
    const place = await environments.find(project, environment);
    const row = await findContext(database, place.environment.id, subject);
    if (row === undefined || row.last_seen < this.#sinceMs) throw noContext(subject, environment);
    return toContext(row);
  }

  /** @throws {ApiError} `not_found` when nothing is stored of the subject */
  async erase(caller: Caller, project: string, environment: string, subject: string): Promise<void> {
    const { environments } = this.#dependencies;
    const { id } = (await environments.find(project, environment)).environment;
    if (!(await this.#erase(caller, { project, environment, id }, subject))) throw noContext(subject, environment);
  }

  /** The key is known only to who asks: it is in no address, and in no log. */
  async eraseKey(
    caller: Caller,
    project: string,
    environment: string,
    targetingKey: string,
  ): Promise<Static<typeof ErasureSchema>> {
    const { environments, settings } = this.#dependencies;
    const { id } = (await environments.find(project, environment)).environment;
    const subject = subjectOf(settings.of({ environmentId: id, project }).salt, { targetingKey });
    return { erased: await this.#erase(caller, { project, environment, id }, subject) };
  }

  /** Counts on, stored or not: what still waits in some server's memory to be stored is let go by that. */
  async #erase(
    caller: Caller,
    { project, environment, id }: { readonly project: string; readonly environment: string; readonly id: string },
    subject: string,
  ): Promise<boolean> {
    const { changes } = this.#dependencies;
    const { result } = await changes.commit(caller, async (draft) => {
      await draft.count('context-settings');
      const isGone = await deleteContext(draft.tx, id, subject);
      const target = { kind: 'context', key: subject };
      if (isGone) await draft.audit({ action: 'context.erased', project, environment, target });
      return isGone;
    });
    return result;
  }

  get #sinceMs(): number {
    const { now, keep } = this.#dependencies;
    return now() - keep.forMs;
  }
}

function noContext(subject: string, environment: string) {
  return notFound(`sampled context of subject "${subject}" in environment "${environment}"`);
}

function toContext(row: ContextSampleRow): Context {
  return {
    subject: row.subject,
    source: row.source as ContextSource,
    context: JSON.parse(row.context) as Context['context'],
    cut: fromBit(row.is_cut),
    count: row.count,
    firstSeenAt: toTimestamp(row.first_seen),
    lastSeenAt: toTimestamp(row.last_seen),
  };
}
