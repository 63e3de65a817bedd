import { setTimeout as wait } from 'node:timers/promises';
import {
  DEFAULT_APPLY_TIMEOUT_MS,
  type TrafficDesired,
  type TrafficObserved,
  type TrafficTarget,
} from '../traffic/traffic-target.ts';

/** A change of traffic that is under way. */
export interface ChangeUnderWay {
  readonly desired: TrafficDesired;
  /** Milliseconds since 1970, UTC. */
  readonly sinceMs: number;
}

/** A read that takes longer counts as none, in milliseconds. */
export const READ_TIMEOUT_MS = 2_000;
/** How long a look waits for a change; longer ones go on beside the looks. */
const PATIENCE_MS = 500;
/** How often it is asked whether this server may go on with a change. */
const ASK_EVERY_MS = 200;

/**
 * The traffic target of one release, as the server steers it that holds the release. It gets one change at a time, each for as
 * long as its kind says, and as the release is held: what takes longer is cut off.
 */
export class SteeredTarget {
  readonly target: TrafficTarget;
  /** The environment and key of the target: releases of the same one come after each other. */
  readonly place: string;
  readonly #now: () => number;
  readonly #stopping = new AbortController();
  #underWay: (ChangeUnderWay & { readonly ended: Promise<void> }) | undefined;
  #applied: { readonly desired: TrafficDesired; readonly atMs: number } | undefined;

  constructor(target: TrafficTarget, place: string, now: () => number) {
    this.target = target;
    this.place = place;
    this.#now = now;
  }

  /** How long a change may take at most, in milliseconds. */
  get applyTimeoutMs(): number {
    return this.target.applyTimeoutMs ?? DEFAULT_APPLY_TIMEOUT_MS;
  }

  /** While there is one, what is read may be from before or after it: nothing is to be believed. */
  get underWay(): ChangeUnderWay | undefined {
    return this.#underWay;
  }

  /** What this server set last, and when; undefined: nothing yet. */
  get applied(): { readonly desired: TrafficDesired; readonly atMs: number } | undefined {
    return this.#applied;
  }

  read(): Promise<TrafficObserved> {
    return this.target.read(AbortSignal.timeout(READ_TIMEOUT_MS));
  }

  /**
   * Begins a change, and waits for it a little. There must be none under way.
   * @param isHeld whether this server may still change it
   * @param onLate hears how a change ended that was not waited for; without an error: well
   * @returns whether it has ended
   * @throws what it failed with while it was waited for
   */
  async apply(
    desired: TrafficDesired,
    fence: number,
    isHeld: () => boolean,
    onLate: (error?: unknown) => void,
  ): Promise<boolean> {
    const change = this.#change(desired, fence, isHeld);
    const ended = change.then(
      () => {},
      () => {},
    );
    const underWay = { desired, sinceMs: this.#now(), ended };
    this.#underWay = underWay;
    void ended.then(() => {
      this.#underWay = undefined;
    });
    const patience = new AbortController();
    const late = wait(PATIENCE_MS, false, { signal: patience.signal }).catch(() => false);
    const isOver = await Promise.race([change.then(() => true), late]).finally(() => patience.abort());
    if (!isOver) void change.then(() => onLate(), onLate);
    return isOver;
  }

  /** Cuts off what is under way, and waits for its end. There is no change after it. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#underWay?.ended;
  }

  async #change(desired: TrafficDesired, fence: number, isHeld: () => boolean): Promise<void> {
    const lost = new AbortController();
    const asking = setInterval(() => {
      if (!isHeld()) lost.abort();
    }, ASK_EVERY_MS);
    const signals = [AbortSignal.timeout(this.applyTimeoutMs), lost.signal, this.#stopping.signal];
    try {
      await this.target.apply(desired, fence, AbortSignal.any(signals));
      this.#applied = { desired, atMs: this.#now() };
    } finally {
      clearInterval(asking);
    }
  }
}
