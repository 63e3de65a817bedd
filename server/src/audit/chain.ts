import type { Database, DatabaseTransaction } from '../store/tables.ts';
import { hashEvent, type NewEvent } from './event.ts';
import {
  type ChainEnd,
  type ChainedEventRow,
  findUnchainedEvents,
  insertAuditEvents,
  lockChain,
  moveChain,
  placeAuditEvents,
} from './repository.ts';

/** What the first event of a chain is hashed with. */
export const GENESIS = '0'.repeat(64);

/** The chain of what belongs to no project. */
export const INSTALLATION_CHAIN = 'installation';
const PROJECT = 'project:';

/** Events placed in one transaction at most, when those of older servers are. */
const BATCH = 500;

/**
 * The chain that an event belongs to. Each project has its own: changes of a project wait for each other anyhow, so
 * that chaining keeps nobody waiting who did not wait before.
 */
export function chainOf({ project }: { readonly project: string | null }): string {
  return project === null ? INSTALLATION_CHAIN : `${PROJECT}${project}`;
}

/** The key of a chain's project. */
export function projectOf(chain: string): string {
  return chain.slice(PROJECT.length);
}

/**
 * Writes events at the ends of their chains. Each chain is locked until the transaction ends, so this comes last in it;
 * chains are locked in one order everywhere.
 */
export async function appendEvents(tx: DatabaseTransaction, events: readonly NewEvent[]): Promise<void> {
  for (const [chain, added] of byChain(events)) {
    await extend(tx, chain, async (end) => {
      const rows = place(added, chain, end);
      await insertAuditEvents(tx, rows);
      return rows;
    });
  }
}

/** Keeps others from appending to the chains of events until the transaction ends: what is read then stays so. */
export async function lockChainsOf(tx: DatabaseTransaction, events: readonly NewEvent[]): Promise<void> {
  for (const [chain] of byChain(events)) await lockChain(tx, chain, GENESIS);
}

/** Locks a chain, and moves its end to the last event that `add` put behind it. */
async function extend(
  tx: DatabaseTransaction,
  chain: string,
  add: (end: ChainEnd) => Promise<readonly ChainedEventRow[]>,
): Promise<void> {
  const last = (await add(await lockChain(tx, chain, GENESIS))).at(-1);
  if (last !== undefined) await moveChain(tx, chain, last);
}

function place(events: readonly NewEvent[], chain: string, end: ChainEnd): ChainedEventRow[] {
  let { seq, hash } = end;
  return events.map((event) => {
    const placed = { ...event, chain, seq: ++seq };
    hash = hashEvent(hash, placed);
    return { ...placed, hash };
  });
}

/**
 * Chains events that are in the database without a place: those from before there were chains, as they are now, and
 * those that servers of the version before write meanwhile. @returns how many there were
 */
export async function chainOldEvents(database: Database): Promise<number> {
  for (let count = 0; ; ) {
    const placed = await database.transaction().execute((tx) => chainSome(tx));
    count += placed;
    if (placed < BATCH) return count;
  }
}

async function chainSome(tx: DatabaseTransaction): Promise<number> {
  const seen = await findUnchainedEvents(tx, BATCH);
  for (const [chain, events] of byChain(seen)) {
    await extend(tx, chain, async (end) => {
      // Read again: another server may have placed some while this one waited for the chain.
      const ids = events.map(({ id }) => id);
      const rows = place(await findUnchainedEvents(tx, BATCH, ids), chain, end);
      await placeAuditEvents(tx, rows);
      return rows;
    });
  }
  return seen.length;
}

function byChain<Event extends { readonly project: string | null }>(events: readonly Event[]): [string, Event[]][] {
  const chains = new Map<string, Event[]>();
  for (const event of events) {
    const known = chains.get(chainOf(event));
    if (known === undefined) chains.set(chainOf(event), [event]);
    else known.push(event);
  }
  return [...chains].sort(([a], [b]) => (a < b ? -1 : 1));
}
