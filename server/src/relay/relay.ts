import type { Kill } from '@bunting/core';
import type { FastifyBaseLogger } from 'fastify';
import { KeyRing } from '../keys/key-ring.ts';
import type { Ending } from '../receipts/instance.ts';
import type { Introduction } from '../receipts/introduction.ts';
import type { Members, Via } from '../receipts/receipts.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import { Rulesets } from '../rulesets/rulesets.ts';
import type { Origin } from '../stream/origin.ts';
import type { TelemetrySink } from '../telemetry/telemetry.ts';
import { CacheFile } from './cache-file.ts';
import { RelayedEnvironment } from './environment.ts';
import { LINK_TIMING, type LinkTiming } from './link-timing.ts';
import { OriginClock } from './origin-clock.ts';
import { RelayContexts } from './relay-contexts.ts';

export interface RelayOptions {
  /** `ws:` or `wss:`, of the upstream's stream. */
  readonly url: string;
  /** Where last-known-good is kept; undefined: nowhere. */
  readonly cacheFolder?: string | undefined;
  readonly log: FastifyBaseLogger;
  readonly timing?: Partial<LinkTiming>;
  /** How long news of instances wait for each other; 20 without it. */
  readonly batchMs?: number;
}

/**
 * What a relay serves from, kept as it is upstream, and what it tells upstream of those it serves. Looks to the stream
 * as the database's services do: rulesets, keys, receipts, telemetry and the origin's clock and age.
 */
export class Relay implements Members, TelemetrySink {
  readonly rulesets: Rulesets;
  readonly keys: KeyRing;
  readonly origin: Origin;
  readonly contexts: RelayContexts;
  readonly #options: RelayOptions;
  readonly #clock = new OriginClock();
  readonly #links = new Map<string, RelayedEnvironment>();
  /** Which link serves an environment. */
  readonly #byEnvironment = new Map<string, RelayedEnvironment>();
  /** Where each instance is. */
  readonly #members = new Map<object, RelayedEnvironment>();

  constructor(options: RelayOptions) {
    this.#options = options;
    this.rulesets = new Rulesets((error) => options.log.error({ err: error }, 'a change was not fully published'));
    this.keys = new KeyRing(this.#clock.nowMs);
    this.keys.isComplete = false;
    this.keys.onUse(({ id, environmentId }) => this.#byEnvironment.get(environmentId ?? '')?.uses.note(id));
    this.contexts = new RelayContexts((id) => this.#byEnvironment.get(id)?.contexts, this.#clock.nowMs);
    this.origin = {
      nowMs: this.#clock.nowMs,
      dataAgeMs: ({ environmentId }) => this.#byEnvironment.get(environmentId)?.age.ms ?? 0,
      vouchAgeMs: ({ environmentId }) => this.#byEnvironment.get(environmentId)?.vouched.ms ?? 0,
    };
  }

  get environments(): Iterable<RelayedEnvironment> {
    return this.#links.values();
  }

  /** Of the environment whose data is the oldest; undefined while there is none. */
  get dataAgeMs(): number | undefined {
    const ages = [...this.#byEnvironment.values()].flatMap(({ age }) => age.ms ?? []);
    return ages.length === 0 ? undefined : Math.max(...ages);
  }

  /** Begins to serve the environment that the key opens upstream. Once more is fine. */
  follow(relayKey: string): void {
    if (this.#links.has(relayKey)) return;
    const { url, cacheFolder, log, timing, batchMs } = this.#options;
    const link: RelayedEnvironment = new RelayedEnvironment({
      ...{ url, relayKey, log, batchMs },
      rulesets: this.rulesets,
      keys: this.keys,
      clock: this.#clock,
      timing: { ...LINK_TIMING, ...timing },
      cache: cacheFolder === undefined ? undefined : new CacheFile(cacheFolder, relayKey, log),
      claim: (environmentId) => {
        const holder = this.#byEnvironment.get(environmentId) ?? link;
        this.#byEnvironment.set(environmentId, holder);
        return holder === link;
      },
      settled: () => this.#lookIfComplete(),
      settingsChanged: (environmentId) => this.contexts.announce(environmentId),
    });
    this.#links.set(relayKey, link);
    this.keys.isComplete = false;
    link.start();
  }

  /** Tells the upstream what there is to tell, keeps last-known-good, and hangs up. */
  async close(): Promise<void> {
    await Promise.all([...this.#links.values()].map((link) => link.stop()));
  }

  join(member: object, ruleset: LiveRuleset, introduction: Introduction, via?: Via): void {
    const environment = this.#byEnvironment.get(ruleset.environmentId);
    if (environment === undefined) return;
    this.#members.set(member, environment);
    environment.instances.join(member, introduction, via);
  }

  receive(member: object, { revision, broken }: Parameters<Members['receive']>[1]): void {
    this.#members.get(member)?.instances.receive(member, revision, broken.count);
  }

  receiveKill(member: object, { flag, epoch, engaged }: Kill): void {
    const environment = this.#members.get(member);
    // One that was never told makes no sense, and must not be kept.
    if (environment?.ruleset?.kills.some((kill) => kill.flag === flag)) {
      environment.instances.receiveKill(member, { flag, epoch, engaged });
    }
  }

  hear(member: object, dataAgeMs: number | undefined): void {
    if (dataAgeMs !== undefined) this.#members.get(member)?.instances.hear(member, dataAgeMs);
  }

  leave(member: object, ending: Ending = 'lost'): void {
    this.#members.get(member)?.instances.leave(member, ending);
    this.#members.delete(member);
  }

  record(...[ruleset, kind, message]: Parameters<TelemetrySink['record']>): void {
    if (kind !== 'server' && kind !== 'client') return;
    this.#byEnvironment.get(ruleset.environmentId)?.telemetry.record(ruleset, kind, message);
  }

  measure(...[ruleset, source, window]: Parameters<TelemetrySink['measure']>): void {
    this.#byEnvironment.get(ruleset.environmentId)?.measurements.add(source, window);
  }

  /** While an environment is still unknown, so are its keys, and no key can be said to be wrong. */
  #lookIfComplete(): void {
    this.keys.isComplete = [...this.#links.values()].every((link) => link.ruleset !== undefined || link.isRefused);
  }
}
