import type { FastifyBaseLogger } from 'fastify';
import { Book } from '../store/book.ts';
import { inSnapshot } from '../store/snapshot.ts';
import type { Database } from '../store/tables.ts';
import type { Vault } from '../vault/vault.ts';
import type { Mapping } from './adapter.ts';
import type { Vendor } from './episode.ts';
import { compileMapping } from './mapping.ts';
import { readSources, type SourceWithProject } from './repository.ts';
import { type Allowance, type SignalSource, secretPurpose } from './source.ts';

/** A source with what its messages are verified by, opened. */
export interface KnownSource extends SignalSource {
  readonly secret: string | undefined;
  /** Believed, too, until `previousUntilMs`. */
  readonly previousSecret: string | undefined;
  readonly previousUntilMs: number;
  readonly compiledMapping: Mapping | undefined;
}

export interface SourceBookDependencies {
  readonly database: Database;
  readonly vault: Vault;
  readonly log: Pick<FastifyBaseLogger, 'error'>;
}

/**
 * All sources in memory, so that an authentic signal is taken while the database is down. Read whole after every commit
 * that counts on `signal-sources`, of this server or another one.
 */
export class SourceBook extends Book {
  readonly #dependencies: SourceBookDependencies;
  #sources: ReadonlyMap<string, KnownSource> = new Map();

  constructor(dependencies: SourceBookDependencies) {
    super(dependencies.log, 'the sources of signals');
    this.#dependencies = dependencies;
  }

  get(key: string): KnownSource | undefined {
    return this.#sources.get(key);
  }

  protected override async load(): Promise<number> {
    const { rows, count } = await inSnapshot(this.#dependencies.database, readSources);
    this.#sources = new Map(rows.map((row) => [row.key, this.#open(row)]));
    return count;
  }

  #open(row: SourceWithProject): KnownSource {
    const { id, key, mapping } = row;
    return {
      ...toSource(row),
      secret: this.#openSecret(row, row.secret),
      previousSecret: this.#openSecret(row, row.previous_secret),
      previousUntilMs: row.previous_until ?? 0,
      compiledMapping: mapping === null ? undefined : this.#compile(key, id, mapping),
    };
  }

  /** One that cannot be opened proves nothing: its messages are refused rather than believed. */
  #openSecret({ id, key }: SourceWithProject, sealed: string | null): string | undefined {
    if (sealed === null) return undefined;
    try {
      return this.#dependencies.vault.open(secretPurpose(id), sealed);
    } catch (error) {
      this.#dependencies.log.error({ err: error, source: key }, 'the secret of a source of signals cannot be opened');
      return undefined;
    }
  }

  /** One that another version wrote and this one does not take fails with each message, and keeps no other source out. */
  #compile(key: string, id: string, expression: string): Mapping {
    try {
      return compileMapping(expression);
    } catch (error) {
      this.#dependencies.log.error({ err: error, source: key, id }, 'the mapping of a source cannot be read');
      return () => {
        throw error;
      };
    }
  }
}

export function toSource(row: SourceWithProject): SignalSource {
  const { id, key, name, vendor, project, allow, mode, topics, mapping } = row;
  return {
    id,
    key,
    name,
    vendor: vendor as Vendor,
    ...(project === null ? {} : { project }),
    allow: JSON.parse(allow) as Allowance,
    mode: mode as SignalSource['mode'],
    topics: JSON.parse(topics) as string[],
    ...(mapping === null ? {} : { mapping }),
  };
}

/** What holds at a moment, newest first. */
export function secretsOf({ secret, previousSecret, previousUntilMs }: KnownSource, nowMs: number): string[] {
  return [secret, previousUntilMs > nowMs ? previousSecret : undefined].filter((text) => text !== undefined);
}
