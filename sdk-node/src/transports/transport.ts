import type { ClientMessage, HelloMessage, SettingsMessage, WelcomeMessage } from '@bunting/core';

/** The ways to a server, the best first. */
export const TRANSPORTS = ['websocket', 'sse', 'polling'] as const;
export type TransportName = (typeof TRANSPORTS)[number];

/** What the end of a transport says about it. */
export type Fault =
  /** No connection could be made: no other transport would do better. */
  | 'unreachable'
  /** The server, or what is in between, answered that it will not have it: another transport may do better. */
  | 'denied'
  /** Anything else: it may be the network, the server or the transport. */
  | 'broken';

export interface Loss {
  /** A WebSocket close code (see `CLOSE`), also where the refusal came otherwise; 0 when there is none. */
  readonly closeCode: number;
  readonly fault: Fault;
  readonly detail: string;
}

export interface Stamp {
  readonly timeMs: number;
  readonly dataAgeMs: number;
  /** Absent: as `dataAgeMs`. */
  readonly vouchAgeMs?: number;
}

/** Messages that come in the answers to what is reported, too. */
export type Information = WelcomeMessage | SettingsMessage;

/** What a transport tells. Never from within its constructor, and nothing after `lost`. */
export interface TransportOwner {
  opened(): void;
  /**
   * The text of a message, in order.
   * @param stamp the origin's clock and the data's age as of now, where the message itself may be older
   */
  deliver(text: string, stamp?: Stamp): void;
  /** What the server takes and wants, where no message of its own carries it. No sign of life: it answers what we sent. */
  inform(message: Information): void;
  /** A sign of life that is no message. */
  heard(): void;
  /** Something that cannot be understood. */
  fail(detail: string): void;
  lost(loss: Loss): void;
}

export interface TransportOptions {
  /** `ws:` or `wss:`. */
  readonly url: string;
  readonly hello: HelloMessage;
  readonly pollIntervalMs: number;
}

/** One connection, from its opening to its end. None keeps the process alive, but for `finish`. */
export interface Transport {
  /** False when it was not sent because there is no connection, or because the server does not read. */
  send(message: ClientMessage): boolean;
  /** Ends at once; nothing is told any more. */
  drop(): void;
  /** Ends after what was sent has left; resolves within a second or so. Nothing is told any more. */
  finish(): Promise<void>;
}

/** The server's heartbeats are answered, but not more often than this. */
export const HEARTBEAT_EVERY_MS = 5_000;

/** How long `finish` waits for what is written to leave. */
export const FINISH_TIMEOUT_MS = 1000;
