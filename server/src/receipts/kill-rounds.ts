import { type Kill, outranks } from '@bunting/core';
import type { Instance, Moment } from './instance.ts';
import { Samples } from './samples.ts';

/** A flag's latest kill or re-arm, and how long it took to the instances that were connected when it came. */
export interface KillRound {
  readonly kill: Kill;
  /** When this server took it. */
  readonly taken: Moment;
  readonly samples: Samples;
}

/** Kills of more flags than these are not followed; the longest ago is forgotten first. */
const MAX_KILL_ROUNDS = 64;

/** The recent kills of one environment, one for each flag. */
export class KillRounds {
  /** By flag key, oldest first. */
  readonly #rounds = new Map<string, KillRound>();

  begin(kill: Kill, taken: Moment): void {
    this.#rounds.delete(kill.flag);
    this.#rounds.set(kill.flag, { kill, taken, samples: new Samples() });
    if (this.#rounds.size <= MAX_KILL_ROUNDS) return;
    const [oldest] = this.#rounds.keys();
    if (oldest !== undefined) this.#rounds.delete(oldest);
  }

  find(flag: string): KillRound | undefined {
    return this.#rounds.get(flag);
  }

  /** The one that was taken last. */
  latest(): KillRound | undefined {
    return [...this.#rounds.values()].at(-1);
  }

  /** Takes an instance's confirmation. @returns how long it took; undefined when that says nothing about delivery */
  receive(instance: Instance, { flag, epoch, engaged }: Kill, tickMs: number): number | undefined {
    const round = this.#rounds.get(flag);
    const confirmed = { flag, epoch, engaged };
    // Flags that were never killed are not remembered: an instance cannot fill the memory with names of its own.
    if (round === undefined || !outranks(confirmed, instance.kills.get(flag))) return undefined;
    const hadIt = this.has(instance, round.kill);
    instance.kills.set(flag, confirmed);
    if (hadIt || !this.has(instance, round.kill)) return undefined;
    if (instance.connected.tickMs > round.taken.tickMs) return undefined;
    const tookMs = Math.max(0, tickMs - round.taken.tickMs);
    round.samples.add(tookMs);
    return tookMs;
  }

  /** Whether an instance answers by a kill: it said so, or it connected later, when the kill came before all else. */
  has(instance: Instance, kill: Kill): boolean {
    const confirmed = instance.kills.get(kill.flag);
    if (confirmed !== undefined && !outranks(kill, confirmed)) return true;
    const round = this.#rounds.get(kill.flag);
    if (round === undefined || outranks(kill, round.kill)) return false;
    return instance.connected.tickMs > round.taken.tickMs && instance.revision !== null;
  }
}
