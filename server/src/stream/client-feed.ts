import type { Revision, ValuesMessage } from '@bunting/core';
import type { CompiledRulesets } from '../evaluate/compiled-rulesets.ts';
import type { TimeSignal } from '../evaluate/time-signal.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { Feed, Peer } from './connection.ts';
import { type ContextValues, differ, evaluateFor, reevaluateFor, type ValuesDifference } from './context-values.ts';
import { encodeFrame, type Frame } from './frame.ts';
import { heartbeatFrame } from './heartbeat.ts';
import { type Origin, stampOf } from './origin.ts';
import type { Turns } from './turns.ts';

/** Whom values are told: a connection, or a response of server-sent events. */
export interface Page {
  readonly peer: Pick<Peer, 'context'> | undefined;
  /** It has still to take what it was sent: nothing more is, until `resume` is called for it. */
  readonly isLagging: boolean;
  send(frame: Frame): void;
}

export interface ClientFeedOptions {
  readonly ruleset: LiveRuleset;
  readonly compiled: CompiledRulesets;
  readonly origin: Origin;
  readonly turns: Turns;
  readonly times: TimeSignal;
}

/** What a page was told, and as of which version of the feed. */
interface Told {
  readonly version: number;
  readonly values: ContextValues;
  /** Of the latest message. */
  readonly seq: number;
}

/** A page that has seen more than what is here: it is told nothing until this has come as far. */
interface Waiting {
  readonly have: Revision;
  readonly sinceMs: number;
  /** When a flag was first killed or re-armed meanwhile; Infinity: none was. */
  killedAtMs: number;
}

/** An earlier revision that the origin still confirms after this long, and since, is what there is: a backup was restored. */
const BEHIND_MS = 5_000;
/** How often waits are looked at. */
const LOOK_MS = 250;
/**
 * Who catches up hears of kills first, and of all else right after: by then a page that waits is told both together. No longer
 * than this, for a kill cannot wait; and not much sooner, for a page that is told what there is steps back in all else.
 */
const KILL_GRACE_MS = 1_000;

const NOTHING: ContextValues = { keys: [], outcomes: [] };

/**
 * The pages of one environment, let in by client keys. Rules never leave the server: each page gets the values of the
 * client-visible flags for its own context, whole at first, then what differs after each change or kill, and when time
 * alone moves them. Values stand for themselves, so what comes while pages are being told is told together.
 */
export class ClientFeed implements Feed {
  readonly #ruleset: LiveRuleset;
  readonly #compiled: CompiledRulesets;
  readonly #origin: Origin;
  readonly #turns: Turns;
  readonly #times: TimeSignal;
  #stopTime = () => {};
  readonly #told = new Map<Page, Told>();
  readonly #waiting = new Map<Page, Waiting>();
  #waitTimer: NodeJS.Timeout | undefined;
  /** Grows whenever values may differ. */
  #version = 0;
  readonly #delivering = { ordinary: false, urgent: false };

  constructor({ ruleset, compiled, origin, turns, times }: ClientFeedOptions) {
    this.#ruleset = ruleset;
    this.#compiled = compiled;
    this.#origin = origin;
    this.#turns = turns;
    this.#times = times;
  }

