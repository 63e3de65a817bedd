import type { IncomingHttpHeaders } from 'node:http';
import type { StreamLimits } from '../stream/limits.ts';

/** What the main process says to a worker over IPC. Both are the same program, so it is taken as it comes. */
export type ToWorker =
  /** The first message. */
  | {
      readonly type: 'start';
      readonly url: string;
      readonly limits: StreamLimits;
      readonly logLevel: string;
      readonly aliveEveryMs: number;
    }
  /** Relay keys of environments to serve. */
  | { readonly type: 'follow'; readonly keys: readonly string[] }
  /** Comes with a socket whose HTTP upgrade is still to be answered. `head` is what came after it, in base64. */
  | {
      readonly type: 'socket';
      readonly url: string;
      readonly headers: IncomingHttpHeaders;
      readonly head: string;
    }
  | { readonly type: 'metrics'; readonly id: number }
  | { readonly type: 'drain' };

/** What a worker says to the main process. */
export type ToMain =
  /** All that it was told to follow is in its memory. */
  | { readonly type: 'ready' }
  /** Said again and again, so that one that hangs is noticed. */
  | { readonly type: 'alive' }
  /** So many sockets have ended since it last said so. */
  | { readonly type: 'ended'; readonly sockets: number }
  /** In prom-client's JSON form. */
  | { readonly type: 'metrics'; readonly id: number; readonly metrics: readonly object[] };
