import { PassThrough, type Readable } from 'node:stream';
import { encode, type Kill, type ServerMessage } from '@bunting/core';
import type { FastifyBaseLogger } from 'fastify';
import { ApiError } from '../http/api-error.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import type { StreamLimits } from '../stream/limits.ts';
import { agesOf, type Origin } from '../stream/origin.ts';
import { Turns, type Work } from '../stream/turns.ts';
import type { Caller } from './caller.ts';
import { PADDING, toEvent } from './event.ts';
import { type Position, positionOf, readPosition } from './position.ts';
import type { Update, Updates } from './updates.ts';

export interface EventFeedDependencies {
  readonly rulesets: Rulesets;
  readonly updates: Updates;
  readonly origin: Origin;
  readonly metrics: Metrics;
  readonly log: Pick<FastifyBaseLogger, 'error'>;
}

type Limits = Pick<StreamLimits, 'heartbeatMs' | 'maxBufferedBytes' | 'retryAfterMs' | 'maxTurnMs' | 'closeTimeoutMs'>;

/** A snapshot's `timeMs` is at most this old when it is sent; a crowd that connects at once shares one. */
const SHARE_UPDATE_MS = 250;

/** A long-lived response, and what its client has once it has read all of it. */
interface Reader {
  readonly keyId: string;
  readonly stream: PassThrough;
  /** How much may wait: the first events may be larger than the bound for what comes on top of them. */
  readonly maxWaitingBytes: number;
  position: string;
}

interface Environment {
  readonly ruleset: LiveRuleset;
  readonly readers: Set<Reader>;
  isDelivering: boolean;
  isStale: boolean;
}

/** What the stream sends to server keys, as server-sent events. Each event is made once for all readers. */
export class EventFeed {
  readonly #dependencies: EventFeedDependencies;
  readonly #limits: Limits;
  readonly #environments = new Map<string, Environment>();
  readonly #events = new WeakMap<Update, Buffer>();
  readonly #turns: Turns;
  readonly #heartbeat: NodeJS.Timeout;
  #isClosed = false;

