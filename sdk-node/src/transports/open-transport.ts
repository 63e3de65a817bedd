import { EventsTransport } from './events.ts';
import { PollingTransport } from './polling.ts';
import type { Transport, TransportName, TransportOptions, TransportOwner } from './transport.ts';
import { WebSocketTransport } from './web-socket.ts';

const TRANSPORT_OF = {
  websocket: WebSocketTransport,
  sse: EventsTransport,
  polling: PollingTransport,
} as const satisfies Record<TransportName, new (options: TransportOptions, owner: TransportOwner) => Transport>;

/** @throws {Error} when the URL cannot be used */
export function openTransport(name: TransportName, options: TransportOptions, owner: TransportOwner): Transport {
  return new TRANSPORT_OF[name](options, owner);
}
