import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { CLOSE, type ClientMessage, SUBPROTOCOL } from '@bunting/core';
import type { FastifyBaseLogger } from 'fastify';
import type { RawData } from 'ws';
import { SettingsFrames } from '../contexts/settings-frames.ts';
import type { ContextSink } from '../contexts/sink.ts';
import type { CompiledRulesets } from '../evaluate/compiled-rulesets.ts';
import { ApiError } from '../http/api-error.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Members } from '../receipts/receipts.ts';
import { RelayHost } from '../relay/host.ts';
import { RELAY_MESSAGES, type RelayMessage } from '../relay/protocol.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import type { TelemetrySink } from '../telemetry/telemetry.ts';
import { Admissions } from './admissions.ts';
import { attempt } from './attempt.ts';
import { Connection, type Peer } from './connection.ts';
import { Feeds } from './feeds.ts';
import { encodeFrame, type Frame } from './frame.ts';
import { Handshakes, type OnOpen } from './handshakes.ts';
import { heartbeatFrame } from './heartbeat.ts';
import { identify } from './identify.ts';
import { STREAM_LIMITS, type StreamLimits } from './limits.ts';
import type { Origin } from './origin.ts';
import { readMessage } from './read-message.ts';
import { TAKES } from './takes.ts';
import { TokenBucket } from './token-bucket.ts';
import { Turns } from './turns.ts';
import { pathOf, refuseUpgrade, STREAM_PATH } from './upgrade.ts';

export interface StreamDependencies {
  readonly rulesets: Rulesets;
  readonly compiled: CompiledRulesets;
  readonly keys: KeyRing;
  readonly receipts: Members;
  readonly telemetry: TelemetrySink;
  readonly contexts: ContextSink;
  readonly metrics: Metrics;
  readonly log: FastifyBaseLogger;
  readonly origin: Origin;
}

/** The WebSocket side of the server: `GET /stream`, subprotocol `bunting.v1`. */
export class Stream {
  readonly #limits: StreamLimits;
  readonly #dependencies: StreamDependencies;
  readonly #turns: Turns;
  readonly #admissions: Admissions;
  readonly #feeds: Feeds;
  readonly #relays: RelayHost;
  readonly #handshakes: Handshakes;
  readonly #settings: SettingsFrames;
  /** Connections with server keys. */
  #instances = 0;
  readonly #connections = new Set<Connection>();
  /** Who has not said hello yet, in the order in which they came. */
  readonly #strangers = new Set<Connection>();
  readonly #heartbeat: NodeJS.Timeout;
  readonly #impatience: NodeJS.Timeout;
  #isClosed = false;

