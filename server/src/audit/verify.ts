import type { Database } from '../store/tables.ts';
import { GENESIS } from './chain.ts';
import { hashEvent } from './event.ts';
import { digestOrigin, type SaltedOrigin } from './origin.ts';
import { type ChainEnd, type ChainedEventRow, findChainedEvents, findChains } from './repository.ts';

/** Something that is not as it was written. */
interface ChainProblem {
  /** Where in the chain. */
  readonly seq: number;
  /** Of the event there; absent when there is none. */
  readonly event?: string;
  readonly message: string;
}

export interface VerifiedChain {
  readonly chain: string;
  /** Events that were looked at. */
  readonly events: number;
  /** Where the chain ends, by the events themselves. */
  readonly end: ChainEnd;
  /** The first ones; none: every event follows from the one before it. */
  readonly problems: readonly ChainProblem[];
}

/** Problems told of one chain at most: after some the rest says little. */
const MAX_PROBLEMS = 20;

/** Events read at once: others have their turn in between. */
const BATCH = 500;

/**
 * Recomputes every chain from its beginning. That tells what was changed, dropped or put in between since, unless whoever
 * did it recomputed all hashes behind it: against that stand checkpoints, which are kept elsewhere.
 * @param onEvent is shown every event's place and hash, in the order of the chain
 */
export async function verifyChains(
  database: Database,
  onEvent: (chain: string, end: ChainEnd) => void = () => {},
): Promise<VerifiedChain[]> {
  const verified: VerifiedChain[] = [];
  // What is appended from here on is left out: its chain would be seen to end too early.
  for (const { chain, ...head } of await findChains(database)) {
    verified.push(await verifyChain(database, chain, head, (end) => onEvent(chain, end)));
  }
  return verified;
}

async function verifyChain(
  database: Database,
  chain: string,
  head: ChainEnd,
  onEvent: (end: ChainEnd) => void,
): Promise<VerifiedChain> {
  const problems: ChainProblem[] = [];
  const report = (problem: ChainProblem) => void (problems.length < MAX_PROBLEMS && problems.push(problem));
  let end: ChainEnd = { seq: 0, hash: GENESIS };
  let events = 0;
  while (end.seq < head.seq) {
    const rows = await findChainedEvents(database, chain, end.seq, BATCH);
    if (rows.length === 0) break;
    for (const row of rows) {
      if (row.seq > head.seq) break;
      checkEvent(row, end, report);
      end = { seq: row.seq, hash: row.hash };
      events += 1;
      onEvent(end);
    }
    if ((rows.at(-1)?.seq ?? 0) >= head.seq) break;
  }
  if (end.seq !== head.seq) {
    report({ seq: end.seq + 1, message: `the chain had ${head.seq} events; those from ${end.seq + 1} on are missing` });
  } else if (end.hash !== head.hash) {
    report({ seq: end.seq, message: 'the chain ended with another hash: its last events were replaced' });
  }
  return { chain, events, end, problems };
}

function checkEvent(row: ChainedEventRow, previous: ChainEnd, report: (problem: ChainProblem) => void): void {
  const { seq, id } = row;
  if (seq !== previous.seq + 1) {
    const message = seq === previous.seq + 2 ? 'is missing' : `to ${seq - 1} are missing`;
    report({ seq: previous.seq + 1, message });
  } else if (hashOrProblem(previous.hash, row) !== row.hash) {
    report({ seq, event: id, message: 'is not what was written: it, or its hash, was changed' });
  }
  if (!isOriginIntact(row)) report({ seq, event: id, message: 'its origin is not what was written' });
}

/** Text in the database that is no JSON any more is a change like any other. */
function hashOrProblem(previousHash: string, row: ChainedEventRow): string | undefined {
  try {
    return hashEvent(previousHash, row);
  } catch {
    return undefined;
  }
}

/** An origin may be erased; one that is there is what the chain says. */
function isOriginIntact({ origin, origin_digest }: ChainedEventRow): boolean {
  if (origin === null) return true;
  try {
    return digestOrigin(JSON.parse(origin) as SaltedOrigin) === origin_digest;
  } catch {
    return false;
  }
}
