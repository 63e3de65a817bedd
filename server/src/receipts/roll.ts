import type { Revision } from '@bunting/core';
import type { Introduction } from './introduction.ts';
import { percentile } from './percentile.ts';

/** A connected instance and what it runs. Times by `performance.now()`. */
export interface Instance {
  readonly id: string;
  readonly introduction: Introduction;
  readonly connectedAtMs: number;
  readonly connectedTickMs: number;
  /** Null until its first receipt. */
  revision: Revision | null;
  brokenFlags: number;
}

/** A recent revision and how long it took to the instances that were connected when it was committed. */
interface Round {
  readonly number: number;
  readonly committedTickMs: number;
  readonly samplesMs: number[];
}

export interface Summary {
  readonly instances: number;
  readonly confirmed: number;
  readonly pending: number;
  /** Instances that confirmed, but could not understand some flags. */
  readonly broken: number;
  readonly firstMs: number | null;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly lastMs: number | null;
}

/** Receipts for older revisions than these are not timed. */
const MAX_ROUNDS = 32;

/** The roll of one environment's instances. A member is a connection; an instance that reconnects takes its own place. */
export class Roll {
  readonly #instances = new Map<string, Instance>();
  readonly #members = new Map<object, Instance>();
  #rounds: Round[] = [];

  join(member: object, introduction: Introduction, tickMs: number): void {
    const instance: Instance = {
      id: introduction.instance.id,
      introduction,
      connectedAtMs: Date.now(),
      connectedTickMs: tickMs,
      revision: null,
      brokenFlags: 0,
    };
    this.#members.set(member, instance);
    this.#instances.set(instance.id, instance);
  }

  leave(member: object): void {
    const instance = this.#members.get(member);
    if (instance === undefined) return;
    this.#members.delete(member);
    // The old connection of an instance that has come back must not take the new one with it.
    if (this.#instances.get(instance.id) === instance) this.#instances.delete(instance.id);
  }

  commit(revision: Revision, committedTickMs: number): void {
    this.#rounds.push({ number: revision.number, committedTickMs, samplesMs: [] });
    if (this.#rounds.length > MAX_ROUNDS) this.#rounds = this.#rounds.slice(-MAX_ROUNDS);
  }

  /** @returns how long after the commit it came; undefined when that says nothing about delivery */
  receive(member: object, revision: Revision, brokenFlags: number, tickMs: number): number | undefined {
    const instance = this.#members.get(member);
    if (instance === undefined) return undefined;
    const before = instance.revision;
    instance.revision = revision;
    instance.brokenFlags = brokenFlags;
    if (before !== null && before.number >= revision.number) return undefined;
    const round = this.#rounds.find(({ number }) => number === revision.number);
    // Who connected later was not waiting for this revision.
    if (round === undefined || instance.connectedTickMs > round.committedTickMs) return undefined;
    const tookMs = Math.max(0, tickMs - round.committedTickMs);
    round.samplesMs.push(tookMs);
    return tookMs;
  }

  instances(): Instance[] {
    return [...this.#instances.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  summarise(current: Revision): Summary {
    let confirmed = 0;
    let broken = 0;
    for (const { revision, brokenFlags } of this.#instances.values()) {
      if (revision === null || !isSame(revision, current)) continue;
      confirmed += 1;
      if (brokenFlags > 0) broken += 1;
    }
    const round = this.#rounds.at(-1);
    const samplesMs = round?.number === current.number ? round.samplesMs.toSorted((a, b) => a - b) : [];
    return {
      instances: this.#instances.size,
      confirmed,
      pending: this.#instances.size - confirmed,
      broken,
      firstMs: percentile(samplesMs, 0),
      p50Ms: percentile(samplesMs, 50),
      p99Ms: percentile(samplesMs, 99),
      lastMs: percentile(samplesMs, 100),
    };
  }
}

function isSame(a: Revision, b: Revision): boolean {
  return a.number === b.number && a.hash === b.hash && a.incarnation === b.incarnation;
}