  constructor(dependencies: StreamDependencies, limits: StreamLimits = STREAM_LIMITS) {
    this.#dependencies = dependencies;
    this.#limits = limits;
    const { metrics, log } = dependencies;
    const report = (error: unknown) => log.error({ err: error }, 'work on stream sockets failed');
    const observe = (tookMs: number) => metrics.turnSeconds.observe(tookMs / 1000);
    this.#turns = new Turns({ maxTurnMs: limits.maxTurnMs, observe, report });
    const snapshotBytes = new TokenBucket(limits.snapshotBytesPerSecond);
    const { admitsPerSecond, maxAdmissionWaitMs: maxWaitMs } = limits;
    this.#admissions = new Admissions({ admitsPerSecond, maxWaitMs, snapshotBytes, turns: this.#turns, metrics });
    this.#feeds = new Feeds({ ...dependencies, turns: this.#turns, snapshotBytes, report });
    this.#relays = new RelayHost(dependencies);
    this.#handshakes = new Handshakes(this.#turns, (...opened) => this.#open(...opened));
    this.#settings = new SettingsFrames(dependencies.contexts);
    dependencies.contexts.onSettings((environmentId) => void this.#turns.run(this.#tellSettings(environmentId)));
    dependencies.keys.onProofChange((id) => void this.#turns.run(this.#recallPages(id)));
    dependencies.keys.onRevoke((keyId) => void this.#turns.run(this.#dropKey(keyId), { isUrgent: true }));
    this.#heartbeat = setInterval(() => void this.#turns.run(this.#beat()), limits.heartbeatMs).unref();
    this.#impatience = setInterval(() => this.#refuseStrangers(), limits.helloTimeoutMs / 10).unref();
  }

  /** Takes the upgrades of an HTTP server. */
  attach(server: Server): void {
    server.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
  }

  /** Says goodbye to everyone and closes all sockets; new ones are refused. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#heartbeat);
    clearInterval(this.#impatience);
    this.#admissions.close();
    this.#handshakes.close();
    await this.#turns.run(this.#dismissAll());
    const deadlineMs = performance.now() + this.#limits.closeTimeoutMs;
    while (this.#connections.size > 0 && performance.now() < deadlineMs) await pause(10);
    for (const connection of this.#connections) connection.terminate();
  }

  /** Answers an upgrade of an HTTP server. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (pathOf(request) !== STREAM_PATH) {
      const error = new ApiError('not_found', `Only ${STREAM_PATH} can be upgraded to a WebSocket.`);
      refuseUpgrade(socket, error, randomUUID());
    } else if (this.#isClosed) {
      const error = new ApiError('shutting_down', 'The server is shutting down. Come back soon.', undefined, {
        'retry-after': String(Math.ceil(this.#limits.retryAfterMs / 1000)),
      });
      refuseUpgrade(socket, error, randomUUID());
    } else {
      this.#handshakes.take(request, socket, head);
    }
  }

  #open(...[webSocket, socket, id, origin]: Parameters<OnOpen>): void {
    const { metrics, log } = this.#dependencies;
    const { maxBufferedBytes, drainTimeoutMs } = this.#limits;
    const connection = new Connection(webSocket, socket, { id, origin, metrics, maxBufferedBytes, drainTimeoutMs });
    this.#connections.add(connection);
    // What is wrong with a socket ends in its close.
    webSocket.on('error', (error) => log.debug({ err: error, connection: id }, 'stream socket failed'));
    webSocket.on('close', (code) => this.#leave(connection, code));
    if (webSocket.protocol !== SUBPROTOCOL) {
      const message = `This server speaks the subprotocol ${SUBPROTOCOL} only. Connect with it, or upgrade the older of the two.`;
      connection.refuse(new ApiError('protocol_unsupported', message), CLOSE.protocolUnsupported);
      return;
    }
    if (this.#turnAway(connection)) return;
    this.#strangers.add(connection);
    webSocket.on('message', (data, isBinary) => {
      if (!connection.isOpen) return;
      connection.lastHeardMs = performance.now();
      if (connection.peer === undefined) this.#meet(connection, data, isBinary);
      else attempt(connection, log, () => this.#receive(connection, data, isBinary));
    });
  }

  /** What someone unknown says waits until it is its turn to be let in. */
  #meet(connection: Connection, data: RawData, isBinary: boolean): void {
    const { log } = this.#dependencies;
    this.#strangers.delete(connection);
    if (this.#turnAway(connection)) return;
    this.#admissions.enter(() => {
      if (connection.isOpen) attempt(connection, log, () => this.#receive(connection, data, isBinary));
    });
  }

  /** When too many come, before anything is done for one more. */
  #turnAway(connection: Connection): boolean {
    const retryAfterMs = this.#admissions.turnAway();
    if (retryAfterMs === undefined) return false;
    connection.dismiss(retryAfterMs, 'too many connections come at once');
    return true;
  }

  #receive(connection: Connection, data: RawData, isBinary: boolean): void {
    const { peer } = connection;
    if (peer?.key.kind === 'relay') {
      this.#hearRelay(connection, readMessage(data as Buffer, isBinary, RELAY_MESSAGES));
      return;
    }
    const message = readMessage(data as Buffer, isBinary);
    if (peer === undefined) this.#greet(connection, message);
    else if (message === undefined) this.#dependencies.metrics.unknownMessages.inc();
    else this.#hear(connection, peer, message);
  }

  #greet(connection: Connection, hello: ClientMessage | undefined): void {
    if (hello?.type !== 'hello') throw new ApiError('bad_message', 'The first message must be a hello.');
    const { keys, rulesets, metrics } = this.#dependencies;
    const { origin } = connection;
    const peer = identify(hello, { keys, rulesets, origin, maxContextBytes: this.#limits.maxContextBytes });
    const { kind } = peer.key;
    const feeds = this.#feeds.of(peer.ruleset);
    const feed = kind === 'client' ? feeds.client : feeds.server;
    connection.admit(peer, feed);
    metrics.connections.inc({ kind });
    const { have, instance, sdk, deploy } = hello;
    // A relay's keys tell it what its ruleset is of, so they come first. It never expires: many are behind it.
    if (kind === 'relay') this.#relays.join(connection, peer, hello);
    else connection.expiresAtMs = this.#expiry();
    feed.join(connection, have);
    if (kind === 'server') connection.send(WELCOME);
    if (kind === 'server') this.#instances += 1;
    if (kind === 'client') this.#dependencies.contexts.see(peer.ruleset, 'page', peer.context ?? {});
    else this.#sendSettings(connection, peer.ruleset);
    if (kind === 'server') {
      const via = { keyId: peer.key.id };
      this.#dependencies.receipts.join(connection, peer.ruleset, { instance, sdk, deploy }, via);
    }
  }

  /** Spread, so that those who came together do not come again together. */
  #expiry(): number {
    const { maxConnectionAgeMs } = this.#limits;
    if (maxConnectionAgeMs === 0) return Number.POSITIVE_INFINITY;
    return performance.now() + maxConnectionAgeMs * (0.8 + 0.4 * Math.random());
  }

