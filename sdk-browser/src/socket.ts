/** The part of a WebSocket that a client uses. */
export interface SocketLike {
  readonly readyState: number;
  onopen: ((event: never) => unknown) | null;
  /** Called with `{data}`, a frame's text. */
  onmessage: ((event: never) => unknown) | null;
  /** Called with `{code, reason}`. */
  onclose: ((event: never) => unknown) | null;
  send(text: string): void;
  close(): void;
}

/** Opens a socket; may throw as `new WebSocket` does. */
export type OpenSocket = (url: string, subprotocol: string) => SocketLike;
