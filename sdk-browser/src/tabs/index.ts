import type { OpenSocket } from '../socket.ts';
import { SharedSocket } from './shared-socket.ts';

/**
 * Lets all tabs of a site that ask for the same context share one connection: `connect({ ..., socket: shareTabs() })`. One
 * tab holds it and tells the others what comes; when it goes, another takes over. Where browsers lack what that needs
 * (BroadcastChannel, Web Locks), each tab has its own. `openSocket` opens the one that is shared.
 */
export function shareTabs(openSocket: OpenSocket = (url, subprotocol) => new WebSocket(url, subprotocol)): OpenSocket {
  const isPossible = typeof BroadcastChannel === 'function' && globalThis.navigator?.locks !== undefined;
  return (url, subprotocol) =>
    isPossible ? new SharedSocket(url, subprotocol, openSocket) : openSocket(url, subprotocol);
}
