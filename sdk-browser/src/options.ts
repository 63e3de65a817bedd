import { type EvaluationContext, isRecord } from './protocol.ts';

/** What `connect` takes. */
export interface ConnectOptions {
  /** Where the server is: `https://flags.example.com` (also http, ws, wss). Without a path, `/stream` is meant. */
  readonly url: string;
  /** A client key (`bnt_cli_...`) of the environment. Public. */
  readonly clientKey: string;
  /** Whom to answer for. Default: `{}`, nobody in particular. */
  readonly context?: EvaluationContext;
  /** Name of the page or application, as the admin UI shall list it. */
  readonly app?: string;
  /** Values unconfirmed for longer than this are `stale`. Default 60 000; servers confirm every 15 s or so. */
  readonly staleAfterMs?: number;
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
  readonly app: string | undefined;
  readonly staleAfterMs: number;
  readonly warn: (message: string) => void;
}

/** Never throws. */
export function readOptions(options: unknown): Settings {
  const { url, clientKey, context, app, staleAfterMs, logger = console } = copy(options);
  return {
    // A server key is a secret, which a page must not even try to use.
    url: typeof clientKey === 'string' && /^(?!bnt_srv_)./.test(clientKey) ? readUrl(url) : undefined,
    clientKey: typeof clientKey === 'string' ? clientKey : '',
    context: context ?? {},
    app: typeof app === 'string' ? app : undefined,
    staleAfterMs: typeof staleAfterMs === 'number' && staleAfterMs > 0 ? staleAfterMs : 60_000,
    warn(message) {
      try {
        (logger as ConnectOptions['logger'])?.warn?.(`bunting: ${message}`);
      } catch {
        // A logger that throws has nowhere to be reported to.
      }
    },
  };
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
