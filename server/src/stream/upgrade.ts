import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { SUBPROTOCOL } from '@bunting/core';
import type { ApiError } from '../http/api-error.ts';
import { errorBody } from '../http/handle-errors.ts';

export const STREAM_PATH = '/stream';

/** Which of the offered subprotocols the handshake names. */
export function chooseSubprotocol(offered: ReadonlySet<string>): string | false {
  if (offered.has(SUBPROTOCOL)) return SUBPROTOCOL;
  // One that we do not speak is named all the same: without a name the client would break off before it could read
  // the error frame that says so.
  const [first] = offered;
  return first ?? false;
}

/** The path that a request asks for, without its query. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}

/** How long whoever was refused may take to read it and go, in milliseconds. */
const LINGER_MS = 2_000;

/**
 * Answers an upgrade by a plain HTTP error, and ends the connection: what else comes on it is read and forgotten, for a socket
 * with something unread in it would never be closed.
 */
export function refuseUpgrade(socket: Duplex, error: ApiError, requestId: string): void {
  const body = JSON.stringify(errorBody(error, requestId));
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    'x-request-id': requestId,
    connection: 'close',
    ...error.headers,
  };
  const head = [
    `HTTP/1.1 ${error.status} ${error.code}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  const patience = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.on('close', () => clearTimeout(patience));
  socket.on('error', () => {});
  socket.resume();
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
