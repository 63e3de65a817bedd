import type { ClientRequest } from 'node:http';
import { type ClientMessage, encode, SUBPROTOCOL } from '@bunting/core';
import WebSocket from 'ws';
import { Inbox } from './inbox.ts';
import { messageOf, watchSocket } from './reach.ts';
import {
  type Fault,
  FINISH_TIMEOUT_MS,
  type Transport,
  type TransportOptions,
  type TransportOwner,
} from './transport.ts';
import { MAX_MESSAGE_BYTES } from './unpack.ts';

/** With this much unsent, the server does not read: nothing more is written until it does. */
const MAX_UNSENT_BYTES = 1024 * 1024;

/** One WebSocket. */
export class WebSocketTransport implements Transport {
  readonly #inbox: Inbox;
  readonly #socket: WebSocket;
  /** Said by ws or by who answered the handshake: the best explanation there is. */
  #complaint: string | undefined;
  #faultOf: () => Fault = () => 'broken';
  #isOver = false;

  /** @throws {Error} when the URL cannot be used */
  constructor({ url, hello }: TransportOptions, owner: TransportOwner) {
    this.#inbox = new Inbox({
      deliver: (text) => this.#tell(() => owner.deliver(text)),
      fail: (detail) => this.#tell(() => owner.fail(detail)),
    });
    const socket = new WebSocket(url, SUBPROTOCOL, {
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
      finishRequest: (request: ClientRequest) => {
        this.#faultOf = watchSocket(request);
        request.end();
      },
    });
    this.#socket = socket;
    socket.on('open', () => {
      socket.send(encode(hello));
      this.#tell(() => owner.opened());
    });
    socket.on('ping', () => this.#tell(() => owner.heard()));
    socket.on('message', (data, isBinary) => this.#inbox.put(data as Buffer, isBinary));
    socket.on('unexpected-response', (_request, { statusCode = 0 }) => {
      this.#complaint = `the WebSocket was answered with HTTP ${statusCode}`;
      this.#faultOf = () => (statusCode < 500 ? 'denied' : 'broken');
      socket.terminate();
    });
    socket.on('error', (cause) => {
      this.#complaint ??= messageOf(cause);
      // Frames that break the WebSocket protocol or exceed MAX_MESSAGE_BYTES.
      if (isProtocolError(cause)) this.#tell(() => owner.fail(messageOf(cause)));
    });
    socket.on('close', (closeCode, reason) => {
      const detail = this.#complaint ?? (reason.toString() || `the connection was closed with code ${closeCode}`);
      this.#inbox.after(() => this.#tell(() => owner.lost({ closeCode, fault: this.#faultOf(), detail })));
    });
  }

  send(message: ClientMessage): boolean {
    const socket = this.#socket;
    if (socket.readyState !== WebSocket.OPEN || socket.bufferedAmount > MAX_UNSENT_BYTES) return false;
    socket.send(encode(message));
    return true;
  }

  drop(): void {
    this.#end();
    this.#socket.close(1000);
    this.#socket.terminate();
  }

  finish(): Promise<void> {
    this.#end();
    const socket = this.#socket;
    // It may have been lost while a frame that came before is still being unpacked: there is no further 'close'.
    if (socket.readyState === WebSocket.CLOSED) return Promise.resolve();
    return new Promise((resolve) => {
      // This timer does hold the process, so that `await close()` is never cut short by its exit.
      const timer = setTimeout(() => socket.terminate(), FINISH_TIMEOUT_MS);
      socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      socket.close(1000);
    });
  }

  #end(): void {
    this.#isOver = true;
    this.#inbox.close();
  }

  #tell(what: () => void): void {
    if (!this.#isOver) what();
  }
}

function isProtocolError(cause: Error): boolean {
  return 'code' in cause && typeof cause.code === 'string' && cause.code.startsWith('WS_ERR_');
}