  #hear(connection: Connection, { key, ruleset, source }: Peer, message: ClientMessage): void {
    switch (message.type) {
      case 'hello':
        throw new ApiError('bad_message', 'This connection has said hello already.');
      case 'receipt':
        // Anyone can have a client key, so it proves nothing.
        if (key.kind === 'server') this.#dependencies.receipts.receive(connection, message);
        break;
      case 'telemetry':
        this.#dependencies.telemetry.record(ruleset, key.kind, message);
        break;
      case 'contexts':
        // A page's context is known from its hello; what else it tells could be made up.
        if (key.kind === 'server') this.#dependencies.contexts.record(ruleset, 'server', message);
        break;
      case 'measurements':
        // What a page measures could be made up.
        if (source !== undefined) this.#dependencies.telemetry.measure(ruleset, source, message);
        break;
      case 'kill-receipt':
        if (key.kind === 'server') this.#dependencies.receipts.receiveKill(connection, message);
        break;
      case 'heartbeat':
        if (key.kind === 'server') this.#dependencies.receipts.hear(connection, message.dataAgeMs);
        break;
    }
  }

  #sendSettings(connection: Connection, ruleset: LiveRuleset): void {
    const frame = this.#settings.frameOf(ruleset, this.#instances);
    if (frame !== undefined) connection.send(frame);
  }

  #hearRelay(connection: Connection, message: RelayMessage | undefined): void {
    if (message === undefined) this.#dependencies.metrics.unknownMessages.inc();
    else this.#relays.hear(connection, message);
  }

  #leave(connection: Connection, closeCode: number): void {
    this.#connections.delete(connection);
    this.#strangers.delete(connection);
    connection.end();
    const { peer } = connection;
    if (peer === undefined) return;
    const feeds = this.#feeds.of(peer.ruleset);
    feeds.server.leave(connection);
    feeds.client.leave(connection);
    this.#relays.leave(connection);
    const hasEnded = SAID_GOODBYE.has(closeCode) && !connection.isDismissed;
    this.#dependencies.receipts.leave(connection, hasEnded ? 'closed' : 'lost');
    if (peer.key.kind === 'server') this.#instances -= 1;
    this.#dependencies.metrics.connections.dec({ kind: peer.key.kind });
  }

  /** Drops who is silent or stuck, asks those to come anew whose time is up, and tells the others that the server lives. */
  *#beat(): Generator<void> {
    this.#feeds.sweep();
    const heartbeats = new Map<LiveRuleset, Frame>();
    const heartbeatOf = (ruleset: LiveRuleset) => {
      const frame = heartbeats.get(ruleset) ?? heartbeatFrame(this.#dependencies.origin, ruleset);
      heartbeats.set(ruleset, frame);
      return frame;
    };
    for (const connection of this.#connections) {
      const nowMs = performance.now();
      if (nowMs - connection.lastHeardMs > this.#limits.silenceMs) connection.terminate();
      else if (nowMs > connection.expiresAtMs) connection.dismiss(0, 'the connection is old');
      else if (!connection.dropIfStuck() && !connection.isLagging && connection.peer !== undefined) {
        connection.send(heartbeatOf(connection.peer.ruleset));
      }
      yield;
    }
  }

  #refuseStrangers(): void {
    const deadlineMs = performance.now() - this.#limits.helloTimeoutMs;
    for (const connection of this.#strangers) {
      if (connection.lastHeardMs > deadlineMs) break;
      this.#strangers.delete(connection);
      connection.refuse(new ApiError('hello_timeout', 'No hello came in time. Send it first.'), CLOSE.helloTimeout);
    }
  }

  /** Asks everyone to come back, spread over the time that letting in so many takes. */
  *#dismissAll(): Generator<void> {
    const spreadMs = (this.#connections.size / this.#limits.admitsPerSecond) * 1000;
    for (const connection of this.#connections) {
      const retryAfterMs = this.#limits.retryAfterMs + Math.floor(Math.random() * spreadMs);
      connection.dismiss(retryAfterMs, 'the server is restarting');
      yield;
    }
  }

  *#tellSettings(environmentId: string): Generator<void> {
    for (const connection of this.#connections) {
      const { peer } = connection;
      if (peer?.ruleset.environmentId === environmentId && peer.key.kind !== 'client') {
        this.#sendSettings(connection, peer.ruleset);
      }
      yield;
    }
  }

  /** Pages come anew, and prove who they are as they now must. */
  *#recallPages(environmentId: string): Generator<void> {
    for (const connection of this.#connections) {
      const { peer } = connection;
      if (peer?.key.kind === 'client' && peer.ruleset.environmentId === environmentId) {
        connection.dismiss(0, 'contexts are proved otherwise now');
      }
      yield;
    }
  }

  *#dropKey(keyId: string): Generator<void> {
    const error = new ApiError('key_refused', 'The SDK key was revoked or has expired. Use another key.');
    for (const connection of this.#connections) {
      if (connection.peer?.key.id === keyId) connection.refuse(error, CLOSE.keyRefused);
      yield;
    }
  }
}

const WELCOME = encodeFrame({ type: 'welcome', takes: TAKES });

/** Closes by which a client says that it ends: normal, going away, and no code at all. Everything else was lost. */
const SAID_GOODBYE: ReadonlySet<number> = new Set([1000, 1001, 1005]);

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
