import { CLOSE } from '@bunting/core';
import type { FastifyBaseLogger } from 'fastify';
import { ApiError } from '../http/api-error.ts';
import type { Connection } from './connection.ts';

/** WebSocket's own code for a failure on our side. */
const INTERNAL_ERROR = 1011;

/** Does what a client asked for; what goes wrong is told to it and ends its connection. */
export function attempt(connection: Connection, log: FastifyBaseLogger, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (error instanceof ApiError) {
      connection.refuse(error, closeCodeOf(error));
      return;
    }
    log.error({ err: error, connection: connection.id }, 'stream message failed');
    const answer = new ApiError('internal_error', 'The server failed on this message; its log has the cause.');
    connection.refuse(answer, INTERNAL_ERROR);
  }
}

function closeCodeOf({ code }: ApiError): number {
  if (code === 'key_refused') return CLOSE.keyRefused;
  if (code === 'context_refused') return CLOSE.contextRefused;
  if (code === 'protocol_unsupported') return CLOSE.protocolUnsupported;
  if (code === 'not_ready') return CLOSE.serviceRestart;
  return CLOSE.badMessage;
}
