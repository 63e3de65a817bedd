import type { FastifyBaseLogger } from 'fastify';
import type { Watched } from '../measurements/running-counts.ts';
import { Book } from '../store/book.ts';
import { inSnapshot } from '../store/snapshot.ts';
import type { DataSourceRow } from '../store/tables/safeguards.ts';
import type { Database } from '../store/tables.ts';
import { readSafeguards, type SafeguardRows } from './repository.ts';
import { definitionOf, type PolledSafeguard, type Safeguard } from './safeguard.ts';

/** What was read at one moment. */
interface Page {
  readonly all: ReadonlyMap<string, Safeguard>;
  /** Those that are on, by id of the environment. */
  readonly byEnvironment: ReadonlyMap<string, EnvironmentSafeguards>;
  /** Those that are on and read Prometheus. */
  readonly polled: readonly PolledSafeguard[];
  /** By keys of project and source. */
  readonly sources: ReadonlyMap<string, DataSourceRow>;
}

interface EnvironmentSafeguards {
  /** By key of the flag: of its own, or by its tags. */
  readonly byFlag: ReadonlyMap<string, readonly Safeguard[]>;
  /** For whatever is measured. */
  readonly ofMeasured: readonly Safeguard[];
}

/**
 * The safeguards of all environments, in memory: judging needs no database. Read whole after every commit that counts on
 * `safeguards`, of this server or another one, and now and then where tags decide.
 */
export class SafeguardBook extends Book {
  readonly #database: Database;
  #page: Page = { all: new Map(), byEnvironment: new Map(), polled: [], sources: new Map() };
  #hasTags = false;
  #onChange: () => void = () => {};

  constructor(database: Database, log: FastifyBaseLogger) {
    super(log, 'safeguards');
    this.#database = database;
  }

  /** Whether some follow flags' tags, which change without a word to this book. */
  get hasTags(): boolean {
    return this.#hasTags;
  }

  onChange(listener: () => void): void {
    this.#onChange = listener;
  }

  find(id: string): Safeguard | undefined {
    return this.#page.all.get(id);
  }

  /** Those that are on and read Prometheus: their flags need not be measured. */
  get polled(): readonly PolledSafeguard[] {
    return this.#page.polled;
  }

  /** Where a project's safeguards may read numbers. */
  findSource(project: string, key: string): DataSourceRow | undefined {
    return this.#page.sources.get(`${project} ${key}`);
  }

  /** Those that are on and watch what is measured of a flag. */
  of(environmentId: string, flag: string): readonly Safeguard[] {
    const here = this.#page.byEnvironment.get(environmentId);
    if (here === undefined) return [];
    return [...(here.byFlag.get(flag) ?? []), ...here.ofMeasured];
  }

  /** Whether a safeguard that is on watches a flag. */
  watches(safeguard: Safeguard, flag: string): boolean {
    const all = [...this.of(safeguard.environmentId, flag), ...this.polled.filter(({ watch }) => watch.flag === flag)];
    return all.some(({ id }) => id === safeguard.id);
  }

  /** The keys of the flags that a safeguard names, itself or by a tag. */
  flagsOf({ id, environmentId }: Safeguard): string[] {
    const { byFlag } = this.#page.byEnvironment.get(environmentId) ?? { byFlag: new Map<string, Safeguard[]>() };
    return [...byFlag].flatMap(([flag, safeguards]) => (safeguards.some((one) => one.id === id) ? [flag] : []));
  }

  /** What is to be counted, by id of the environment. */
  watched(): Map<string, Watched> {
    const watched = new Map<string, Watched>();
    for (const [environmentId, { byFlag, ofMeasured }] of this.#page.byEnvironment) {
      const select = (isMeant: (safeguard: Safeguard) => boolean) =>
        ofMeasured.some(isMeant)
          ? 'all'
          : new Set([...byFlag].flatMap(([flag, safeguards]) => (safeguards.some(isMeant) ? [flag] : [])));
      watched.set(environmentId, {
        flags: ofMeasured.length > 0 ? 'all' : new Set(byFlag.keys()),
        timed: select(isTimed),
        sampled: select(({ metric }) => metric.kind === 'exposures'),
      });
    }
    return watched;
  }

  protected override async load(): Promise<number> {
    const rows = await inSnapshot(this.#database, readSafeguards);
    this.#page = toPage(rows);
    this.#hasTags = rows.safeguards.some(({ definition }) => 'tag' in definitionOf({ definition }).watch);
    this.#onChange();
    return rows.count;
  }
}

function isPolled(safeguard: Safeguard): safeguard is PolledSafeguard {
  return safeguard.metric.kind === 'prometheus' && 'flag' in safeguard.watch;
}

function isTimed({ metric }: Safeguard): boolean {
  return metric.kind === 'latency' || metric.kind === 'values';
}

function toPage({ safeguards: rows, tagged, sources }: SafeguardRows): Page {
  const all = new Map<string, Safeguard>();
  const polled: PolledSafeguard[] = [];
  const byEnvironment = new Map<string, { byFlag: Map<string, Safeguard[]>; ofMeasured: Safeguard[] }>();
  for (const row of rows) {
    const { id, environment_id: environmentId, project, environment, version } = row;
    const safeguard: Safeguard = { ...definitionOf(row), id, environmentId, project, environment, version };
    all.set(id, safeguard);
    if (!safeguard.enabled) continue;
    if (isPolled(safeguard)) {
      polled.push(safeguard);
      continue;
    }
    const here = byEnvironment.get(environmentId) ?? { byFlag: new Map<string, Safeguard[]>(), ofMeasured: [] };
    byEnvironment.set(environmentId, here);
    const { watch } = safeguard;
    if ('measured' in watch) here.ofMeasured.push(safeguard);
    const flags = 'flag' in watch ? [watch.flag] : [];
    if ('tag' in watch) {
      for (const { project_id, key, tags } of tagged) {
        if (project_id === row.project_id && (JSON.parse(tags) as string[]).includes(watch.tag)) flags.push(key);
      }
    }
    for (const flag of flags) here.byFlag.set(flag, [...(here.byFlag.get(flag) ?? []), safeguard]);
  }
  const byKey = new Map(sources.map((source) => [`${source.project} ${source.key}`, source]));
  return { all, byEnvironment, polled, sources: byKey };
}
