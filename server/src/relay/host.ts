import type { HelloMessage } from '@bunting/core';
import type { ContextSink } from '../contexts/sink.ts';
import type { KeyRing, KnownKey } from '../keys/key-ring.ts';
import type { Members } from '../receipts/receipts.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { Connection, Peer } from '../stream/connection.ts';
import { encodeFrame, type Frame } from '../stream/frame.ts';
import type { TelemetrySink } from '../telemetry/telemetry.ts';
import type { InstancesMessage, KeyUses, RelayedMeasurements, RelayMessage } from './protocol.ts';

interface Relay {
  readonly ruleset: LiveRuleset;
  /** Undefined for a process of our own, which people need not see. */
  readonly name: string | undefined;
  /** It asks pages to prove their contexts where they must. Older ones do not: they are not told of client keys there. */
  readonly canProve: boolean;
  /** What stands for each instance behind it, by the number that the relay gave it. */
  readonly members: Map<number, object>;
}

export interface RelayHostDependencies {
  readonly keys: KeyRing;
  readonly receipts: Members;
  readonly telemetry: TelemetrySink;
  readonly contexts: Pick<ContextSink, 'record'>;
}

/**
 * The relays that are connected to this server. Each is told who may come in, and speaks for the instances behind it:
 * of the one environment of its key, whatever it says.
 */
export class RelayHost {
  readonly #dependencies: RelayHostDependencies;
  readonly #relays = new Map<Connection, Relay>();
  /** Environments whose keys have changed since their relays were told. */
  readonly #changed = new Set<string>();

  constructor(dependencies: RelayHostDependencies) {
    this.#dependencies = dependencies;
    dependencies.keys.onChange((environmentId) => {
      if (environmentId === null || this.#relays.size === 0) return;
      // Many may change at once: told together.
      if (this.#changed.size === 0) queueMicrotask(() => this.#tellChanged());
      this.#changed.add(environmentId);
    });
  }

  /** Takes a relay in. Its keys come before its ruleset, so that it knows what the ruleset is of. */
  join(
    connection: Connection,
    { key, ruleset }: Peer,
    { instance, accept }: Pick<HelloMessage, 'instance' | 'accept'>,
  ): void {
    const { id, host = id } = instance;
    const canProve = accept?.includes('context-proof') ?? false;
    this.#relays.set(connection, { ruleset, name: key.isWorker ? undefined : host, canProve, members: new Map() });
    connection.send(this.#keysFrame(ruleset, canProve));
  }

  hear(connection: Connection, message: RelayMessage): void {
    const relay = this.#relays.get(connection);
    if (relay === undefined) return;
    if (message.type === 'instances') this.#count(relay, message);
    else if (message.type === 'telemetry') this.#dependencies.telemetry.record(relay.ruleset, message.from, message);
    else if (message.type === 'uses') this.#noteUses(relay, message);
    else if (message.type === 'contexts') {
      this.#dependencies.contexts.record(relay.ruleset, message.from === 'client' ? 'page' : 'server', message);
    } else if (message.type === 'measurements') this.#measure(relay, message);
  }

  /** Nobody knows now what the instances behind the relay run. */
  leave(connection: Connection): void {
    for (const member of this.#relays.get(connection)?.members.values() ?? []) {
      this.#dependencies.receipts.leave(member, 'lost');
    }
    this.#relays.delete(connection);
  }

  #noteUses({ ruleset }: Relay, { keys: ids }: KeyUses): void {
    for (const id of ids) {
      const key = this.#keyOf(ruleset, id);
      if (key !== undefined) this.#dependencies.keys.noteUse(key);
    }
  }

  /** A key that a relay names; undefined: there is none of that id in its environment. */
  #keyOf({ environmentId }: LiveRuleset, id: string | undefined): KnownKey | undefined {
    const key = id === undefined ? undefined : this.#dependencies.keys.findById(id)?.key;
    return key?.environmentId === environmentId ? key : undefined;
  }

  #count(
    { ruleset, name, members }: Relay,
    { joins, receipts: receipted, kills, ages, leaves }: InstancesMessage,
  ): void {
    const { receipts } = this.#dependencies;
    for (const { member, connectedAtMs, pollMs, via, key, instance, sdk, deploy } of joins) {
      if (members.has(member)) continue;
      const standIn = {};
      members.set(member, standIn);
      const keyId = this.#keyOf(ruleset, key)?.id;
      receipts.join(standIn, ruleset, { instance, sdk, deploy }, { keyId, relay: via ?? name, connectedAtMs, pollMs });
    }
    const find = (numbers: readonly number[]) => numbers.flatMap((number) => members.get(number) ?? []);
    for (const { revision, brokenFlags, members: numbers } of receipted) {
      const receipt = { revision, broken: { count: brokenFlags, keys: [] } };
      for (const member of find(numbers)) receipts.receive(member, receipt);
    }
    for (const { members: numbers, ...kill } of kills) {
      for (const member of find(numbers)) receipts.receiveKill(member, kill);
    }
    for (const { member, dataAgeMs } of ages) {
      for (const standIn of find([member])) receipts.hear(standIn, dataAgeMs);
    }
    for (const { ending, members: numbers } of leaves) {
      for (const member of find(numbers)) receipts.leave(member, ending);
      for (const number of numbers) members.delete(number);
    }
  }

  #measure({ ruleset }: Relay, { windows }: RelayedMeasurements): void {
    for (const { instance, version, ...window } of windows) {
      this.#dependencies.telemetry.measure(ruleset, { instance, version }, window);
    }
  }

  #tellChanged(): void {
    for (const environmentId of this.#changed) {
      const frames = new Map<boolean, Frame>();
      for (const [connection, { ruleset, canProve }] of this.#relays) {
        if (ruleset.environmentId !== environmentId) continue;
        const frame = frames.get(canProve) ?? this.#keysFrame(ruleset, canProve);
        frames.set(canProve, frame);
        connection.send(frame);
      }
    }
    this.#changed.clear();
  }

  #keysFrame({ environmentId, project, environment }: LiveRuleset, canProve: boolean): Frame {
    const known = this.#dependencies.keys;
    const proof = known.proofOf(environmentId);
    const keys = known.ofEnvironment(environmentId).flatMap(({ hash, key }) => {
      const { id, kind, name, expiresAtMs, origins } = key;
      const isUnsafe = kind === 'client' && proof !== undefined && !canProve;
      return kind === 'admin' || isUnsafe
        ? []
        : [{ id, kind, name, hash, expiresAtMs, origins: origins && [...origins] }];
    });
    return encodeFrame({ type: 'keys', environmentId, project, environment, keys, ...(proof && { proof }) });
  }
}
