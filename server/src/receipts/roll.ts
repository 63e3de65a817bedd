import type { Kill, Revision } from '@bunting/core';
import { type Ending, hashOfId, type Instance, type Moment } from './instance.ts';
import type { Introduction } from './introduction.ts';
import { KillRounds } from './kill-rounds.ts';
import { RECEIPT_LIMITS, type ReceiptLimits } from './limits.ts';
import { type Round, Rounds } from './rounds.ts';

/** What an instance is when it joins. */
export interface Arrival {
  readonly introduction: Introduction;
  readonly keyId?: string | undefined;
  readonly via?: string | undefined;
  readonly pollMs?: number | undefined;
  readonly connected: Moment;
}

/**
 * The roll of one environment's instances on this server. A member is what stands for a connection; an instance that
 * reconnects takes its own place. What it takes in costs the same however many instances there are.
 */
export class Roll {
  readonly #limits: ReceiptLimits;
  readonly #members = new Map<object, Instance>();
  readonly #connected = new Map<string, Instance>();
  /** Lost without a goodbye, the longest gone first. */
  readonly #lost = new Map<string, Instance>();
  /** That said they run a revision which this server has yet to learn of. */
  readonly #ahead = new Set<Instance>();
  readonly #behind = new Set<Instance>();
  readonly #rounds = new Rounds();
  readonly kills = new KillRounds();
  #current: Revision;
  /** Since when the current incarnation is served here. */
  #servedSince: Moment;
  #version = 0;

  constructor(current: Revision, committed: Moment, limits: ReceiptLimits = RECEIPT_LIMITS) {
    this.#limits = limits;
    this.#current = current;
    this.#servedSince = committed;
    this.#rounds.begin(current, committed);
  }

  /** Changes whenever anything here does. */
  get version(): number {
    return this.#version;
  }

  get current(): Revision {
    return this.#current;
  }

  find(member: object): Instance | undefined {
    const instance = this.#members.get(member);
    // The old connection of an instance that has come back speaks for nobody.
    return instance !== undefined && this.#connected.get(instance.id) === instance ? instance : undefined;
  }

  join(member: object, { introduction, keyId, via, pollMs = 0, connected }: Arrival): Instance {
    const { id } = introduction.instance;
    const before = this.#connected.get(id) ?? this.#lost.get(id);
    const instance: Instance = {
      id,
      idHash: hashOfId(id),
      introduction,
      keyId,
      via,
      connected,
      pollMs,
      lost: null,
      revision: null,
      proved: -1,
      timed: -1,
      brokenFlags: 0,
      dataAgeMs: undefined,
      kills: before?.kills ?? new Map(),
    };
    this.#lost.delete(id);
    if (before !== undefined) this.#drop(before);
    this.#members.set(member, instance);
    this.#connected.set(id, instance);
    this.#version += 1;
    return instance;
  }

