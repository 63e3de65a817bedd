import { randomUUID } from 'node:crypto';
import type { FastifyBaseLogger } from 'fastify';
import type { Metrics } from '../metrics/metrics.ts';
import { coalesce } from '../store/coalesce.ts';
import type { ServerRow } from '../store/tables/installation.ts';
import type { Database } from '../store/tables.ts';
import { askPeer, type Peer, type PeerAnswer, type Question } from './ask-peer.ts';
import { SERVERS_PATH } from './internal-routes.ts';
import { deletePredecessors, deleteServers, ensureSecret, findServers, saveServer } from './repository.ts';
import { Sightings } from './sightings.ts';

/** How often a server says that it is there, and reads who else is, in milliseconds. */
const RENEW_MS = 5_000;
/** A server without news for this many readings (30 s) is not counted on any more. */
const LIVE_READINGS = 6;
/**
 * For this many (10 min) it is still told of kills: it may have lost only the database, and then hears of them by no
 * other way. After that it is struck off; one that is there after all registers again.
 */
const TELL_READINGS = 120;
/** A peer that takes longer is not waited for, in milliseconds. */
const TIMEOUT_MS = 1_000;

const TOKEN_NAME = 'cluster-token';

export interface ClusterOptions {
  readonly database: Database;
  /** Whether other servers can share the database. */
  readonly isShared: boolean;
  readonly metrics: Pick<Metrics, 'peers' | 'peerSeconds'>;
  readonly log: FastifyBaseLogger;
  readonly version: string;
  readonly now: () => number;
  readonly renewMs?: number;
}

/** The servers that share the database, and how to reach them without it. */
export class Cluster {
  readonly #options: ClusterOptions;
  readonly #sightings = new Sightings();
  readonly #id = randomUUID();
  readonly #startedAtMs: number;
  #url = '';
  #seenAtMs = 0;
  #token: string | undefined;
  #renewal: NodeJS.Timeout | undefined;
  readonly #renewSoon = coalesce(() => this.#renew());
  #isClosed = false;
  #hasWarned = false;

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#startedAtMs = options.now();
  }

  /** This server, as the others know it. The URL is empty until it listens. */
  get self(): { readonly id: string; readonly url: string } {
    return { id: this.#id, url: this.#url };
  }

  /** What the servers of the installation know each other by; undefined where there is only one. */
  get token(): string | undefined {
    return this.#token;
  }

  /** Learns the token. @throws when the database cannot be used */
  async load(): Promise<void> {
    if (this.#options.isShared) this.#token = await ensureSecret(this.#options.database, TOKEN_NAME);
  }

  /** Enters the register, and stays in it until `close`. @param url where other servers reach this one */
  async join(url: string): Promise<void> {
    if (!this.#options.isShared || this.#isClosed) return;
    this.#url = url;
    try {
      await deletePredecessors(this.#options.database, url, this.#id);
    } catch {
      // They are not there: they are struck off in time.
    }
    await this.renew();
    if (this.#isClosed) return;
    void this.post(SERVERS_PATH, {});
    this.#renewal = setInterval(() => void this.renew(), this.#options.renewMs ?? RENEW_MS).unref();
  }

  /** When the latest of the others started, by its own clock; milliseconds since 1970, UTC. -Infinity: there is none. */
  get latestStartMs(): number {
    const others = this.#sightings.within(LIVE_READINGS).filter(({ id }) => id !== this.#id);
    return Math.max(...others.map(({ started_at }) => started_at));
  }

  /** The other servers, as far as the register could be read. */
  peers(): Peer[] {
    return this.#others(this.#sightings.within(LIVE_READINGS));
  }

  /**
   * Posts to all others at once, those without news too. Never rejects. What is posted twice must do no harm.
   * @param path below `/internal/v1`
   */
  post<T>(path: string, body: unknown): Promise<PeerAnswer<T>[]> {
    return this.#ask<T>(this.#others(this.#sightings.within(TELL_READINGS)), { method: 'POST', path, body });
  }

  /** Asks all others at once. Never rejects. @param path below `/internal/v1` */
  get<T>(path: string): Promise<PeerAnswer<T>[]> {
    return this.#ask<T>(this.peers(), { method: 'GET', path });
  }

  /** Asks one of them. Never rejects. @param path below `/internal/v1` */
  async ask<T>(peer: Peer, path: string): Promise<PeerAnswer<T>> {
    const [answer] = await this.#ask<T>([peer], { method: 'GET', path });
    return answer ?? { peer, error: 'there is no token to ask it with' };
  }

  /** Says that this server is there, and reads who else is. Never rejects; without the database nothing changes. */
  renew(): Promise<void> {
    return this.#renewSoon();
  }

  /** Leaves the register. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#renewal);
    // What is under way ends first.
    await this.renew();
    if (this.#url === '') return;
    try {
      await deleteServers(this.#options.database, [this.#id]);
    } catch (error) {
      this.#options.log.info({ err: error }, 'could not leave the register of servers; the others will see');
    }
  }

  async #renew(): Promise<void> {
    if (this.#isClosed) return;
    const { database, metrics, log } = this.#options;
    try {
      await saveServer(database, this.#row());
      this.#sightings.see(await findServers(database));
      metrics.peers.set(this.peers().length);
      await deleteServers(
        database,
        this.#sightings.beyond(TELL_READINGS).map(({ id }) => id),
      );
      this.#warnOfTwin();
    } catch (error) {
      log.debug({ err: error }, 'could not renew the register of servers');
    }
  }

  async #ask<T>(peers: readonly Peer[], question: Pick<Question, 'method' | 'path' | 'body'>) {
    const token = this.#token;
    if (token === undefined) return [];
    const ask = async (peer: Peer) => {
      const end = this.#options.metrics.peerSeconds.startTimer();
      const answer = await askPeer<T>(peer, { ...question, token, timeoutMs: TIMEOUT_MS });
      end({ result: answer.error === undefined ? 'ok' : 'failed' });
      return answer;
    };
    return Promise.all(peers.map(ask));
  }

  #others(rows: readonly ServerRow[]): Peer[] {
    return rows.filter((row) => row.url !== this.#url).map(({ id, url, version }) => ({ id, url, version }));
  }

  /** Two servers that tell others the same address cannot reach each other. */
  #warnOfTwin(): void {
    const twin = this.#sightings.within(1).find(({ id, url }) => id !== this.#id && url === this.#url);
    if (twin === undefined || this.#hasWarned) return;
    this.#hasWarned = true;
    this.#options.log.warn(
      { url: this.#url },
      'another server says that it is at the same internal URL: kills reach it by the database only. Set BUNTING_INTERNAL_URL on each',
    );
  }

  #row(): ServerRow {
    const { version, now } = this.#options;
    // Each time another one, whatever the clock does.
    this.#seenAtMs = Math.max(now(), this.#seenAtMs + 1);
    return { id: this.#id, url: this.#url, version, started_at: this.#startedAtMs, seen_at: this.#seenAtMs };
  }
}
