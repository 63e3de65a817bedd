import { hostname } from 'node:os';
import {
  type ChangesMessage,
  type HelloMessage,
  PROTOCOL_VERSION,
  type Revision,
  type SnapshotMessage,
} from '@bunting/core';
import type { FastifyBaseLogger } from 'fastify';
import { newSecret } from '../access/secrets.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { LiveRuleset, LiveRulesetState } from '../rulesets/live-ruleset.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import { VERSION } from '../version.ts';
import type { CacheFile } from './cache-file.ts';
import { DataAge } from './data-age.ts';
import { InstanceReports } from './instance-reports.ts';
import { type Heard, Link, type LinkOwner } from './link.ts';
import type { LinkTiming } from './link-timing.ts';
import type { OriginClock } from './origin-clock.ts';
import type { KeysMessage } from './protocol.ts';
import type { UpstreamMessage } from './read-frame.ts';
import { TelemetryReports } from './telemetry-reports.ts';

export interface RelayedEnvironmentOptions {
  /** `ws:` or `wss:`, of the upstream's stream. */
  readonly url: string;
  readonly relayKey: string;
  readonly rulesets: Rulesets;
  readonly keys: KeyRing;
  readonly clock: OriginClock;
  readonly log: FastifyBaseLogger;
  readonly timing: LinkTiming;
  readonly batchMs?: number | undefined;
  /** Without one, nothing outlives the process. */
  readonly cache?: CacheFile | undefined;
  /** Whether this link may serve the environment: no other one does. */
  readonly claim: (environmentId: string) => boolean;
  /** Called when there is data, or the upstream has refused the key. */
  readonly settled: () => void;
}

/** Told often enough that what is kept on disk does not look much older than it is. */
const KEEP_EVERY_MS = 10 * 60_000;

/** Names this process upstream: as an instance of its own, on its host. */
const INSTANCE = { id: newSecret(), app: 'bunting-relay', host: hostname().slice(0, 200) || 'unknown' };

/** One environment, as the relay key for it opens it upstream: keeps it in memory and on disk as it is there. */
export class RelayedEnvironment implements LinkOwner {
  readonly #options: RelayedEnvironmentOptions;
  readonly #link: Link;
  readonly #log: FastifyBaseLogger;
  readonly #keepTimer: NodeJS.Timeout | undefined;
  readonly age = new DataAge();
  readonly instances: InstanceReports;
  readonly telemetry: TelemetryReports;
  #keys: KeysMessage | undefined;
  #ruleset: LiveRuleset | undefined;
  #isRefused = false;
  #lastProblem = '';

  constructor(options: RelayedEnvironmentOptions) {
    this.#options = options;
    this.#log = options.log;
    this.#link = new Link(options.url, this, options.timing);
    const send = (text: string) => this.#link.send(text);
    this.instances = new InstanceReports({ nowMs: options.clock.nowMs, send, batchMs: options.batchMs });
    this.telemetry = new TelemetryReports(send);
    if (options.cache !== undefined) this.#keepTimer = setInterval(() => this.#keep(), KEEP_EVERY_MS).unref();
  }

  /** Undefined while there is no data. */
  get ruleset(): LiveRuleset | undefined {
    return this.#ruleset;
  }

  /** True when the data is as new as the upstream's. */
  get isLive(): boolean {
    return this.#link.isLive;
  }

  /** True when the relay key cannot be used: the upstream does not accept it, or another key serves its environment. */
  get isRefused(): boolean {
    return this.#isRefused;
  }

  /** Serves last-known-good at once, if there is one, and begins to follow the upstream. */
  start(): void {
    this.#recall();
    this.#link.start();
  }