  /** @returns the instance that is gone; undefined when another connection stands for it already */
  leave(member: object, ending: Ending, now: Moment): Instance | undefined {
    const instance = this.find(member);
    this.#members.delete(member);
    if (instance === undefined) return undefined;
    this.#connected.delete(instance.id);
    this.#drop(instance);
    this.#version += 1;
    if (ending === 'closed') return instance;
    instance.lost = now;
    this.#lost.set(instance.id, instance);
    if (this.#lost.size > this.#limits.maxUnknown) this.#forgetLongestLost();
    return instance;
  }

  /** Takes a revision that follows the current one. */
  commit(revision: Revision, committed: Moment): void {
    this.#version += 1;
    this.#current = revision;
    this.#rounds.begin(revision, committed);
    for (const instance of [...this.#ahead]) this.#prove(instance);
  }

  /** Takes a revision that no known change leads to: what instances said before is judged anew. */
  replace(revision: Revision, committed: Moment): void {
    const { incarnation, number, hash } = this.#current;
    if (revision.incarnation === incarnation && revision.number === number && revision.hash === hash) return;
    if (revision.incarnation !== incarnation) this.#servedSince = committed;
    this.commit(revision, committed);
    const timedAtMost = revision.incarnation === incarnation ? revision.number - 1 : -1;
    for (const instance of [...this.#connected.values(), ...this.#lost.values()]) {
      this.#prove(instance);
      instance.timed = Math.min(instance.timed, timedAtMost);
    }
  }

  /** @returns how long after its commit each revision came that the instance now has, where that says something */
  receive(member: object, revision: Revision, brokenFlags: number, tickMs: number): number[] {
    const instance = this.find(member);
    if (instance === undefined) return [];
    instance.revision = revision;
    instance.brokenFlags = brokenFlags;
    this.#prove(instance);
    if (instance.proved >= this.#current.number) this.#behind.delete(instance);
    this.#version += 1;
    // A receipt confirms all that came before it: changes may travel together. Who connected later was not waiting.
    const untimed = this.#rounds.between(instance.timed, instance.proved);
    instance.timed = Math.max(instance.timed, instance.proved);
    return untimed.flatMap(({ committed, samples }) => {
      if (instance.connected.tickMs > committed.tickMs) return [];
      const tookMs = Math.max(0, tickMs - committed.tickMs);
      samples.add(tookMs);
      return [tookMs];
    });
  }

  /** @returns how long it took; undefined when that says nothing about delivery */
  receiveKill(member: object, kill: Kill, tickMs: number): number | undefined {
    const instance = this.find(member);
    if (instance === undefined) return undefined;
    this.#version += 1;
    return this.kills.receive(instance, kill, tickMs);
  }

  beginKill(kill: Kill, taken: Moment): void {
    this.#version += 1;
    this.kills.begin(kill, taken);
  }

  /** Looks for instances that lack a revision for too long. @returns those that were not behind before */
  findBehind(nowTickMs: number): Instance[] {
    const fresh: Instance[] = [];
    for (const instance of this.#connected.values()) {
      const since = this.behindSince(instance);
      if (since === undefined) this.#behind.delete(instance);
      else if (this.#isLong(nowTickMs - since.tickMs, instance) && !this.#behind.has(instance)) {
        this.#behind.add(instance);
        fresh.push(instance);
      }
    }
    if (fresh.length > 0) this.#version += 1;
    return fresh;
  }

  /** Connected instances that lack a revision for too long, as `findBehind` saw last. */
  get behind(): ReadonlySet<Instance> {
    return this.#behind;
  }

  /** Forgets who has been lost for too long. */
  expire(nowTickMs: number): void {
    for (const { id, lost } of this.#lost.values()) {
      if (lost !== null && nowTickMs - lost.tickMs < this.#limits.unknownForMs) return;
      this.#lost.delete(id);
      this.#version += 1;
    }
  }

  connected(): Iterable<Instance> {
    return this.#connected.values();
  }

  lost(): Iterable<Instance> {
    return this.#lost.values();
  }

  /** One of the recent revisions; undefined when it is not kept, or of the future. */
  round(number: number): Round | undefined {
    return this.#rounds.find(number);
  }

  /** Since when an instance has lacked a revision; undefined when it has all. */
  behindSince({ proved, connected }: Instance): Moment | undefined {
    if (proved >= this.#current.number) return undefined;
    const missed = proved < 0 ? this.#servedSince : this.#rounds.firstAfter(proved)?.committed;
    return missed === undefined || missed.tickMs < connected.tickMs ? connected : missed;
  }

  #prove(instance: Instance): void {
    const { revision } = instance;
    this.#ahead.delete(instance);
    instance.proved = -1;
    if (revision === null || revision.incarnation !== this.#current.incarnation) return;
    if (revision.number > this.#current.number) {
      if (instance.lost === null) this.#ahead.add(instance);
      return;
    }
    const known = this.#rounds.find(revision.number)?.revision;
    if (known === undefined || known.hash === revision.hash) instance.proved = revision.number;
  }

  #isLong(ms: number, { pollMs }: Instance): boolean {
    return ms > this.#limits.behindAfterMs + pollMs;
  }

  #drop(instance: Instance): void {
    this.#ahead.delete(instance);
    this.#behind.delete(instance);
  }

  #forgetLongestLost(): void {
    const [id] = this.#lost.keys();
    if (id !== undefined) this.#lost.delete(id);
  }
}
