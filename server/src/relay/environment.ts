import { hostname } from 'node:os';
import { type HelloMessage, PROTOCOL_VERSION } from '@bunting/core';
import type { FastifyBaseLogger } from 'fastify';
import { newSecret } from '../access/secrets.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import { VERSION } from '../version.ts';
import type { CacheFile } from './cache-file.ts';
import { ContextReports } from './context-reports.ts';
import type { DataAge } from './data-age.ts';
import { InstanceReports } from './instance-reports.ts';
import { type Heard, Link, type LinkOwner } from './link.ts';
import type { LinkTiming } from './link-timing.ts';
import { MeasurementReports } from './measurement-reports.ts';
import type { KeysMessage } from './protocol.ts';
import type { UpstreamMessage } from './read-frame.ts';
import { Replica, type ReplicaOptions } from './replica.ts';
import { TelemetryReports } from './telemetry-reports.ts';
import { UseReports } from './use-reports.ts';

export interface RelayedEnvironmentOptions extends ReplicaOptions {
  /** `ws:` or `wss:`, of the upstream's stream. */
  readonly url: string;
  readonly relayKey: string;
  readonly log: FastifyBaseLogger;
  readonly timing: LinkTiming;
  readonly batchMs?: number | undefined;
  /** Without one, nothing outlives the process. */
  readonly cache?: CacheFile | undefined;
  /** Whether this link may serve the environment: no other one does. */
  readonly claim: (environmentId: string) => boolean;
  /** Called when there is data, or the upstream has refused the key. */
  readonly settled: () => void;
  /** Called when what may be sampled in the environment is something else. */
  readonly settingsChanged: (environmentId: string) => void;
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
  readonly instances: InstanceReports;
  readonly telemetry: TelemetryReports;
  readonly contexts: ContextReports;
  readonly uses: UseReports;
  readonly measurements: MeasurementReports;
  readonly #replica: Replica;
  #isRefused = false;
  #lastProblem = '';

  constructor(options: RelayedEnvironmentOptions) {
    this.#options = options;
    this.#log = options.log;
    this.#replica = new Replica(options);
    this.#link = new Link(options.url, this, options.timing);
    const send = (text: string) => this.#link.send(text);
    this.instances = new InstanceReports({ nowMs: options.clock.nowMs, send, batchMs: options.batchMs });
    this.telemetry = new TelemetryReports(send);
    this.contexts = new ContextReports(send, options.clock.nowMs);
    this.uses = new UseReports(send);
    this.measurements = new MeasurementReports(send);
    if (options.cache !== undefined) this.#keepTimer = setInterval(() => this.#keep(), KEEP_EVERY_MS).unref();
  }

  /** Undefined while there is no data. */
  get ruleset(): LiveRuleset | undefined {
    return this.#replica.ruleset;
  }

  get vouched(): DataAge {
    return this.#replica.vouched;
  }

  get age(): DataAge {
    return this.#replica.age;
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
    this.contexts.flush();
    this.uses.close();
    this.measurements.close();
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
      have: askSnapshot ? null : (this.ruleset?.revision ?? null),
      accept: ['gzip', 'context-proof'],
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
    const { revision, project, environment } = this.ruleset ?? {};
    this.#log.info({ project, environment, revision: revision?.number }, 'relaying');
  }

  /** The same problem again is not said again. */
  report(detail: string, refused: boolean): void {
    this.#isRefused = refused;
    if (refused) this.#options.settled();
    if (detail === this.#lastProblem) return;
    this.#lastProblem = detail;
    const { project, environment } = this.#replica.keys ?? {};
    const serves = this.ruleset === undefined ? 'there is no data yet' : 'flags are served as they were';
    this.#log[refused ? 'error' : 'warn']({ project, environment, detail }, `the upstream is lost; ${serves}`);
  }

  #take(message: UpstreamMessage): Heard {
    switch (message.type) {
      case 'keys':
        this.#takeKeys(message);
        return { type: 'heard' };
      case 'snapshot':
      case 'changes':
        this.#replica.take(message);
        this.#options.settled();
        this.#keep();
        return { type: 'synced' };
      case 'kill':
        this.#replica.takeKill(message);
        this.#keep();
        return { type: 'heard' };
      case 'settings': {
        const { keys } = this.#replica;
        if (this.contexts.set(message) && keys !== undefined) this.#options.settingsChanged(keys.environmentId);
        return { type: 'heard' };
      }
      case 'heartbeat':
        if (message.timeMs !== undefined) this.#options.clock.set(message.timeMs);
        if (this.isLive) this.#replica.confirm(message);
        this.instances.flush();
        this.#link.send(JSON.stringify({ type: 'heartbeat', dataAgeMs: this.age.ms }));
        return { type: 'heard' };
      default:
        return { type: 'heard' };
    }
  }

  #takeKeys(message: KeysMessage): void {
    if (this.#options.claim(message.environmentId)) {
      this.#replica.takeKeys(message);
      this.#keep();
      return;
    }
    const { project, environment } = message;
    this.#log.error({ project, environment }, 'two relay keys open this environment; give one');
    this.#isRefused = true;
    this.#options.settled();
    void this.stop();
  }

  #recall(): void {
    const kept = this.#options.cache?.load();
    if (kept === undefined || !this.#options.claim(kept.keys.environmentId)) return;
    const elapsedMs = Math.max(0, Date.now() - kept.keptAtMs);
    const timeMs = kept.snapshot.timeMs + elapsedMs;
    this.#replica.takeKeys(kept.keys);
    this.#replica.take({ ...kept.snapshot, timeMs, dataAgeMs: kept.dataAgeMs + elapsedMs });
    this.#options.settled();
    const { project, environment } = kept.keys;
    const { number: revision } = kept.snapshot.revision;
    this.#log.info({ project, environment, revision, dataAgeMs: this.age.ms }, 'serving last-known-good');
  }

  #keep(): void {
    const { cache, clock } = this.#options;
    const { ruleset } = this.#replica;
    if (cache === undefined || ruleset === undefined) return;
    cache.keep(() => {
      const { keys } = this.#replica;
      if (keys === undefined) throw new Error('there is a ruleset without keys');
      const { revision, committedAtMs, kills } = ruleset;
      const snapshot = { type: 'snapshot', revision, committedAtMs, timeMs: clock.nowMs(), kills } as const;
      const dataAgeMs = this.age.ms ?? 0;
      return { keys, snapshot: { ...snapshot, items: ruleset.items() }, dataAgeMs, keptAtMs: Date.now() };
    });
  }
}
