import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Turns } from './turns.ts';
import { chooseSubprotocol } from './upgrade.ts';

/** Past this a frame is not even read. What is refused with a reason is smaller: see `readMessage`. */
const MAX_FRAME_BYTES = 1024 * 1024;

/**
 * A socket that was upgraded, the name that its connection has in logs and error frames, and the site whose page opened it
 * (the header Origin), if one did.
 */
export type OnOpen = (webSocket: WebSocket, socket: Duplex, id: string, origin: string | undefined) => void;

interface Waiting {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** Upgrades sockets in turns with other work: when thousands come at once, none of it waits until all are upgraded. */
export class Handshakes {
  readonly #turns: Turns;
  readonly #onOpen: OnOpen;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    handleProtocols: chooseSubprotocol,
  });
  #waiting: Waiting[] = [];
  #isUpgrading = false;

  constructor(turns: Turns, onOpen: OnOpen) {
    this.#turns = turns;
    this.#onOpen = onOpen;
  }

  take(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // A socket that fails while it waits is found out when its turn comes.
    socket.on('error', ignore);
    this.#waiting.push({ request, socket, head });
    if (this.#isUpgrading) return;
    this.#isUpgrading = true;
    void this.#turns.run(this.#upgrade());
  }

  close(): void {
    for (const { socket } of this.#waiting.splice(0)) socket.destroy();
  }

  *#upgrade(): Generator<void> {
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
        const { request, socket, head } = next;
        this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
          socket.off('error', ignore);
          this.#onOpen(webSocket, socket, randomUUID(), request.headers.origin);
        });
        yield;
      }
    } finally {
      this.#isUpgrading = false;
    }
  }
}

function ignore(): void {}