  /** @param have what the page has seen, wherever it was before */
  join(page: Page, have: Revision | null = null): void {
    if (have !== null && this.#isBehind(have)) {
      this.#wait(page, have);
    } else {
      this.#watchTime();
      this.#tellWhole(page);
    }
    page.send(heartbeatFrame(this.#origin, this.#ruleset));
  }

  leave(page: Page): void {
    this.#waiting.delete(page);
    if (this.#told.delete(page) && this.#told.size === 0) this.#stopTime();
  }

  /** The ruleset has a new revision, or time has moved what it serves. */
  publish(): void {
    this.#version += 1;
    this.#endWaits((waiting) => !this.#isBehind(waiting.have));
    this.#begin('ordinary');
  }

  /** A flag was killed or re-armed: told before any change, and soon to those who wait for one. */
  kill(): void {
    this.#version += 1;
    for (const waiting of this.#waiting.values()) {
      waiting.killedAtMs = Math.min(waiting.killedAtMs, performance.now());
    }
    this.#begin('urgent');
  }

  /** The ruleset was replaced as a whole: everyone starts anew. */
  replace(): void {
    for (const [page, { seq }] of this.#told) this.#told.set(page, { version: -1, values: NOTHING, seq });
    this.publish();
  }

  resume(page: Page): void {
    this.#update(page);
    // What it was sent last took a while to leave.
    if (!page.isLagging) page.send(heartbeatFrame(this.#origin, this.#ruleset));
  }

  #wait(page: Page, have: Revision): void {
    this.#waiting.set(page, { have, sinceMs: performance.now(), killedAtMs: Number.POSITIVE_INFINITY });
    this.#waitTimer ??= setInterval(() => {
      this.#endWaits((waiting) => this.#isLongEnough(waiting));
      this.#begin('ordinary');
    }, LOOK_MS).unref();
  }

  /** Whose wait is over is told with all others. */
  #endWaits(isOver: (waiting: Waiting) => boolean): void {
    for (const [page, waiting] of this.#waiting) {
      if (!isOver(waiting)) continue;
      this.#waiting.delete(page);
      this.#watchTime();
      this.#told.set(page, { version: -1, values: NOTHING, seq: 0 });
    }
    if (this.#waiting.size > 0) return;
    clearInterval(this.#waitTimer);
    this.#waitTimer = undefined;
  }

  /** Before the first page is told anything. */
  #watchTime(): void {
    if (this.#told.size === 0) this.#stopTime = this.#times.watch(this.#ruleset, 'visible', () => this.publish());
  }

  #isBehind({ incarnation, number }: Revision): boolean {
    const { revision } = this.#ruleset;
    return incarnation === revision.incarnation && number > revision.number;
  }

  #isLongEnough({ sinceMs, killedAtMs }: Waiting): boolean {
    const nowMs = performance.now();
    if (nowMs - killedAtMs >= KILL_GRACE_MS) return true;
    const waitedMs = nowMs - sinceMs;
    return waitedMs >= BEHIND_MS && this.#origin.dataAgeMs(this.#ruleset) < waitedMs;
  }

  #begin(lane: 'ordinary' | 'urgent'): void {
    if (this.#told.size === 0 || this.#delivering[lane]) return;
    this.#delivering[lane] = true;
    void this.#turns.run(this.#deliver(lane), { isUrgent: lane === 'urgent' });
  }

  *#deliver(lane: 'ordinary' | 'urgent'): Generator<void> {
    try {
      for (let version = -1; version !== this.#version; ) {
        version = this.#version;
        for (const page of this.#told.keys()) {
          this.#update(page);
          yield;
        }
      }
    } finally {
      this.#delivering[lane] = false;
    }
  }

  #update(page: Page): void {
    const told = this.#told.get(page);
    if (told === undefined || told.version === this.#version || page.isLagging) return;
    if (told.values === NOTHING) {
      this.#tellWhole(page);
      return;
    }
    const values = reevaluateFor(told.values, ...this.#question(page));
    const difference = values === told.values ? undefined : differ(told.values, values);
    if (difference === undefined || difference.changed.length + difference.gone.length === 0) {
      this.#told.set(page, { ...told, version: this.#version, values });
      return;
    }
    const seq = told.seq + 1;
    this.#told.set(page, { version: this.#version, values, seq });
    page.send(this.#encode({ seq, whole: false }, difference));
  }

  #tellWhole(page: Page): void {
    const values = evaluateFor(...this.#question(page));
    const seq = (this.#told.get(page)?.seq ?? 0) + 1;
    this.#told.set(page, { version: this.#version, values, seq });
    page.send(this.#encode({ seq, whole: true }, differ(NOTHING, values)));
  }

  /** For whom, by what, and when. */
  #question(page: Page): Parameters<typeof evaluateFor> {
    return [page.peer?.context ?? {}, this.#compiled.get(this.#ruleset), this.#origin.nowMs()];
  }

  #encode(place: Pick<ValuesMessage, 'seq' | 'whole'>, { changed, gone }: ValuesDifference): Frame {
    const { revision, committedAtMs } = this.#ruleset;
    const header = { type: 'values', revision, committedAtMs, ...stampOf(this.#origin, this.#ruleset) } as const;
    return encodeFrame({ ...header, ...place, values: Object.fromEntries(changed), delete: gone });
  }
}
