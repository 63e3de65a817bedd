import { SUBPROTOCOL } from '@bunting/core';
import { ApiError } from '../http/api-error.ts';
import type { App } from '../http/app-types.ts';
import { STREAM_PATH } from './upgrade.ts';

/** Answers requests to the stream's path that are no WebSocket handshakes. */
export function streamRoutes(app: App): void {
  app.get(STREAM_PATH, { schema: { hide: true } }, async () => {
    throw new ApiError('upgrade_required', `Open a WebSocket here, with the subprotocol ${SUBPROTOCOL}.`, undefined, {
      upgrade: 'websocket',
      connection: 'upgrade',
    });
  });
}
