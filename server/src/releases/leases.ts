import { type RawBuilder, sql } from 'kysely';
import { ApiError } from '../http/api-error.ts';
import { POSTGRES_CLOCK } from '../rulesets/repository.ts';
import { notify } from '../store/note.ts';
import type { Store } from '../store/store.ts';
import type { Querier } from '../store/tables.ts';
import type { OutsideFacts } from './facts.ts';

/** For how long a server holds a release that it does not renew. Nobody watches it after that. */
const LEASE_MS = 4_000;

interface Held {
  readonly fence: number;
  /** By this process's steady clock, from before it was asked for: never later than the database has it. */
  readonly untilMs: number;
}

/**
 * Which releases this server holds: it alone does what they need done outside the database. By the database's clock, so
 * that servers whose clocks differ agree; a server that was stopped for a while finds its leases over when it goes on.
 */
export class ReleaseLeases {
  readonly #store: Store;
  /** Of this process. */
  readonly #holder: string;
  readonly #held = new Map<string, Held>();

  constructor(store: Store, holder: string) {
    this.#store = store;
    this.#holder = holder;
  }

  /**
   * Takes what nobody holds, and renews what is held already.
   * @param isForced also from who holds it, whose fence is refused from then on
   */
  async claim(ids: readonly string[], isForced = false): Promise<void> {
    const sinceMs = performance.now();
    if (ids.length === 0) return;
    const rows = await this.#take(ids, isForced);
    for (const id of ids) {
      const row = rows.find(({ release_id }) => release_id === id);
      if (row === undefined) this.#held.delete(id);
      else this.#held.set(id, { fence: Number(row.fence), untilMs: sinceMs + LEASE_MS });
    }
  }

  /** The fence of a release that is held for so long at least; undefined: it is not. */
  fenceOf(id: string, forMs = 0): number | undefined {
    const held = this.#held.get(id);
    return held !== undefined && held.untilMs - performance.now() > forMs ? held.fence : undefined;
  }

  /**
   * Throws unless someone holds the release: what is decided otherwise would count time in which nobody looked.
   * @param fence of this server, where the decision rests on what it saw outside
   * @throws {ApiError} `conflict`
   */
  async requireHeld(db: Querier, id: string, fence?: number): Promise<void> {
    const row = await db
      .selectFrom('release_leases')
      .select(['holder', 'fence'])
      .where('release_id', '=', id)
      .where('until', '>=', this.#clock)
      .executeTakeFirst();
    const isOurs = row?.holder === this.#holder && Number(row.fence) === fence;
    if (row !== undefined && (fence === undefined || isOurs)) return;
    throw new ApiError('conflict', 'Another server looks after the release now.');
  }

  /** Asks whoever holds a release to look at it now. On SQLite there is nobody else; where notifications get lost, it waits. */
  async callHolder(id: string): Promise<void> {
    const { engine, database } = this.#store;
    if (engine === 'postgres') await notify(database, { release: id });
  }

  /** Tells the other servers what is seen outside. */
  async tell(id: string, seen: OutsideFacts): Promise<void> {
    await this.#store.database
      .updateTable('release_leases')
      .set({ seen: JSON.stringify(seen) })
      .where('release_id', '=', id)
      .where('holder', '=', this.#holder)
      .execute();
  }

  /** Lets everything go, so that others need not wait; until when it was held stays known. */
  async close(): Promise<void> {
    this.#held.clear();
    await this.#store.database
      .updateTable('release_leases')
      .set({ holder: NOBODY })
      .where('holder', '=', this.#holder)
      .execute();
  }

  async #take(
    ids: readonly string[],
    isForced: boolean,
  ): Promise<readonly { readonly release_id: string; readonly fence: number }[]> {
    const now = this.#clock;
    const highest = greatest(this.#store.engine);
    // Above every fence there was, also those of a database that this one is a restored copy of: hence the clock's seconds.
    const fence = sql`${highest}(coalesce((select max(fence) from release_leases), 0) + 1, ${now} / 1000)`;
    const { rows } = await sql<{ release_id: string; fence: number }>`
      insert into release_leases (release_id, holder, fence, until)
      select id, ${this.#holder}, ${fence}, ${now} + ${sql.lit(LEASE_MS)} from releases
      where id in (${sql.join(ids)}) order by id
      on conflict (release_id) do update set
        fence = case when release_leases.holder = excluded.holder then release_leases.fence
          -- What another server took meanwhile is not in what was selected.
          else ${highest}(excluded.fence, release_leases.fence + 1) end,
        unwatched = release_leases.unwatched + case
          when release_leases.until > 0 and release_leases.until < ${now}
          then ${now} - release_leases.until + ${sql.lit(LEASE_MS)} else 0 end,
        holder = excluded.holder,
        until = excluded.until
      where release_leases.holder in (excluded.holder, ${sql.lit(NOBODY)}) or release_leases.until < ${now}
        ${isForced ? sql`or true` : sql``}
      returning release_id, fence`.execute(this.#store.database);
    return rows;
  }

  get #clock(): RawBuilder<number> {
    return this.#store.engine === 'postgres' ? sql<number>`(${POSTGRES_CLOCK})` : SQLITE_CLOCK;
  }
}

const SQLITE_CLOCK = sql<number>`cast(unixepoch('now', 'subsec') * 1000 as integer)`;
/** Who holds what was let go. */
const NOBODY = '';

function greatest(engine: Store['engine']): RawBuilder<unknown> {
  return sql.raw(engine === 'postgres' ? 'greatest' : 'max');
}

/** What the holder of a release saw last, whoever that is. */
export async function findSeen(db: Querier, id: string): Promise<OutsideFacts | undefined> {
  const row = await db.selectFrom('release_leases').select('seen').where('release_id', '=', id).executeTakeFirst();
  return row === undefined || row.seen === null ? undefined : (JSON.parse(row.seen) as OutsideFacts);
}

/** For how long nobody held a release, in all, in milliseconds; undefined: nobody ever has. */
export async function findUnwatched(db: Querier, id: string): Promise<number | undefined> {
  const row = await db.selectFrom('release_leases').select('unwatched').where('release_id', '=', id).executeTakeFirst();
  return row && Number(row.unwatched);
}
