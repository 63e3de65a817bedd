import type { ClientRequest } from 'node:http';
import {
  type ClientMessage,
  decodeServerMessage,
  encode,
  type ServerMessage,
  SUBPROTOCOL,
  type UnknownMessage,
} from '@bunting/core';
import WebSocket, { type ClientOptions } from 'ws';
import type { FlagsErrorCode } from '../flags-error.ts';
import { Inbox } from '../transports/inbox.ts';
import { MAX_MESSAGE_BYTES } from '../transports/unpack.ts';
import { step } from './machine.ts';
import { type Effect, type Event, type EventOf, INITIAL, type State } from './state.ts';
import type { Span, Timing } from './timing.ts';

/** What a message was to the client that received it. */
export type Heard = EventOf<'synced'> | EventOf<'heard'> | EventOf<'unusable'>;

/** What the connection asks of the client it works for. */
export interface ConnectionOwner {
  /** The first message of a connection. */
  greeting(askSnapshot: boolean): ClientMessage;
  /** Takes in a message and says what it was to the client. Must not throw. */
  receive(message: ServerMessage | UnknownMessage): Heard;
  report(code: FlagsErrorCode, detail: string): void;
}

/** With this much unsent, the server does not read: nothing more is written until it does. */
const MAX_UNSENT_BYTES = 1024 * 1024;

/** How long `stop` waits for what is written to leave and for the server's farewell. */
const FINISH_TIMEOUT_MS = 1000;

/** Owns the one socket and the one timer, and does as the machine says. Neither keeps the process alive. */
export class Connection {
  readonly #url: string;
  readonly #owner: ConnectionOwner;
  readonly #timing: Timing;
  readonly #events: Event[] = [];
  #stepping = false;
  #state: State = INITIAL;
  #socket: WebSocket | undefined;
  #timer: NodeJS.Timeout | undefined;
  #finished: Promise<void> = Promise.resolve();

  constructor(url: string, owner: ConnectionOwner, timing: Timing) {
    this.#url = url;
    this.#owner = owner;
    this.#timing = timing;
  }

  start(): void {
    this.#dispatch({ type: 'start' });
  }

  /** For good. Resolves when the socket is closed, within a second. */
  stop(): Promise<void> {
    this.#dispatch({ type: 'stop' });
    return this.#finished;
  }

  /** False when it was not sent because there is no connection, or because the server does not read. */
  send(message: ClientMessage): boolean {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN || socket.bufferedAmount > MAX_UNSENT_BYTES) return false;
    socket.send(encode(message));
    return true;
  }

  /** Events that arise while one is being handled wait for their turn. */
  #dispatch(event: Event): void {
    this.#events.push(event);
    if (this.#stepping) return;
    this.#stepping = true;
    for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) {
      const { state, effects } = step(this.#state, next, { nowMs: performance.now(), timing: this.#timing });
      this.#state = state;
      for (const effect of effects) this.#carryOut(effect);
    }
    this.#stepping = false;
  }

  #carryOut(effect: Effect): void {
    switch (effect.type) {
      case 'open':
        this.#open();
        break;
      case 'hello':
        this.send(this.#owner.greeting(effect.askSnapshot));
        break;
      case 'setTimer':
        this.#setTimer(effect.span);
        break;
      case 'clearTimer':
        clearTimeout(this.#timer);
        break;
      case 'drop':
        this.#drop();
        break;
      case 'finish':
        this.#finish();
        break;
      case 'report':
        this.#owner.report(effect.code, effect.detail);
        break;
    }
  }

  #open(): void {
    let socket: WebSocket;
    try {
      socket = new WebSocket(this.#url, SUBPROTOCOL, SOCKET_OPTIONS);
    } catch (cause) {
      this.#dispatch({ type: 'lost', closeCode: 0, detail: describe(cause) });
      return;
    }
    this.#socket = socket;
    // Said by the server, or by ws, before the socket closes: the best explanation there is.
    let complaint: string | undefined;
    const tell = (event: Event) => {
      if (this.#socket === socket) this.#dispatch(event);
    };

    socket.on('open', () => tell({ type: 'opened' }));
    socket.on('ping', () => tell({ type: 'heard' }));
    const inbox = new Inbox({
      deliver: (text) => {
        if (this.#socket !== socket) return inbox.close();
        const message = readMessage(text);
        if (message.type === 'error') complaint = `${message.message} (${message.code})`;
        tell(message.type === 'unusable' || message.type === 'goodbye' ? message : this.#owner.receive(message));
      },
      fail: (detail) => tell({ type: 'unusable', detail }),
    });
    socket.on('message', (data, isBinary) => inbox.put(data as Buffer, isBinary));
    socket.on('error', (cause) => {
      complaint ??= describe(cause);
      // Frames that break the WebSocket protocol or exceed MAX_MESSAGE_BYTES.
      if (isProtocolError(cause)) tell({ type: 'unusable', detail: complaint });
    });
    const lose = (closeCode: number, reason: string) => {
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      const why = complaint ?? (reason || `the connection was closed with code ${closeCode}`);
      this.#dispatch({ type: 'lost', closeCode, detail: `${withoutSecrets(this.#url)}: ${why}` });
    };
    socket.on('close', (closeCode, reason) => inbox.after(() => lose(closeCode, reason.toString())));
  }

  #setTimer(span: Span): void {
    clearTimeout(this.#timer);
    const delayMs = span.minMs + Math.random() * (span.maxMs - span.minMs);
    this.#timer = setTimeout(() => this.#dispatch({ type: 'timeout' }), delayMs);
    this.#timer.unref();
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close(1000);
    socket?.terminate();
  }

  #finish(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    this.#finished = new Promise((resolve) => {
      // This timer does hold the process, so that `await close()` is never cut short by its exit.
      const timer = setTimeout(() => socket.terminate(), FINISH_TIMEOUT_MS);
      socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      socket.close(1000);
    });
  }
}

const SOCKET_OPTIONS: ClientOptions = {
  maxPayload: MAX_MESSAGE_BYTES,
  perMessageDeflate: false,
  /** Makes the socket one that does not keep the process alive, from before it is connected. */
  finishRequest(request: ClientRequest) {
    request.on('socket', (socket) => socket.unref());
    request.end();
  },
};

function readMessage(text: string): ServerMessage | UnknownMessage | EventOf<'unusable'> {
  const decoded = decodeServerMessage(text);
  return decoded.ok ? decoded.message : { type: 'unusable', detail: decoded.error };
}

function isProtocolError(cause: Error): boolean {
  return 'code' in cause && typeof cause.code === 'string' && cause.code.startsWith('WS_ERR_');
}

/** Node reports a host that refuses on all its addresses as an error without a message, but with a code. */
function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.message || ('code' in cause ? String(cause.code) : cause.name);
}

function withoutSecrets(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
