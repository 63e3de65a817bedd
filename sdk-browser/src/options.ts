import { type CacheStorage, LocalCache, type Remembered, toRemembered } from './local-cache.ts';
import { type EvaluatedValue, type EvaluationContext, isRecord, type Revision } from './protocol.ts';
import type { OpenSocket } from './socket.ts';

/** Values that were evaluated for the page's context while the page was made, such as by the Node SDK's `all(context)`. */
export interface Bootstrap {
  readonly revision: Revision;
  readonly values: Readonly<Record<string, EvaluatedValue>>;
  /** When they were evaluated, milliseconds since 1970, UTC. */
  readonly timeMs: number;
}

/** What `connect` takes. */
export interface ConnectOptions {
  /** Where the server is: `https://flags.example.com` (also http, ws, wss). Without a path, `/stream` is meant. */
  readonly url: string;
  /** A client key (`bnt_cli_...`) of the environment. Public. */
  readonly clientKey: string;
  /** Whom to answer for. Default: `{}`, nobody in particular. */
  readonly context?: EvaluationContext;
  /** Proves the context where the environment requires it: what `signContext` of `@bunting/node` made of it. */
  readonly contextHash?: string;
  /** What to answer by until the server's values are there. */
  readonly bootstrap?: Bootstrap;
  /** Where the latest values are kept for the next page. Default: `localStorage`. False keeps nothing. */
  readonly cache?: CacheStorage | false;
  /** Name of the page or application, as the admin UI shall list it. */
  readonly app?: string;
  /** Values unconfirmed for longer than this are `stale`. Default 60 000; servers confirm every 15 s or so. */
  readonly staleAfterMs?: number;
  /**
   * How connections are opened. Default: `new WebSocket`. `shareTabs()` of `@bunting/browser/tabs` shares one among tabs.
   * False opens none: answers come from `bootstrap` alone, as for rendering a page on a server.
   */
  readonly socket?: OpenSocket | false;
  /** Where warnings go. Default: the console. `{}` is silence. */
  readonly logger?: { warn?(message: string): void };
}

/** The options as the client uses them. */
export interface Settings {
  /** Undefined when they cannot be used. */
  readonly url: string | undefined;
  readonly clientKey: string;
  /** Not looked at yet. */
  readonly context: unknown;
  readonly contextHash: unknown;
  readonly bootstrap: Remembered | undefined;
  readonly cache: LocalCache | undefined;
  readonly app: string | undefined;
  readonly staleAfterMs: number;
  /** Undefined: there shall be no connection. */
  readonly socket: OpenSocket | undefined;
  readonly warn: (message: string) => void;
}

/** Never throws. */
export function readOptions(options: unknown): Settings {
  const {
    url,
    clientKey,
    context,
    contextHash,
    bootstrap,
    cache,
    app,
    staleAfterMs,
    socket,
    logger = console,
  } = copy(options);
  const key = typeof clientKey === 'string' ? clientKey : '';
  const warn = (message: string) => {
    try {
      (logger as ConnectOptions['logger'])?.warn?.(`bunting: ${message}`);
    } catch {
      // A logger that throws has nowhere to be reported to.
    }
  };
  return {
    // A server key is a secret, which a page must not even try to use.
    url: /^(?!bnt_srv_)./.test(key) ? readUrl(url) : undefined,
    clientKey: key,
    context: context ?? {},
    contextHash,
    bootstrap: readBootstrap(bootstrap, warn),
    cache: cache === false ? undefined : openCache(cache, key),
    app: typeof app === 'string' ? app : undefined,
    staleAfterMs: typeof staleAfterMs === 'number' && staleAfterMs > 0 ? staleAfterMs : 60_000,
    socket: socket === false ? undefined : typeof socket === 'function' ? (socket as OpenSocket) : openWebSocket,
    warn,
  };
}

const openWebSocket: OpenSocket = (url, subprotocol) => new WebSocket(url, subprotocol);

function readBootstrap(bootstrap: unknown, warn: (message: string) => void): Remembered | undefined {
  if (bootstrap === undefined) return undefined;
  try {
    const { timeMs, ...values } = bootstrap as Bootstrap;
    return toRemembered(values, Number(timeMs));
  } catch {
    warn('bootstrap must be {revision, values, timeMs}; ignored');
    return undefined;
  }
}

/** Merely reading `localStorage` throws where a page may not have it. */
function openCache(cache: unknown, clientKey: string): LocalCache | undefined {
  try {
    const storage = (cache ?? localStorage) as CacheStorage;
    return new LocalCache(storage, clientKey);
  } catch {
    return undefined;
  }
}

/** The fields of an object, or none when it has none that can be read. */
function copy(options: unknown): Readonly<Record<string, unknown>> {
  try {
    return { ...(options as object) };
  } catch {
    return {};
  }
}

function readUrl(value: unknown): string | undefined {
  try {
    const url = new URL(value as string);
    if (!/^(http|ws)s?:$/.test(url.protocol)) return undefined;
    url.protocol = url.protocol.replace('http', 'ws');
    url.hash = '';
    if (url.pathname === '/') url.pathname = '/stream';
    return url.href;
  } catch {
    return undefined;
  }
}

/** A copy that can be sent, so that later changes to the object do nothing; undefined when it cannot be sent. */
export function readContext(context: unknown): EvaluationContext | undefined {
  try {
    const copy: unknown = JSON.parse(JSON.stringify(context));
    return isRecord(copy) ? copy : undefined;
  } catch {
    return undefined;
  }
}
