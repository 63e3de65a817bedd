import { PassThrough, type Readable } from 'node:stream';
import type { EvaluationContext, ServerMessage } from '@bunting/core';
import type { FastifyBaseLogger } from 'fastify';
import { ApiError } from '../http/api-error.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Page } from '../stream/client-feed.ts';
import { ClientFeeds, type ClientFeedsDependencies } from '../stream/client-feeds.ts';
import { encodeFrame, type Frame, textOf } from '../stream/frame.ts';
import { heartbeatFrame } from '../stream/heartbeat.ts';
import type { StreamLimits } from '../stream/limits.ts';
import type { Origin } from '../stream/origin.ts';
import { Turns, type Work } from '../stream/turns.ts';
import type { Caller } from './caller.ts';
import { PADDING, toEvent } from './event.ts';

export interface ValuesFeedDependencies extends Omit<ClientFeedsDependencies, 'turns'> {
  readonly metrics: Metrics;
  readonly log: Pick<FastifyBaseLogger, 'error'>;
}

type Limits = Pick<StreamLimits, 'heartbeatMs' | 'drainTimeoutMs' | 'retryAfterMs' | 'maxTurnMs' | 'closeTimeoutMs'>;

/** A page that reads a long response. It lags while it has not taken what was written to it. */
class Reader implements Page {
  readonly stream = new PassThrough();
  readonly caller: Caller;
  readonly peer: { readonly context: EvaluationContext };
  /** By `performance.now()`; Infinity while it does not lag. */
  #lagsSinceMs = Number.POSITIVE_INFINITY;

  constructor(caller: Caller, context: EvaluationContext) {
    this.caller = caller;
    this.peer = { context };
    this.stream.on('drain', () => {
      this.#lagsSinceMs = Number.POSITIVE_INFINITY;
    });
  }

  get isLagging(): boolean {
    return this.stream.writableNeedDrain;
  }

  get lagMs(): number {
    return Math.max(0, performance.now() - this.#lagsSinceMs);
  }

  send(frame: Frame): void {
    if (!this.stream.writable || this.stream.write(toEvent(textOf(frame)))) return;
    this.#lagsSinceMs = Math.min(this.#lagsSinceMs, performance.now());
  }
}

/** What a page's WebSocket is told, as server-sent events: for pages whose WebSockets are cut. */
export class ValuesFeed {
  readonly #origin: Origin;
  readonly #metrics: Metrics;
  readonly #limits: Limits;
  readonly #turns: Turns;
  readonly #feeds: ClientFeeds;
  readonly #readers = new Set<Reader>();
  readonly #heartbeat: NodeJS.Timeout;
  #isClosed = false;

  constructor(dependencies: ValuesFeedDependencies, limits: Limits) {
    const { origin, metrics, log } = dependencies;
    this.#origin = origin;
    this.#metrics = metrics;
    this.#limits = limits;
    this.#turns = new Turns({
      maxTurnMs: limits.maxTurnMs,
      observe: (tookMs) => metrics.turnSeconds.observe(tookMs / 1000),
      report: (error) => log.error({ err: error }, 'work on event streams of values failed'),
    });
    this.#feeds = new ClientFeeds({ ...dependencies, turns: this.#turns });
    this.#heartbeat = setInterval(() => void this.#turns.run(this.#beat()), limits.heartbeatMs).unref();
  }

  /** @throws {ApiError} `shutting_down` after `close`: nobody would end the response */
  open(caller: Caller, context: EvaluationContext): Readable {
    const { retryAfterMs } = this.#limits;
    if (this.#isClosed) {
      const headers = { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) };
      throw new ApiError('shutting_down', 'The server is shutting down. Come back soon.', undefined, headers);
    }
    const reader = new Reader(caller, context);
    const feed = this.#feeds.of(caller.ruleset);
    const { stream } = reader;
    stream.write(PADDING);
    feed.join(reader);
    this.#readers.add(reader);
    stream.on('drain', () => feed.resume(reader));
    stream.on('close', () => {
      this.#readers.delete(reader);
      feed.leave(reader);
    });
    return stream;
  }

  /** Everyone that the key let in is told and sent away. */
  revoke(keyId: string, error: ServerMessage): void {
    for (const reader of this.#readers) if (reader.caller.key.id === keyId) this.#end(reader, error);
  }

  /** Pages come anew, and prove who they are as they now must. */
  recall(environmentId: string): void {
    for (const reader of this.#readers) {
      if (reader.caller.ruleset.environmentId === environmentId)
        this.#end(reader, { type: 'goodbye', retryAfterMs: 0 });
    }
  }

  /** Says goodbye to everyone and ends all responses. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#heartbeat);
    const { retryAfterMs, closeTimeoutMs } = this.#limits;
    for (const reader of this.#readers) this.#end(reader, { type: 'goodbye', retryAfterMs });
    // Whoever does not read must not keep the server from closing.
    setTimeout(() => {
      for (const { stream } of this.#readers) stream.destroy();
    }, closeTimeoutMs).unref();
  }

  #end(reader: Reader, last: ServerMessage): void {
    reader.send(encodeFrame(last));
    reader.stream.end();
  }

  *#beat(): Work {
    for (const reader of this.#readers) {
      if (reader.lagMs > this.#limits.drainTimeoutMs) {
        this.#metrics.slowSockets.inc();
        reader.stream.destroy();
      } else if (!reader.isLagging) {
        reader.send(heartbeatFrame(this.#origin, reader.caller.ruleset));
      }
      yield;
    }
  }
}
