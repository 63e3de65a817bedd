import { randomUUID } from 'node:crypto';
import { type IncomingMessage, maxHeaderSize, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { ApiError } from './api-error.ts';
import { errorBody } from './handle-errors.ts';

/** A client has so long for its headers, and for the whole request, in milliseconds. Large key lists take their time. */
export const HEADERS_TIMEOUT_MS = 20_000;
export const REQUEST_TIMEOUT_MS = 300_000;

/** Answers what is no HTTP request, or never becomes one, in the form of all errors, and ends the connection. */
export function answerClientError(thrown: Error & { code?: string }, socket: Socket): void {
  if (thrown.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) socket.write(answerOf(toApiError(thrown.code)));
  socket.destroy();
}

/** Answers a request that expects (`Expect`) more than to be told to go on. */
export function answerExpectation(_request: IncomingMessage, response: ServerResponse): void {
  const message = 'Nothing but 100-continue may stand in the header Expect. Leave it out.';
  const error = new ApiError('expectation_failed', message);
  const { head, body } = wordsOf(error);
  response.writeHead(error.status, head).end(body);
}

function toApiError(code: string | undefined): ApiError {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ApiError('request_timeout', 'The request did not come whole in time. Send it again.');
    case 'HPE_HEADER_OVERFLOW':
      return new ApiError(
        'headers_too_large',
        `The address and headers are too large: at most ${maxHeaderSize} bytes are accepted.`,
      );
    default:
      return new ApiError('bad_request', 'This is no HTTP request that can be read. Check what stands in between.');
  }
}

function answerOf(error: ApiError): string {
  const { head, body } = wordsOf(error);
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`, ...lines, '', body].join('\r\n');
}

function wordsOf(error: ApiError) {
  const requestId = randomUUID();
  const body = JSON.stringify(errorBody(error, requestId));
  const head = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'x-request-id': requestId,
    connection: 'close',
  };
  return { head, body };
}
