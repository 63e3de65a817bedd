import type { Cluster } from '../cluster/cluster.ts';
import { type Increment, Increments } from '../measurements/increments.ts';
import type { RunningCounts } from '../measurements/running-counts.ts';
import { readRunning } from '../measurements/running-reading.ts';

/** A look waits for the other servers this long at most, in milliseconds; who is later is in the next one. */
const PATIENCE_MS = 200;
/** A server that is found after so long has begun after this one: all that it counted is news. In milliseconds. */
const BEGINNING_MS = 10_000;
/** A server that failed is left out of the next looks: the more often it failed, the more of them, up to so many. */
const MAX_PAUSE = 30;
/** A server that is gone for this long is forgotten, in milliseconds. */
const FORGET_MS = 10 * 60_000;

type Peers = Pick<Cluster, 'peers' | 'ask'>;
type Peer = ReturnType<Peers['peers']>[number];

/** One other server. */
interface Source {
  readonly increments: Increments;
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
  readonly #running: RunningCounts;
  readonly #peers: Peers;
  readonly #own = new Increments(false);
  /** By id, which each process has for itself. */
  readonly #sources = new Map<string, Source>();
  readonly #beganMs = performance.now();

  constructor(running: RunningCounts, peers: Peers) {
    this.#running = running;
    this.#peers = peers;
  }

  async take(): Promise<Increment[]> {
    const waited = this.#peers.peers().flatMap((peer) => this.#ask(peer));
    if (waited.length > 0) await withPatience(Promise.all(waited));
    const increments = this.#own.take(this.#running.since(this.#own.upTo));
    const nowMs = performance.now();
    for (const [id, source] of this.#sources) {
      increments.push(...source.arrived.splice(0));
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
    const { body } = await this.#peers.ask(peer, `/measurements/running?since=${source.increments.upTo}`);
    const reading = readRunning(body);
    if (reading === undefined) {
      source.failures += 1;
      source.pause = Math.min(2 ** source.failures, MAX_PAUSE);
      return;
    }
    source.failures = 0;
    source.arrived.push(...source.increments.take(reading));
  }

  #newSource(nowMs: number): Source {
    const increments = new Increments(nowMs - this.#beganMs < BEGINNING_MS);
    return { increments, arrived: [], asking: undefined, failures: 0, pause: 0, seenMs: nowMs };
  }
}

async function withPatience(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS);
  });
  await Promise.race([work, patience]);
  clearTimeout(timer);
}