  async stop(): Promise<void> {
    clearInterval(this.#keepTimer);
    this.instances.flush();
    this.telemetry.close();
    this.#keep();
    await this.#link.stop();
    await this.#options.cache?.close();
  }

  greeting(askSnapshot: boolean): HelloMessage {
    return {
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      key: this.#options.relayKey,
      sdk: { name: 'bunting-relay', version: VERSION },
      instance: INSTANCE,
      have: askSnapshot ? null : (this.#ruleset?.revision ?? null),
      accept: ['gzip'],
    };
  }

  receive(message: UpstreamMessage): Heard {
    try {
      return this.#take(message);
    } catch (error) {
      return { type: 'unusable', detail: `a ${message.type} that could not be applied: ${(error as Error).message}` };
    }
  }

  turn(isLive: boolean): void {
    this.instances.turn(isLive);
    if (!isLive) return;
    this.#lastProblem = '';
    this.#isRefused = false;
    const { revision, project, environment } = this.#ruleset ?? {};
    this.#log.info({ project, environment, revision: revision?.number }, 'relaying');
  }

  /** The same problem again is not said again. */
  report(detail: string, refused: boolean): void {
    this.#isRefused = refused;
    if (refused) this.#options.settled();
    if (detail === this.#lastProblem) return;
    this.#lastProblem = detail;
    const { project, environment } = this.#keys ?? {};
    const serves = this.#ruleset === undefined ? 'there is no data yet' : 'flags are served as they were';
    this.#log[refused ? 'error' : 'warn']({ project, environment, detail }, `the upstream is lost; ${serves}`);
  }

  #take(message: UpstreamMessage): Heard {
    switch (message.type) {
      case 'keys':
        return this.#takeKeys(message);
      case 'snapshot':
        this.#takeSnapshot(message);
        return this.#confirm(message);
      case 'changes':
        this.#takeChanges(message);
        return this.#confirm(message);
      case 'kill':
        if (this.#ruleset !== undefined) this.#options.rulesets.applyKill(this.#ruleset.environmentId, message);
        this.#keep();
        return { type: 'heard' };
      case 'heartbeat':
        if (message.timeMs !== undefined) this.#options.clock.set(message.timeMs);
        if (this.isLive) this.age.confirm(message.dataAgeMs ?? 0);
        this.instances.flush();
        this.#link.send(JSON.stringify({ type: 'heartbeat', dataAgeMs: this.age.ms }));
        return { type: 'heard' };
      default:
        return { type: 'heard' };
    }
  }

  /** The ruleset in memory is the newest that the upstream has, which may itself be behind. */
  #confirm({ timeMs, dataAgeMs = 0 }: SnapshotMessage | ChangesMessage): Heard {
    this.#options.clock.set(timeMs);
    this.age.confirm(dataAgeMs);
    this.#keep();
    return { type: 'synced' };
  }

  #takeKeys(message: KeysMessage): Heard {
    if (this.#keys !== undefined && message.environmentId !== this.#keys.environmentId) {
      throw new Error('the relay key opens another environment than before');
    }
    if (!this.#options.claim(message.environmentId)) {
      const { project, environment } = message;
      this.#log.error({ project, environment }, 'two relay keys open this environment; give one');
      this.#isRefused = true;
      this.#options.settled();
      void this.stop();
      return { type: 'heard' };
    }
    this.#keys = message;
    this.#admitKeys();
    this.#keep();
    return { type: 'heard' };
  }

  /** Keys are let in when there is something for them. */
  #admitKeys(): void {
    if (this.#keys === undefined || this.#ruleset === undefined) return;
    const { environmentId, keys } = this.#keys;
    this.#options.keys.replace(
      environmentId,
      keys.map(({ id, kind, name, hash }) => ({ hash, key: { id, kind, name, environmentId } })),
    );
  }

  #takeSnapshot({ revision, committedAtMs, items, kills, dataAgeMs = 0 }: SnapshotMessage): void {
    if (this.#keys === undefined) throw new Error('it came before the keys');
    const { rulesets } = this.#options;
    const { environmentId, project, environment } = this.#keys;
    const current = this.#ruleset;
    if (current !== undefined && isSame(current.revision, revision)) {
      for (const kill of kills) rulesets.applyKill(environmentId, kill);
      return;
    }
    const isBack = current?.revision.incarnation === revision.incarnation && revision.number < current.revision.number;
    if (isBack && dataAgeMs > (this.age.ms ?? 0)) throw new Error('the upstream knows less than this relay does');
    // Whoever has exactly this revision can resume from it.
    const recent = [{ number: revision.number, hash: revision.hash, names: [] }];
    const state: LiveRulesetState = {
      ...{ environmentId, project, environment },
      ...{ revision, committedAtMs, items, kills, recent },
    };
    if (current !== undefined) {
      rulesets.replace(state);
      return;
    }
    rulesets.add(state);
    this.#ruleset = rulesets.get(environmentId);
    this.#admitKeys();
    this.#options.settled();
  }

  #takeChanges({ from, revision, committedAtMs, items, delete: deletes }: ChangesMessage): void {
    if (this.#ruleset === undefined) throw new Error('it came before any snapshot');
    const { environmentId, revision: current } = this.#ruleset;
    // The answer to a hello that had the newest already.
    if (isSame(current, revision)) return;
    const committedTickMs = performance.now();
    const change = { environmentId, from, revision, committedAtMs, committedTickMs, puts: items, deletes };
    this.#options.rulesets.apply(change);
  }

  #recall(): void {
    const kept = this.#options.cache?.load();
    if (kept === undefined || !this.#options.claim(kept.keys.environmentId)) return;
    const elapsedMs = Math.max(0, Date.now() - kept.keptAtMs);
    this.#keys = kept.keys;
    this.#takeSnapshot(kept.snapshot);
    this.age.confirm(kept.dataAgeMs + elapsedMs);
    this.#options.clock.set(kept.snapshot.timeMs + elapsedMs);
    const { project, environment } = kept.keys;
    const { number: revision } = kept.snapshot.revision;
    this.#log.info({ project, environment, revision, dataAgeMs: this.age.ms }, 'serving last-known-good');
  }

  #keep(): void {
    const { cache, clock } = this.#options;
    const ruleset = this.#ruleset;
    const keys = this.#keys;
    if (cache === undefined || ruleset === undefined || keys === undefined) return;
    cache.keep(() => {
      const { revision, committedAtMs, kills } = ruleset;
      const snapshot = { type: 'snapshot', revision, committedAtMs, timeMs: clock.nowMs(), kills } as const;
      return {
        keys: this.#keys ?? keys,
        snapshot: { ...snapshot, items: ruleset.items() },
        dataAgeMs: this.age.ms ?? 0,
        keptAtMs: Date.now(),
      };
    });
  }
}

function isSame(a: Revision, b: Revision): boolean {
  return a.number === b.number && a.hash === b.hash && a.incarnation === b.incarnation;
}
