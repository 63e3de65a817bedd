import { type Item, type ItemName, type Kill, outranks, type Revision } from '@bunting/core';

/** What led from revision `from` of an environment to `revision`: one commit, or several merged into one. */
export interface CommittedChange {
  readonly environmentId: string;
  /** Number of the revision before, of the same incarnation. */
  readonly from: number;
  readonly revision: Revision;
  readonly committedAtMs: number;
  /** When the commit was done, by `performance.now()`: what receipts are measured from. */
  readonly committedTickMs: number;
  readonly puts: readonly Item[];
  readonly deletes: readonly ItemName[];
  /** The commits that were merged, oldest first; absent when it is one. */
  readonly steps?: readonly RecentChange[];
}

/** Which environment a ruleset belongs to, by ids and by keys. */
export interface EnvironmentName {
  readonly environmentId: string;
  readonly project: string;
  readonly environment: string;
}

export interface LiveRulesetState extends EnvironmentName {
  readonly revision: Revision;
  readonly committedAtMs: number;
  readonly items: readonly Item[];
  /** The latest changes, oldest first; the last one led to `revision`. */
  readonly recent: readonly RecentChange[];
  /** The latest kill or re-arm of each flag that has one. */
  readonly kills: readonly Kill[];
}

/** What resuming needs to know of a change: the documents themselves are in the ruleset. */
export interface RecentChange {
  readonly number: number;
  readonly hash: string;
  readonly names: readonly ItemName[];
}

/** What leads from a revision to the current one. */
export interface Difference {
  readonly puts: Item[];
  readonly deletes: ItemName[];
}

/**
 * An SDK that is further behind than this many changes gets a snapshot. Each costs some 150 bytes of memory for every
 * item that it touched.
 */
export const MAX_RECENT_CHANGES = 5_000;

/** And so does one from which these many items, counted at each change, were touched. */
const MAX_RECENT_NAMES = 100_000;

/**
 * What one environment serves, in memory: the stream reads only this, so it goes on when the database is lost.
 * Changed by `Rulesets` alone, after a commit.
 */
export class LiveRuleset implements EnvironmentName {
  readonly environmentId: string;
  readonly project: string;
  readonly environment: string;
  #revision: Revision;
  #committedAtMs: number;
  #items = new Map<string, Item>();
  #bytes = 0;
  #recent: RecentChange[] = [];
  /** Of all recent changes together. */
  #recentNames = 0;
  /** By flag key. */
  readonly #kills = new Map<string, Kill>();

  constructor(state: LiveRulesetState) {
    this.environmentId = state.environmentId;
    this.project = state.project;
    this.environment = state.environment;
    this.#revision = state.revision;
    this.#committedAtMs = state.committedAtMs;
    for (const item of state.items) this.#put(item);
    this.#begin(state);
    for (const kill of state.kills) this.applyKill(kill);
  }

  get revision(): Revision {
    return this.#revision;
  }

  get committedAtMs(): number {
    return this.#committedAtMs;
  }

  get size(): number {
    return this.#items.size;
  }

