import type { OpenSocket, SocketLike } from '../socket.ts';
import { HttpSocket, type HttpTiming } from './http-socket.ts';

const TIMING: HttpTiming = { firstEventMs: 10_000, pollMs: 20_000, retryMs: 120_000 };

/** So many WebSockets in a row must have failed. */
const MAX_FAILURES = 2;
/** One that was closed from this side sooner says nothing of the way to the server. */
const MIN_TRIED_MS = 5_000;

/**
 * Keeps a page up to date where a proxy or filter cuts WebSockets: `connect({ ..., socket: fallBack() })`. When two in a row
 * have failed, values come by a streamed response, and where that is held back, by polls; WebSockets are tried again now
 * and then. Together with shared tabs: `shareTabs(fallBack())`.
 */
export function fallBack(): OpenSocket {
  return fallBackWith(TIMING, (url, subprotocol) => new WebSocket(url, subprotocol));
}

/** As `fallBack`, with what tests may replace. */
export function fallBackWith(timing: HttpTiming, openSocket: OpenSocket): OpenSocket {
  const way = { canStream: true };
  let failures = 0;
  const onUpgrade = () => {
    failures = 0;
  };
  return (url, subprotocol) => {
    if (failures < MAX_FAILURES) {
      failures += 1;
      const socket = openSocket(url, subprotocol);
      failures -= 1;
      return watch(socket, (hasWorked) => {
        failures = hasWorked ? 0 : failures + 1;
      });
    }
    // Until it is known that HTTP does any better, the next attempt is a WebSocket's.
    failures = 0;
    const onHeard = () => {
      failures = MAX_FAILURES;
    };
    return new HttpSocket(url, subprotocol, { openSocket, timing, way, onUpgrade, onHeard });
  };
}

/** Tells whether anything came over a WebSocket before it ended. */
function watch(socket: SocketLike, tell: (hasWorked: boolean) => void): SocketLike {
  const startedMs = performance.now();
  let isOurs = false;
  let hasHeard = false;
  const watched: SocketLike = {
    get readyState() {
      return socket.readyState;
    },
    onopen: null,
    onmessage: null,
    onclose: null,
    send: (text) => socket.send(text),
    close() {
      isOurs = true;
      socket.close();
    },
  };
  socket.onopen = (event: never) => watched.onopen?.(event);
  socket.onmessage = (event: never) => {
    if (!hasHeard) tell(true);
    hasHeard = true;
    watched.onmessage?.(event);
  };
  socket.onclose = (event: never) => {
    if (!hasHeard && navigator.onLine !== false && (!isOurs || performance.now() - startedMs > MIN_TRIED_MS)) {
      tell(false);
    }
    watched.onclose?.(event);
  };
  return watched;
}
