import type { Cluster } from '../cluster/cluster.ts';
import { FirstIncrements } from '../measurements/first-increments.ts';
import { type Increment, Increments } from '../measurements/increments.ts';
import type { Measurements } from '../measurements/measurements.ts';
import type { Watched } from '../measurements/running-counts.ts';
import { readFirsts, readRunning } from '../measurements/running-reading.ts';

/** A look waits for the other servers this long at most, in milliseconds; who is later is in the next one. */
const PATIENCE_MS = 200;
/** A server that is found after so long has begun after this one: all that it counted is news. In milliseconds. */
const BEGINNING_MS = 10_000;
/** A server that failed is left out of the next looks: the more often it failed, the more of them, up to so many. */
const MAX_PAUSE = 30;
/** A server that is gone for this long is forgotten, in milliseconds. */
const FORGET_MS = 10 * 60_000;

type Counted = Pick<Measurements, 'running' | 'firsts'>;
type Peers = Pick<Cluster, 'peers' | 'ask'>;
type Peer = ReturnType<Peers['peers']>[number];

/** One other server. */
interface Source {
  readonly increments: Increments;
  /** Number of the first exposures that were read; undefined: none were. */
  firstsUpTo: number | undefined;
  readonly hasCountedBefore: boolean;
  /** What it said and nobody has taken. */
  readonly arrived: Increment[];
  asking: Promise<void> | undefined;
  failures: number;
  /** Looks to leave it out. */
  pause: number;
  seenMs: number;
}

/** What all servers counted since the last look. No server that is slow, stopped or gone keeps a look waiting twice. */
export class Counters {
  readonly #measurements: Counted;
  readonly #peers: Peers;
  readonly #own = new Increments(false);
  readonly #firsts = new FirstIncrements();
  #ownFirstsUpTo = 0;
  /** By id, which each process has for itself. */
  readonly #sources = new Map<string, Source>();
  readonly #beganMs = performance.now();

  constructor(measurements: Counted, peers: Peers) {
    this.#measurements = measurements;
    this.#peers = peers;
  }

  /** Counts these flags from now on. @param watched by id of the environment */
  watch(watched: ReadonlyMap<string, Watched>): void {
    this.#measurements.running.watch(watched);
    this.#measurements.firsts.watch(watched);
    this.#firsts.watch(watched);
  }

  async take(): Promise<Increment[]> {
    const waited = this.#peers.peers().flatMap((peer) => this.#ask(peer));
    if (waited.length > 0) await withPatience(Promise.all(waited));
    const { running, firsts } = this.#measurements;
    const increments = this.#own.take(running.since(this.#own.upTo));
    const ownFirsts = firsts.since(this.#ownFirstsUpTo);
    this.#ownFirstsUpTo = ownFirsts.upTo;
    append(increments, this.#firsts.take(ownFirsts, true));
    const nowMs = performance.now();
    for (const [id, source] of this.#sources) {
      append(increments, source.arrived.splice(0));
      if (nowMs - source.seenMs > FORGET_MS) this.#sources.delete(id);
    }
    return increments;
  }

  /** @returns what is worth waiting for: nothing of a server that did not answer the last time */
  #ask(peer: Peer): Promise<void>[] {
    const nowMs = performance.now();
    const source = this.#sources.get(peer.id) ?? this.#newSource(nowMs);
    this.#sources.set(peer.id, source);
    source.seenMs = nowMs;
    if (source.asking !== undefined) return [];
    if (source.pause > 0) {
      source.pause -= 1;
      return [];
    }
    source.asking = this.#read(peer, source).finally(() => {
      source.asking = undefined;
    });
    return source.failures === 0 ? [source.asking] : [];
  }

  async #read(peer: Peer, source: Source): Promise<void> {
    const { isWatched } = this.#measurements.firsts;
    const [{ body }, firsts] = await Promise.all([
      this.#peers.ask(peer, `/measurements/running?since=${source.increments.upTo}`),
      isWatched ? this.#peers.ask(peer, `/measurements/firsts?since=${source.firstsUpTo ?? 0}`) : undefined,
    ]);
    this.#takeFirsts(source, firsts?.body);
    const reading = readRunning(body);
    if (reading === undefined) {
      source.failures += 1;
      source.pause = Math.min(2 ** source.failures, MAX_PAUSE);
      return;
    }
    source.failures = 0;
    append(source.arrived, source.increments.take(reading));
  }

  #takeFirsts(source: Source, body: unknown): void {
    const reading = readFirsts(body);
    if (reading === undefined) return;
    const isNews = source.firstsUpTo !== undefined || !source.hasCountedBefore;
    source.firstsUpTo = reading.upTo;
    append(source.arrived, this.#firsts.take(reading, isNews));
  }

  #newSource(nowMs: number): Source {
    const hasCountedBefore = nowMs - this.#beganMs < BEGINNING_MS;
    const increments = new Increments(hasCountedBefore);
    return {
      increments,
      firstsUpTo: undefined,
      hasCountedBefore,
      arrived: [],
      asking: undefined,
      failures: 0,
      pause: 0,
      seenMs: nowMs,
    };
  }
}

/** There may be more of them than a call has room for as arguments. */
function append(to: Increment[], added: readonly Increment[]): void {
  for (const increment of added) to.push(increment);
}

async function withPatience(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS);
  });
  await Promise.race([work, patience]);
  clearTimeout(timer);
}
