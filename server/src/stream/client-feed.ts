import type { CompiledRulesets } from '../evaluate/compiled-rulesets.ts';
import type { TimeSignal } from '../evaluate/time-signal.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { Connection, Feed } from './connection.ts';
import { type ContextValues, differ, evaluateFor, reevaluateFor, type ValuesDifference } from './context-values.ts';
import { encodeFrame, type Frame } from './frame.ts';
import { heartbeatFrame } from './heartbeat.ts';
import type { Origin } from './origin.ts';
import type { FeedOptions } from './server-feed.ts';
import type { Turns } from './turns.ts';

/** What a socket was told, and as of which version of the feed. */
interface Told {
  readonly version: number;
  readonly values: ContextValues;
}

const NOTHING: ContextValues = { keys: [], outcomes: [] };

/**
 * The sockets with client keys of one environment. Rules never leave the server: each socket gets the values of the
 * client-visible flags for its own context, whole at first, then what differs after each change or kill, and when time
 * alone moves them. Values stand for themselves, so what comes while sockets are being told is told together.
 */
export class ClientFeed implements Feed {
  readonly #ruleset: LiveRuleset;
  readonly #compiled: CompiledRulesets;
  readonly #origin: Origin;
  readonly #turns: Turns;
  readonly #times: TimeSignal;
  #stopTime = () => {};
  readonly #told = new Map<Connection, Told>();
  /** Grows whenever values may differ. */
  #version = 0;
  readonly #delivering = { ordinary: false, urgent: false };

  constructor({ ruleset, origin, turns }: FeedOptions, compiled: CompiledRulesets, times: TimeSignal) {
    this.#ruleset = ruleset;
    this.#compiled = compiled;
    this.#origin = origin;
    this.#turns = turns;
    this.#times = times;
  }

  join(connection: Connection): void {
    if (this.#told.size === 0) this.#stopTime = this.#times.watch(this.#ruleset, 'visible', () => this.publish());
    this.#tellWhole(connection);
    connection.send(heartbeatFrame(this.#origin, this.#ruleset));
  }

  leave(connection: Connection): void {
    if (this.#told.delete(connection) && this.#told.size === 0) this.#stopTime();
  }

  /** The ruleset has a new revision, or time has moved what it serves. */
  publish(): void {
    this.#version += 1;
    this.#begin('ordinary');
  }

  /** A flag was killed or re-armed: told before any change. */
  kill(): void {
    this.#version += 1;
    this.#begin('urgent');
  }

  /** The ruleset was replaced as a whole: everyone starts anew. */
  replace(): void {
    for (const connection of this.#told.keys()) this.#told.set(connection, { version: -1, values: NOTHING });
    this.publish();
  }

  resume(connection: Connection): void {
    this.#update(connection);
    // What it was sent last took a while to leave.
    if (!connection.isLagging) connection.send(heartbeatFrame(this.#origin, this.#ruleset));
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
        for (const connection of this.#told.keys()) {
          this.#update(connection);
          yield;
        }
      }
    } finally {
      this.#delivering[lane] = false;
    }
  }

  #update(connection: Connection): void {
    const told = this.#told.get(connection);
    if (told === undefined || told.version === this.#version || connection.isLagging) return;
    if (told.values === NOTHING) {
      this.#tellWhole(connection);
      return;
    }
    const values = reevaluateFor(told.values, ...this.#question(connection));
    this.#told.set(connection, { version: this.#version, values });
    if (values === told.values) return;
    const difference = differ(told.values, values);
    if (difference.changed.length > 0 || difference.gone.length > 0) connection.send(this.#encode(false, difference));
  }

  #tellWhole(connection: Connection): void {
    const values = evaluateFor(...this.#question(connection));
    this.#told.set(connection, { version: this.#version, values });
    connection.send(this.#encode(true, differ(NOTHING, values)));
  }

  /** For whom, by what, and when. */
  #question(connection: Connection): Parameters<typeof evaluateFor> {
    return [connection.peer?.context ?? {}, this.#compiled.get(this.#ruleset), this.#origin.nowMs()];
  }

  #encode(whole: boolean, { changed, gone }: ValuesDifference): Frame {
    const { revision, committedAtMs } = this.#ruleset;
    const header = { type: 'values', revision, committedAtMs, timeMs: this.#origin.nowMs() } as const;
    return encodeFrame({ ...header, whole, values: Object.fromEntries(changed), delete: gone });
  }
}
