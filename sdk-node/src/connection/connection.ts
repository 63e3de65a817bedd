import {
  type ClientMessage,
  decodeServerMessage,
  type HelloMessage,
  type ServerMessage,
  type UnknownMessage,
} from '@bunting/core';
import type { FlagsErrorCode } from '../flags-error.ts';
import { closeCodeOf } from '../transports/http-client.ts';
import { openTransport } from '../transports/open-transport.ts';
import { messageOf } from '../transports/reach.ts';
import type { Stamp, Transport, TransportName } from '../transports/transport.ts';
import { step } from './machine.ts';
import { type Effect, type Event, type EventOf, INITIAL, type State, type TransportTraits } from './state.ts';
import type { Span, Timing } from './timing.ts';

/** What a message was to the client that received it. */
export type Heard = EventOf<'synced'> | EventOf<'heard'> | EventOf<'unusable'>;

/** What the connection asks of the client it works for. */
export interface ConnectionOwner {
  /** The first message of a connection. */
  greeting(askSnapshot: boolean): HelloMessage;
  /** Takes in a message and says what it was to the client. Must not throw. */
  receive(message: ServerMessage | UnknownMessage): Heard;
  report(code: FlagsErrorCode, detail: string): void;
}

export interface ConnectionTarget {
  /** `ws:` or `wss:`. */
  readonly url: string;
  /** The best first; at least one. */
  readonly transports: readonly TransportName[];
  readonly pollIntervalMs: number;
}

/** A timer that is so late says that the host was blocked: what came meanwhile has not been read yet. */
const BLOCKED_MS = 100;
/** For reading it, at most. */
const CATCH_UP_MS = 1_000;

/** Owns the one transport and the one timer, and does as the machine says. Neither keeps the process alive. */
export class Connection {
  readonly #target: ConnectionTarget;
  readonly #owner: ConnectionOwner;
  readonly #timing: Timing;
  readonly #traits: readonly TransportTraits[];
  readonly #events: Event[] = [];
  #stepping = false;
  #state: State = INITIAL;
  #transport: Transport | undefined;
  #timer: NodeJS.Timeout | undefined;
  #finished: Promise<void> = Promise.resolve();

  constructor(target: ConnectionTarget, owner: ConnectionOwner, timing: Timing) {
    this.#target = target;
    this.#owner = owner;
    this.#timing = timing;
    const { silenceTimeoutMs } = timing;
    this.#traits = target.transports.map((name) => ({
      silenceTimeoutMs: name === 'polling' ? Math.max(silenceTimeoutMs, 3 * target.pollIntervalMs) : silenceTimeoutMs,
    }));
  }

  /** The transport that is open; undefined while none is. */
  get transport(): TransportName | undefined {
    const { name, choice } = this.#state;
    return name === 'greeting' || name === 'live' ? this.#target.transports[choice.index] : undefined;
  }

  start(): void {
    this.#dispatch({ type: 'start' });
  }

  /** For good. Resolves when the transport is closed, within a second or so. */
  stop(): Promise<void> {
    this.#dispatch({ type: 'stop' });
    return this.#finished;
  }

  /** False when it was not sent because there is no connection, or because the server does not read. */
  send(message: ClientMessage): boolean {
    return this.#transport?.send(message) ?? false;
  }

  /** Events that arise while one is being handled wait for their turn. */
  #dispatch(event: Event): void {
    this.#events.push(event);
    if (this.#stepping) return;
    this.#stepping = true;
    for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) {
      const around = {
        nowMs: performance.now(),
        random: Math.random(),
        timing: this.#timing,
        transports: this.#traits,
      };
      const { state, effects } = step(this.#state, next, around);
      this.#state = state;
      for (const effect of effects) this.#carryOut(effect);
    }
    this.#stepping = false;
  }

  #carryOut(effect: Effect): void {
    switch (effect.type) {
      case 'open':
        this.#open(this.#target.transports[effect.index] ?? 'websocket', effect.askSnapshot);
        break;
      case 'setTimer':
        this.#setTimer(effect.span);
        break;
      case 'clearTimer':
        clearTimeout(this.#timer);
        break;
      case 'drop':
        this.#transport?.drop();
        this.#transport = undefined;
        break;
      case 'finish':
        this.#finished = this.#transport?.finish() ?? Promise.resolve();
        this.#transport = undefined;
        break;
      case 'report':
        this.#owner.report(effect.code, effect.detail);
        break;
    }
  }

  #open(name: TransportName, askSnapshot: boolean): void {
    const { url, pollIntervalMs } = this.#target;
    // Said by the server before it closes the connection: the best explanation there is.
    let complaint: { readonly code: string; readonly message: string } | undefined;
    try {
      const hello = this.#owner.greeting(askSnapshot);
      this.#transport = openTransport(
        name,
        { url, hello, pollIntervalMs },
        {
          opened: () => this.#dispatch({ type: 'opened' }),
          heard: () => this.#dispatch({ type: 'heard' }),
          inform: (message) => void this.#owner.receive(message),
          fail: (detail) => this.#dispatch({ type: 'unusable', detail }),
          deliver: (text, stamp) => {
            const message = readMessage(text, stamp);
            if (message.type === 'error') complaint = message;
            const isEvent = message.type === 'unusable' || message.type === 'goodbye';
            this.#dispatch(isEvent ? message : this.#owner.receive(message));
          },
          lost: ({ closeCode, fault, detail }) => {
            this.#transport = undefined;
            const why = complaint === undefined ? detail : `${complaint.message} (${complaint.code})`;
            const code = closeCode === 0 && complaint !== undefined ? closeCodeOf(complaint.code) : closeCode;
            this.#dispatch({ type: 'lost', closeCode: code, fault, detail: `${withoutSecrets(url)}: ${why}` });
          },
        },
      );
    } catch (cause) {
      this.#dispatch({ type: 'lost', closeCode: 0, fault: 'unreachable', detail: messageOf(cause) });
    }
  }

  #setTimer(span: Span): void {
    clearTimeout(this.#timer);
    const delayMs = span.minMs + Math.random() * (span.maxMs - span.minMs);
    const dueMs = performance.now() + delayMs;
    const expire = () => {
      const lateMs = performance.now() - dueMs;
      if (lateMs < BLOCKED_MS) this.#dispatch({ type: 'timeout' });
      else this.#timer = setTimeout(() => this.#dispatch({ type: 'timeout' }), Math.min(lateMs, CATCH_UP_MS)).unref();
    };
    this.#timer = setTimeout(expire, delayMs).unref();
  }
}

function readMessage(text: string, stamp: Stamp | undefined): ServerMessage | UnknownMessage | EventOf<'unusable'> {
  const decoded = decodeServerMessage(text);
  if (!decoded.ok) return { type: 'unusable', detail: decoded.error };
  const { message } = decoded;
  const isStamped = message.type === 'snapshot' || message.type === 'changes';
  return isStamped && stamp !== undefined ? { ...message, ...stamp } : message;
}

function withoutSecrets(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
