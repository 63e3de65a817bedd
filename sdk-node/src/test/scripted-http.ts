import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type ClientMessage, encode, type ServerMessage, type SnapshotMessage, SUBPROTOCOL } from '@bunting/core';
import { WebSocketServer } from 'ws';

/** What a client reported by POST. */
export interface Report {
  readonly connection: string;
  readonly intervalMs: number;
  readonly messages: readonly ClientMessage[];
  readonly isClosing?: boolean;
}

/** An HTTP server that answers SDKs as a test tells it to. Without WebSockets, until it is told otherwise. */
export class ScriptedHttp {
  readonly #server: Server;
  readonly #webSockets = new WebSocketServer({ noServer: true, handleProtocols: () => SUBPROTOCOL });
  /** What upgrades are answered with; 101 lets them in. */
  upgradeStatus = 403;
  /** Messages to each WebSocket that says hello. */
  greeting: readonly ServerMessage[] = [];
  onEvents: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => refuse(response);
  onPoll: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => refuse(response);
  /** The status, and whether the client joined by it. */
  onReport: (report: Report) => [status: number, joined: boolean] = () => [200, false];
  readonly reports: Report[] = [];
  /** What it says it takes; undefined: it is of a version that does not say. */
  takes: readonly string[] | undefined;
  /** How long the answer to a report takes. */
  reportDelayMs = 0;
  /** Handshakes so far. */
  upgrades = 0;

  private constructor(server: Server) {
    this.#server = server;
    server.on('request', (request, response) => void this.#answer(request, response));
    server.on('upgrade', (request, socket: Socket, head) => {
      this.upgrades++;
      if (this.upgradeStatus !== 101)
        return socket.end(`HTTP/1.1 ${this.upgradeStatus} No\r\ncontent-length: 0\r\n\r\n`);
      this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        webSocket.once('message', () => {
          for (const message of this.greeting) webSocket.send(encode(message));
        });
      });
    });
  }

  static async start(): Promise<ScriptedHttp> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new ScriptedHttp(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Everything that was reported, in order. */
  get said(): ClientMessage[] {
    return this.reports.flatMap(({ messages }) => messages);
  }

  async kill(): Promise<void> {
    for (const client of this.#webSockets.clients) client.terminate();
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.split('?', 1)[0];
    if (path === '/stream/events') return this.onEvents(request, response);
    if (path === '/stream/snapshot') return this.onPoll(request, response);
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const report = JSON.parse(Buffer.concat(chunks).toString()) as Report;
    const [status, joined] = this.onReport(report);
    if (status === 200) this.reports.push(report);
    await new Promise((resolve) => setTimeout(resolve, this.reportDelayMs));
    response.writeHead(status).end(JSON.stringify({ joined, takes: this.takes }));
  }
}

/** The headers of an answer to a poll. */
export const POLL_HEADERS = { 'stream-time-ms': String(Date.now()), 'stream-data-age-ms': '0', etag: '"word-1"' };

/** Serves one revision: as the answer to a poll, and as the begin of events for who has it. `more` follows. */
export function serve(server: ScriptedHttp, message: SnapshotMessage, ...more: ServerMessage[]): void {
  const { items, kills, type, ...header } = message;
  const nothing: ServerMessage = { type: 'changes', ...header, from: message.revision.number, delete: [], items: [] };
  server.onPoll = (_request, response) => response.writeHead(200, POLL_HEADERS).end(encode(message));
  server.onEvents = (_request, response) => beginEvents(response, nothing, ...more);
}

/** Begins events with these messages; the response stays open. */
export function beginEvents(response: ServerResponse, ...messages: ServerMessage[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
  for (const message of messages) writeEvent(response, message);
}

export function writeEvent(response: ServerResponse, message: ServerMessage): void {
  response.write(`data: ${encode(message).replaceAll('\n', '\ndata: ')}\n\n`);
}

function refuse(response: ServerResponse): void {
  response.writeHead(404).end();
}
