import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ClientMessage, encode, type HelloMessage, type ServerMessage, SUBPROTOCOL } from '@bunting/core';
import { type WebSocket, WebSocketServer } from 'ws';

/** A WebSocket server that does what a test tells it to: it accepts connections and hands them out in order. */
export class ScriptedServer {
  readonly #server: WebSocketServer;
  readonly #waiting: ((peer: Peer) => void)[] = [];
  readonly #arrived: Peer[] = [];
  /** Connections accepted so far. */
  accepted = 0;

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.on('connection', (socket) => {
      this.accepted++;
      const peer = new Peer(socket);
      socket.once('message', () => {
        const waiting = this.#waiting.shift();
        if (waiting === undefined) this.#arrived.push(peer);
        else waiting(peer);
      });
    });
  }

  static async start(): Promise<ScriptedServer> {
    const handleProtocols = (offered: Set<string>) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false);
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols });
    await once(server, 'listening');
    return new ScriptedServer(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Connections that are open now. */
  get open(): number {
    return this.#server.clients.size;
  }

  /** The next connection that has said hello. */
  next(): Promise<Peer> {
    const peer = this.#arrived.shift();
    return peer === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(peer);
  }

  async kill(): Promise<void> {
    for (const client of this.#server.clients) client.terminate();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** The server's end of one connection. */
export class Peer {
  readonly #socket: WebSocket;
  /** Everything that the page said, in order. */
  readonly said: ClientMessage[] = [];
  readonly closed: Promise<unknown>;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    this.closed = once(socket, 'close');
    socket.on('message', (data) => this.said.push(JSON.parse(data.toString())));
  }

  get hello(): HelloMessage {
    return this.said[0] as HelloMessage;
  }

  send(...messages: ServerMessage[]): void {
    for (const message of messages) this.sendFrame(encode(message));
  }

  sendFrame(frame: string | Buffer): void {
    this.#socket.send(frame);
  }

  close(code: number): void {
    this.#socket.close(code);
  }

  terminate(): void {
    this.#socket.terminate();
  }
}
