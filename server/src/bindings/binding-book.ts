import type { FastifyBaseLogger } from 'fastify';
import type { SignalSource } from '../signals/source.ts';
import { Book } from '../store/book.ts';
import { inSnapshot } from '../store/snapshot.ts';
import type { Database } from '../store/tables.ts';
import { type KnownBinding, toKnownBinding } from './binding.ts';
import type { FlagNames } from './decision.ts';
import { type BookRows, readBook } from './repository.ts';

interface Page {
  readonly bySource: ReadonlyMap<string, readonly KnownBinding[]>;
  readonly byId: ReadonlyMap<string, KnownBinding>;
  /** Flag keys by project and tag, tags by project and flag, present keys by project and former key: all as JSON names. */
  readonly tagged: ReadonlyMap<string, readonly string[]>;
  readonly tags: ReadonlyMap<string, ReadonlySet<string>>;
  readonly renamed: ReadonlyMap<string, string>;
}

const NO_TAGS: ReadonlySet<string> = new Set();
const EMPTY: Page = { bySource: new Map(), byId: new Map(), tagged: new Map(), tags: new Map(), renamed: new Map() };

/** All bindings, and of flags what bindings name them by, in memory: what acts needs no database. */
export class BindingBook extends Book implements FlagNames {
  readonly #database: Database;
  readonly #log: Pick<FastifyBaseLogger, 'error'>;
  #page = EMPTY;

  constructor(database: Database, log: Pick<FastifyBaseLogger, 'error'>) {
    super(log, 'bindings');
    this.#database = database;
    this.#log = log;
  }

  get(id: string): KnownBinding | undefined {
    return this.#page.byId.get(id);
  }

  /** Those that look at a source's alerts. What a project's own source says is no other project's business. */
  of({ key, project }: Pick<SignalSource, 'key' | 'project'>): readonly KnownBinding[] {
    const bindings = this.#page.bySource.get(key) ?? [];
    return project === undefined ? bindings : bindings.filter((binding) => binding.project === project);
  }

  presentKey(project: string, key: string): string {
    return this.#page.renamed.get(nameOf(project, key)) ?? key;
  }

  tagged(project: string, tag: string): readonly string[] {
    return this.#page.tagged.get(nameOf(project, tag)) ?? [];
  }

  readonly tagsOf = (project: string, flag: string): ReadonlySet<string> =>
    this.#page.tags.get(nameOf(project, flag)) ?? NO_TAGS;

  protected override async load(): Promise<number> {
    const rows = await inSnapshot(this.#database, readBook);
    this.#page = toPage(rows, this.#log);
    return rows.count;
  }
}

function toPage({ bindings, tagged: flags, renamed }: BookRows, log: Pick<FastifyBaseLogger, 'error'>): Page {
  const byId = new Map<string, KnownBinding>();
  const bySource = new Map<string, KnownBinding[]>();
  for (const { project, ...row } of bindings) {
    try {
      const binding = toKnownBinding(row, project);
      byId.set(binding.id, binding);
      push(bySource, binding.terms.source, binding);
    } catch (error) {
      // One that a newer version wrote must not take the others' place.
      log.error({ err: error, binding: row.key, project }, 'a binding cannot be read, and does not act');
    }
  }
  const tagged = new Map<string, string[]>();
  const tags = new Map<string, Set<string>>();
  for (const { project, key, tags: json } of flags) {
    const own = new Set(JSON.parse(json) as string[]);
    tags.set(nameOf(project, key), own);
    for (const tag of own) push(tagged, nameOf(project, tag), key);
  }
  const present = renamed.map(({ project, former, key }) => [nameOf(project, former), key] as const);
  return { bySource, byId, tagged, tags, renamed: new Map(present) };
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

function nameOf(project: string, name: string): string {
  return JSON.stringify([project, name]);
}
