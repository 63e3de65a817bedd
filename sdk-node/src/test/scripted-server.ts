import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ClientMessage, encode, type HelloMessage, type ServerMessage, SUBPROTOCOL } from '@bunting/core';
import { type WebSocket, WebSocketServer } from 'ws';

/** A WebSocket server that does what a test tells it to: it accepts connections and hands them out in order. */
export class ScriptedServer {
  readonly #server: WebSocketServer;
  readonly #peers = new Mailbox<Peer>();
  /** Connections accepted so far. */
  accepted = 0;

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.on('connection', (socket) => {
      this.accepted++;
      const peer = new Peer(socket);
      void peer.hello.then(() => this.#peers.put(peer));
    });
  }

  /** Listens on a free port, or on the one that an earlier server had. */
  static async start(port = 0): Promise<ScriptedServer> {
    const handleProtocols = (offered: Set<string>) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false);
    const server = new WebSocketServer({ port, host: '127.0.0.1', handleProtocols });
    await once(server, 'listening');
    return new ScriptedServer(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Connections that are open now. */
  get open(): number {
    return this.#server.clients.size;
  }

  /** The next connection that has said hello. */
  next(): Promise<Peer> {
    return this.#peers.take();
  }

  /** Dies at once, as if killed. */
  async kill(): Promise<void> {
    for (const client of this.#server.clients) client.terminate();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** The server's end of one connection. */
export class Peer {
  readonly #socket: WebSocket;
  readonly #inbox = new Map<string, Mailbox<ClientMessage>>();
  readonly hello: Promise<HelloMessage>;
  readonly closed: Promise<number>;
  /** Everything that the client said, in order. */
  readonly said: ClientMessage[] = [];

  constructor(socket: WebSocket) {
    this.#socket = socket;
    this.hello = this.receive('hello');
    this.closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('message', (data) => {
      const message = JSON.parse(data.toString()) as ClientMessage;
      this.said.push(message);
      this.#mailbox(message.type).put(message);
    });
  }

  /** The next message of a type that was not asked for before. */
  receive<Type extends ClientMessage['type']>(type: Type): Promise<Extract<ClientMessage, { type: Type }>> {
    return this.#mailbox(type).take() as Promise<Extract<ClientMessage, { type: Type }>>;
  }

  send(...messages: ServerMessage[]): void {
    for (const message of messages) this.sendFrame(encode(message));
  }

  sendFrame(frame: string | Buffer, binary = typeof frame !== 'string'): void {
    this.#socket.send(frame, { binary });
  }

  close(code: number): void {
    this.#socket.close(code);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  /** Stops reading and answering, with the connection left open. */
  fallSilent(): void {
    this.#socket.pause();
  }

  #mailbox(type: string): Mailbox<ClientMessage> {
    const mailbox = this.#inbox.get(type) ?? new Mailbox();
    this.#inbox.set(type, mailbox);
    return mailbox;
  }
}

/** A queue whose readers wait. */
class Mailbox<T> {
  readonly #items: T[] = [];
  readonly #readers: ((item: T) => void)[] = [];

  put(item: T): void {
    const reader = this.#readers.shift();
    if (reader === undefined) this.#items.push(item);
    else reader(item);
  }

  take(): Promise<T> {
    const item = this.#items.shift();
    return item === undefined ? new Promise((resolve) => this.#readers.push(resolve)) : Promise.resolve(item);
  }
}
