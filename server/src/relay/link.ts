import { type HelloMessage, SUBPROTOCOL } from '@bunting/core';
import WebSocket from 'ws';
import { INITIAL, type LinkEffect, type LinkEvent, type LinkState, step } from './link-machine.ts';
import type { LinkTiming, Span } from './link-timing.ts';
import { MAX_FRAME_BYTES, readFrame, type UpstreamMessage } from './read-frame.ts';

/** What a message was to who received it. */
export type Heard = Extract<LinkEvent, { type: 'synced' | 'heard' | 'unusable' }>;

/** For whom a link works. */
export interface LinkOwner {
  greeting(askSnapshot: boolean): HelloMessage;
  /** Must not throw. */
  receive(message: UpstreamMessage): Heard;
  /** The link has become live, or is not any more. */
  turn(isLive: boolean): void;
  report(detail: string, refused: boolean): void;
}

/** With this much unsent, the upstream does not read: nothing more is written until it does. */
const MAX_UNSENT_BYTES = 4 * 1024 * 1024;

/** How long `stop` waits for what is written to leave. */
const FINISH_TIMEOUT_MS = 1_000;

/** Owns the one socket to an upstream and the one timer, and does as the machine says. */
export class Link {
  readonly #url: string;
  readonly #owner: LinkOwner;
  readonly #timing: LinkTiming;
  readonly #events: LinkEvent[] = [];
  #isStepping = false;
  #state: LinkState = INITIAL;
  #socket: WebSocket | undefined;
  #timer: NodeJS.Timeout | undefined;
  #finished: Promise<void> = Promise.resolve();

  /** @param url `ws:` or `wss:`, of the stream itself */
  constructor(url: string, owner: LinkOwner, timing: LinkTiming) {
    this.#url = url;
    this.#owner = owner;
    this.#timing = timing;
  }

  get isLive(): boolean {
    return this.#state.name === 'live';
  }

  start(): void {
    this.#dispatch({ type: 'timeout' });
  }

  /** For good. Resolves when the socket is closed, within a second. */
  stop(): Promise<void> {
    this.#dispatch({ type: 'stop' });
    return this.#finished;
  }

  /** False when it was not sent: there is no connection, or the upstream does not read. */
  send(text: string): boolean {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN || socket.bufferedAmount > MAX_UNSENT_BYTES) return false;
    socket.send(text);
    return true;
  }

  /** Events that arise while one is being handled wait for their turn. */
  #dispatch(event: LinkEvent): void {
    this.#events.push(event);
    if (this.#isStepping) return;
    this.#isStepping = true;
    for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) {
      const wasLive = this.isLive;
      const { state, effects } = step(this.#state, next, { nowMs: performance.now(), timing: this.#timing });
      this.#state = state;
      for (const effect of effects) this.#carryOut(effect);
      if (this.isLive !== wasLive) this.#owner.turn(this.isLive);
    }
    this.#isStepping = false;
  }

  #carryOut(effect: LinkEffect): void {
    switch (effect.type) {
      case 'open':
        this.#open();
        break;
      case 'hello':
        this.send(JSON.stringify(this.#owner.greeting(effect.askSnapshot)));
        break;
      case 'setTimer':
        this.#setTimer(effect.span);
        break;
      case 'clearTimer':
        clearTimeout(this.#timer);
        break;
      case 'drop':
        this.#release()?.terminate();
        break;
      case 'finish':
        this.#finish();
        break;
      case 'report':
        this.#owner.report(effect.detail, effect.refused);
        break;
    }
  }

  #open(): void {
    const socket = new WebSocket(this.#url, SUBPROTOCOL, { maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false });
    this.#socket = socket;
    // Said by the upstream, or by ws, before the socket closes: the best explanation there is.
    let complaint: string | undefined;
    const tell = (event: LinkEvent) => {
      if (this.#socket === socket) this.#dispatch(event);
    };
    socket.on('open', () => tell({ type: 'opened' }));
    socket.on('message', (data, isBinary) => {
      if (this.#socket !== socket) return;
      const message = readFrame(data as Buffer, isBinary);
      if (message.type === 'error') complaint = `${message.message} (${message.code})`;
      tell(message.type === 'unusable' || message.type === 'goodbye' ? message : this.#owner.receive(message));
    });
    socket.on('error', (error) => {
      complaint ??= error.message || ('code' in error ? String(error.code) : error.name);
    });
    socket.on('close', (closeCode, reason) => {
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      const detail = complaint ?? (reason.toString() || `the connection was closed with code ${closeCode}`);
      this.#dispatch({ type: 'lost', closeCode, detail });
    });
  }

  #setTimer({ minMs, maxMs }: Span): void {
    clearTimeout(this.#timer);
    const delayMs = minMs + Math.random() * (maxMs - minMs);
    this.#timer = setTimeout(() => this.#dispatch({ type: 'timeout' }), delayMs);
  }

  #finish(): void {
    const socket = this.#release();
    if (socket === undefined) return;
    this.#finished = new Promise((resolve) => {
      const timer = setTimeout(() => socket.terminate(), FINISH_TIMEOUT_MS);
      socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      socket.close(1000);
    });
  }

  #release(): WebSocket | undefined {
    const socket = this.#socket;
    this.#socket = undefined;
    return socket;
  }
}