  /** What the documents of all items take, as they travel. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The latest kill or re-arm of each flag that has one. They stand outside the revisions. */
  get kills(): Kill[] {
    return [...this.#kills.values()];
  }

  items(): Item[] {
    return [...this.#items.values()];
  }

  item(kind: Item['kind'], key: string): Item | undefined {
    return this.#items.get(nameOf({ kind, key }));
  }

  /** Takes `state` in place of all that is here; kills that are known already stay. */
  reset(state: LiveRulesetState): void {
    this.#revision = state.revision;
    this.#committedAtMs = state.committedAtMs;
    this.#items = new Map();
    this.#bytes = 0;
    for (const item of state.items) this.#put(item);
    this.#begin(state);
    for (const kill of state.kills) this.applyKill(kill);
  }

  apply(change: CommittedChange): void {
    const { revision, puts, deletes } = change;
    if (revision.incarnation !== this.#revision.incarnation || change.from !== this.#revision.number) {
      throw new Error(
        `a change from revision ${change.from} to ${revision.number} cannot follow ${this.#revision.number} of ${this.environmentId}`,
      );
    }
    for (const item of puts) this.#put(item);
    for (const name of deletes) this.#drop(name);
    this.#revision = revision;
    this.#committedAtMs = change.committedAtMs;
    const { number, hash } = revision;
    const steps = change.steps ?? [{ number, hash, names: [...puts, ...deletes].map(bareName) }];
    for (const step of steps) this.#remember(step);
  }

  /** Number of a revision since which an item is what it is: the one that changed it, or the oldest one known here. */
  lastChangeOf(name: ItemName): number {
    const id = nameOf(name);
    const change = this.#recent.findLast(({ names }) => names.some((touched) => nameOf(touched) === id));
    return change?.number ?? this.#recent[0]?.number ?? this.#revision.number;
  }

  #put(item: Item): void {
    this.#drop(item);
    this.#items.set(nameOf(item), item);
    this.#bytes += Buffer.byteLength(item.json);
  }

  #drop(name: ItemName): void {
    const item = this.#items.get(nameOf(name));
    if (item === undefined) return;
    this.#items.delete(nameOf(name));
    this.#bytes -= Buffer.byteLength(item.json);
  }

  /** Where nothing is known of what led to a state, the state itself is what changes start from. */
  #begin({ recent, revision: { number, hash } }: LiveRulesetState): void {
    this.#recent = [];
    this.#recentNames = 0;
    if (recent.length === 0) this.#remember({ number, hash, names: [] });
    for (const change of recent) this.#remember(change);
  }

  #remember(change: RecentChange): void {
    this.#recent.push(change);
    this.#recentNames += change.names.length;
    // The latest stays, however large, and so does the revision before it: most SDKs have it.
    while (
      this.#recent.length > MAX_RECENT_CHANGES ||
      (this.#recentNames > MAX_RECENT_NAMES && this.#recent.length > 2)
    ) {
      this.#forgetOldest();
    }
  }

  /** Of what is the oldest then, nobody needs the names: it is only started from. */
  #forgetOldest(): void {
    const [oldest, next] = this.#recent;
    this.#recentNames -= (oldest?.names.length ?? 0) + (next?.names.length ?? 0);
    this.#recent.shift();
    if (next !== undefined) this.#recent[0] = { ...next, names: [] };
  }

  /** @returns false when the same or a later one of the flag is known already */
  applyKill({ flag, epoch, engaged }: Kill): boolean {
    const kill = { flag, epoch, engaged };
    if (!outranks(kill, this.#kills.get(flag))) return false;
    this.#kills.set(flag, kill);
    return true;
  }

  /**
   * What leads from `have` to the current revision, each item once; undefined when that is not known: another
   * incarnation, another content under the same number, or too long ago. Then only a snapshot helps.
   */
  differenceSince(have: Revision): Difference | undefined {
    const { incarnation, number, hash } = this.#revision;
    if (have.incarnation !== incarnation || have.number > number) return undefined;
    if (have.number === number) return have.hash === hash ? { puts: [], deletes: [] } : undefined;
    const from = this.#recent.findLastIndex((change) => change.number === have.number);
    if (from < 0 || this.#recent[from]?.hash !== have.hash) return undefined;
    const touched = new Map<string, ItemName>();
    for (const change of this.#recent.slice(from + 1)) {
      for (const name of change.names) touched.set(nameOf(name), name);
    }
    const puts: Item[] = [];
    const deletes: ItemName[] = [];
    for (const [id, name] of touched) {
      const item = this.#items.get(id);
      if (item === undefined) deletes.push(name);
      else puts.push(item);
    }
    return { puts, deletes };
  }
}

/** Kinds and keys hold no spaces. */
function nameOf({ kind, key }: ItemName): string {
  return `${kind} ${key}`;
}

function bareName({ kind, key }: ItemName): ItemName {
  return { kind, key };
}
