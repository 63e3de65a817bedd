import type { ChangesMessage, Kill, Revision, SnapshotMessage } from '@bunting/core';
import type { KeyRing } from '../keys/key-ring.ts';
import type { LiveRuleset, LiveRulesetState } from '../rulesets/live-ruleset.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import { DataAge } from './data-age.ts';
import type { OriginClock } from './origin-clock.ts';
import type { KeysMessage } from './protocol.ts';

export interface ReplicaOptions {
  readonly rulesets: Rulesets;
  readonly keys: KeyRing;
  readonly clock: OriginClock;
}

/** One environment in memory, as the upstream has it: its ruleset, its kills, and the keys that open it. */
export class Replica {
  readonly #options: ReplicaOptions;
  readonly age = new DataAge();
  /** Since the origin looked after what is leased. */
  readonly vouched = new DataAge();
  #keys: KeysMessage | undefined;
  #ruleset: LiveRuleset | undefined;

  constructor(options: ReplicaOptions) {
    this.#options = options;
  }

  /** Undefined while it is not known which environment this is. */
  get keys(): KeysMessage | undefined {
    return this.#keys;
  }

  /** Undefined while there is no data. */
  get ruleset(): LiveRuleset | undefined {
    return this.#ruleset;
  }

  /** @throws {Error} when they are of another environment than before */
  takeKeys(message: KeysMessage): void {
    if (this.#keys !== undefined && message.environmentId !== this.#keys.environmentId) {
      throw new Error('the relay key opens another environment than before');
    }
    this.#keys = message;
    this.#admitKeys();
  }

  /** @throws {Error} when it does not fit what is here; then nothing has changed */
  take(message: SnapshotMessage | ChangesMessage): void {
    if (message.type === 'snapshot') this.#takeSnapshot(message);
    else this.#takeChanges(message);
  }

  takeKill(kill: Kill): void {
    if (this.#ruleset !== undefined) this.#options.rulesets.applyKill(this.#ruleset.environmentId, kill);
  }

  #takeSnapshot(message: SnapshotMessage): void {
    const { revision, committedAtMs, items, kills, dataAgeMs = 0 } = message;
    const { rulesets } = this.#options;
    const current = this.#ruleset?.revision;
    if (this.#keys === undefined) throw new Error('it came before the keys');
    const isBack = current?.incarnation === revision.incarnation && revision.number < current.number;
    if (isBack && dataAgeMs > (this.age.ms ?? 0)) throw new Error('the upstream knows less than this relay does');
    this.#confirm(message);
    const { environmentId, project, environment } = this.#keys;
    if (current !== undefined && isSame(current, revision)) {
      for (const kill of kills) rulesets.applyKill(environmentId, kill);
      return;
    }
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
  }

  #takeChanges(message: ChangesMessage): void {
    const { from, revision, committedAtMs, items, delete: deletes } = message;
    if (this.#ruleset === undefined) throw new Error('it came before any snapshot');
    const { environmentId, revision: current } = this.#ruleset;
    // Else it is the answer to a hello that had the newest already.
    const isNews = !isSame(current, revision);
    if (isNews && (current.incarnation !== revision.incarnation || current.number !== from)) {
      throw new Error(`it follows revision ${from}, here is ${current.number}`);
    }
    this.#confirm(message);
    const change = { environmentId, from, revision, committedAtMs, puts: items, deletes };
    if (isNews) this.#options.rulesets.apply({ ...change, committedTickMs: performance.now() });
  }

  confirm({ dataAgeMs = 0, vouchAgeMs = dataAgeMs }: { dataAgeMs?: number; vouchAgeMs?: number }): void {
    this.age.confirm(dataAgeMs);
    this.vouched.confirm(vouchAgeMs);
  }

  /** Before the data is taken in: who is told of it is told its age. */
  #confirm({ timeMs, ...ages }: SnapshotMessage | ChangesMessage): void {
    this.#options.clock.set(timeMs);
    this.confirm(ages);
  }

  /** Keys are let in when there is something for them. */
  #admitKeys(): void {
    if (this.#keys === undefined || this.#ruleset === undefined) return;
    const { environmentId, keys, proof } = this.#keys;
    this.#options.keys.setProof(environmentId, proof);
    this.#options.keys.replace(
      environmentId,
      keys.map(({ id, kind, name, hash, expiresAtMs, origins }) => ({
        hash,
        key: {
          ...{ id, kind, name, environmentId },
          ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
          ...(origins === undefined ? {} : { origins }),
        },
      })),
    );
  }
}

function isSame(a: Revision, b: Revision): boolean {
  return a.number === b.number && a.hash === b.hash && a.incarnation === b.incarnation;
}