  constructor(dependencies: EventFeedDependencies, limits: Limits) {
    this.#dependencies = dependencies;
    this.#limits = limits;
    const { rulesets, metrics, log } = dependencies;
    this.#turns = new Turns({
      maxTurnMs: limits.maxTurnMs,
      observe: (tookMs) => metrics.turnSeconds.observe(tookMs / 1000),
      report: (error) => log.error({ err: error }, 'work on event streams failed'),
    });
    rulesets.onChange((ruleset) => this.#publish(ruleset));
    rulesets.onReplace((ruleset) => this.#publish(ruleset));
    rulesets.onKill((ruleset, kill) => this.#kill(ruleset, kill));
    this.#heartbeat = setInterval(() => void this.#turns.run(this.#beat()), limits.heartbeatMs).unref();
  }

  /**
   * @param onEnd called once, when the reader is gone
   * @throws {ApiError} `shutting_down` after `close`: nobody would end the response
   */
  open({ key, ruleset }: Caller, have: Position | undefined, onEnd: () => void): Readable {
    if (this.#isClosed) {
      throw new ApiError('shutting_down', 'The server is shutting down. Come back soon.', undefined, {
        'retry-after': String(Math.ceil(this.#limits.retryAfterMs / 1000)),
      });
    }
    const { readers } = this.#environmentOf(ruleset);
    const update = this.#dependencies.updates.since(ruleset, have, SHARE_UPDATE_MS);
    const first = this.#eventsOf(update);
    const reader: Reader = {
      keyId: key.id,
      stream: new PassThrough(),
      maxWaitingBytes: first.length + this.#limits.maxBufferedBytes,
      position: update.position,
    };
    readers.add(reader);
    reader.stream.on('close', () => {
      readers.delete(reader);
      onEnd();
    });
    reader.stream.write(PADDING);
    reader.stream.write(first);
    reader.stream.write(this.#heartbeatEvent(ruleset));
    return reader.stream;
  }

  /** Everyone that the key let in is told and sent away. */
  revoke(keyId: string, error: ServerMessage): void {
    for (const reader of this.#all()) if (reader.keyId === keyId) reader.stream.end(toEvent(encode(error)));
  }

  /** Says goodbye to everyone and ends all responses. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#heartbeat);
    const goodbye = toEvent(encode({ type: 'goodbye', retryAfterMs: this.#limits.retryAfterMs }));
    const readers = this.#all();
    for (const { stream } of readers) stream.end(goodbye);
    // Whoever does not read must not keep the server from closing.
    setTimeout(() => {
      for (const { stream } of readers) stream.destroy();
    }, this.#limits.closeTimeoutMs).unref();
  }

  #publish(ruleset: LiveRuleset): void {
    const environment = this.#environments.get(ruleset.environmentId);
    if (environment === undefined || environment.readers.size === 0) return;
    environment.isStale = true;
    if (environment.isDelivering) return;
    environment.isDelivering = true;
    void this.#turns.run(this.#deliver(ruleset, environment));
  }

  /** Each reader gets what leads from where it is to the newest: changes that come meanwhile are told together. */
  *#deliver(ruleset: LiveRuleset, environment: Environment): Work {
    try {
      while (environment.isStale) {
        environment.isStale = false;
        for (const reader of environment.readers) {
          const update = this.#dependencies.updates.since(ruleset, readPosition(reader.position), SHARE_UPDATE_MS);
          if (reader.position !== update.position) {
            reader.position = update.position;
            this.#write(reader, this.#eventsOf(update));
          }
          yield;
        }
      }
    } finally {
      environment.isDelivering = false;
    }
  }

  /** Overtakes the changes that are still to be told. Without an id: it says nothing of where the reader is. */
  #kill(ruleset: LiveRuleset, kill: Kill): void {
    const readers = this.#environments.get(ruleset.environmentId)?.readers ?? [];
    const event = toEvent(encode({ type: 'kill', ...kill }));
    const kills = killsOf(positionOf(ruleset));
    for (const reader of readers) {
      reader.position = reader.position.slice(0, -killsOf(reader.position).length) + kills;
      this.#write(reader, event);
    }
  }

  *#beat(): Work {
    for (const { ruleset, readers } of this.#environments.values()) {
      const heartbeat = this.#heartbeatEvent(ruleset);
      for (const reader of readers) yield this.#write(reader, heartbeat);
    }
  }

  /** A reader that is too far behind is cut off: it comes back and resumes. */
  #write({ stream, maxWaitingBytes }: Reader, event: Buffer): void {
    if (!stream.writable) return;
    if (stream.writableLength + stream.readableLength <= maxWaitingBytes) {
      stream.write(event);
      return;
    }
    this.#dependencies.metrics.slowSockets.inc();
    stream.destroy();
  }

  #heartbeatEvent(ruleset: LiveRuleset): Buffer {
    const { origin } = this.#dependencies;
    return toEvent(encode({ type: 'heartbeat', timeMs: origin.nowMs(), ...agesOf(origin, ruleset) }));
  }

  #eventsOf(update: Update): Buffer {
    let events = this.#events.get(update);
    if (events === undefined) {
      const last = update.messages.length - 1;
      // The id is with the last of them: who has read less has not got there.
      const parts = update.messages.map((text, i) => toEvent(text, i === last ? update.position : undefined));
      events = Buffer.concat(parts);
      this.#events.set(update, events);
    }
    return events;
  }

  #all(): Reader[] {
    return [...this.#environments.values()].flatMap(({ readers }) => [...readers]);
  }

  #environmentOf(ruleset: LiveRuleset): Environment {
    const { environmentId } = ruleset;
    let environment = this.#environments.get(environmentId);
    if (environment === undefined) {
      environment = { ruleset, readers: new Set(), isDelivering: false, isStale: false };
      this.#environments.set(environmentId, environment);
    }
    return environment;
  }
}

/** The last part of a position. */
function killsOf(position: string): string {
  return position.slice(position.lastIndexOf('.') + 1);
}
