import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Json } from '@bunting/core';
import { type Logger, stderrLogger } from './logger.ts';
import { type OverrideSettings, readOverrides } from './overrides/read-overrides.ts';
import type { Bootstrap } from './start/bootstrap.ts';
import { type BootstrapSource, bootstrapSourceOf } from './start/bootstrap-source.ts';
import { TRANSPORTS, type TransportName } from './transports/transport.ts';

/** What `connect` takes. Only `url` and `sdkKey` are needed. */
export interface ConnectOptions {
  /** Where the server is: `https://flags.example.com` (also http, ws, wss). Without a path, `/stream` is meant. */
  readonly url: string;
  /** A server key (`bnt_srv_...`) of the environment. A secret. */
  readonly sdkKey: string;
  /** Name of the application, as the admin UI shall list it. */
  readonly app?: string;
  /** Identifies this running process among its like. Default: a random UUID. */
  readonly instanceId?: string;
  /** Which deploy this process belongs to. Each field defaults to `BUNTING_DEPLOY_VERSION`, `_STAGE`, `_COLOR`. */
  readonly deploy?: { readonly version?: string; readonly stage?: string; readonly color?: string };
  /** Data unconfirmed for longer than this is `stale`. Default 60 000; servers confirm every 15 s or so. */
  readonly staleAfterMs?: number;
  /**
   * How to reach the server, the best first; the later ones are for where the earlier are cut. Default: `websocket`,
   * `sse` (server-sent events), `polling`.
   */
  readonly transports?: readonly TransportName[];
  /** Between two polls, when it comes to polling, give or take a fifth. Default 15 000; 1 000 to 300 000. */
  readonly pollIntervalMs?: number;
  /**
   * Folder where the latest ruleset is kept for the next start, sealed with the SDK key. Default: `BUNTING_CACHE_DIR`;
   * without either nothing is kept.
   */
  readonly cacheDir?: string;
  /**
   * What to answer by until the server's ruleset is there, unless `cacheDir` has a newer one: a ruleset; the path or
   * `file:` URL of one; or an `https:` URL, which is asked once, in the background.
   */
  readonly bootstrap?: Bootstrap | string | URL;
  /**
   * For work on one's own machine: values by flag key, which those flags answer whatever the server says. So do those in
   * `BUNTING_OVERRIDES` (JSON) and in the file that `BUNTING_OVERRIDES_FILE` names, which is followed.
   */
  readonly overrides?: Readonly<Record<string, Json>>;
  /** Default false: where `NODE_ENV` is `production`, overrides are ignored. */
  readonly allowOverridesInProduction?: boolean;
  /**
   * Attribute paths (`user.email`, or `user` for all of it) that never leave this process, besides those that the project
   * has as private.
   */
  readonly privateAttributes?: readonly string[];
  /** Default: warnings and errors to stderr. `{}` is silence. */
  readonly logger?: Logger;
}

/** The options as the client uses them. */
export interface Settings {
  /** Undefined when `url` or `sdkKey` cannot be used: then nothing is ever connected. */
  readonly target: { readonly url: string; readonly sdkKey: string } | undefined;
  readonly instance: { readonly id: string; readonly app?: string; readonly host?: string };
  readonly deploy: { readonly version?: string; readonly stage?: string; readonly color?: string } | undefined;
  readonly staleAfterMs: number;
  readonly transports: readonly TransportName[];
  readonly pollIntervalMs: number;
  readonly cacheDir: string | undefined;
  readonly bootstrap: BootstrapSource | undefined;
  readonly overrides: OverrideSettings | undefined;
  readonly privateAttributes: readonly string[];
  readonly logger: Logger;
  /** What was wrong with the options, each with its fix. */
  readonly problems: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

const STALE_AFTER_MS = 60_000;
const POLL_INTERVAL_MS = 15_000;
const MIN_POLL_INTERVAL_MS = 1_000;
const MAX_POLL_INTERVAL_MS = 300_000;

/** The server takes no longer names. */
const MAX_TEXT_LENGTH = 200;
const MAX_PATH_LENGTH = 4096;

const KNOWN: ReadonlySet<string> = new Set<keyof ConnectOptions>([
  'url',
  'sdkKey',
  'app',
  'instanceId',
  'deploy',
  'staleAfterMs',
  'transports',
  'pollIntervalMs',
  'cacheDir',
  'bootstrap',
  'overrides',
  'allowOverridesInProduction',
  'privateAttributes',
  'logger',
]);

/** Never throws. An option that cannot be used is named in `problems` and its default stands. */
export function readOptions(options: unknown, environment: Environment = process.env): Settings {
  try {
    return read(isRecord(options) ? options : {}, environment);
  } catch (cause) {
    // Only an object whose getters throw leads here.
    return { ...read({}, environment), problems: [`the options cannot be read (${cause}); pass a plain object`] };
  }
}

function read(options: Readonly<Record<string, unknown>>, environment: Environment): Settings {
  const problems: string[] = [];
  const unknown = Object.keys(options).filter((name) => !KNOWN.has(name));
  if (unknown.length > 0) {
    problems.push(`unknown option ${unknown.join(', ')}; the options are ${[...KNOWN].join(', ')}`);
  }

  const text = (name: string, value: unknown, maxLength = MAX_TEXT_LENGTH): string | undefined => {
    if (value === undefined || value === '') return undefined;
    if (typeof value !== 'string') problems.push(`${name} must be a string, not ${typeof value}; ignored`);
    else if (value.length > maxLength) problems.push(`${name} is longer than ${maxLength} characters; ignored`);
    else return value;
    return undefined;
  };

  const url = readUrl(options.url, problems);
  const sdkKey = readSdkKey(options.sdkKey, problems);
  const app = text('app', options.app);
  const given = isRecord(options.deploy) ? options.deploy : {};
  const deploy = {
    version:
      text('deploy.version', given.version) ?? text('BUNTING_DEPLOY_VERSION', environment.BUNTING_DEPLOY_VERSION),
    stage: text('deploy.stage', given.stage) ?? text('BUNTING_DEPLOY_STAGE', environment.BUNTING_DEPLOY_STAGE),
    color: text('deploy.color', given.color) ?? text('BUNTING_DEPLOY_COLOR', environment.BUNTING_DEPLOY_COLOR),
  };
  return {
    target: url !== undefined && sdkKey !== undefined ? { url, sdkKey } : undefined,
    instance: { id: text('instanceId', options.instanceId) ?? randomUUID(), app, host: hostname() || undefined },
    deploy: Object.values(deploy).some((value) => value !== undefined) ? deploy : undefined,
    staleAfterMs: readStaleAfter(options.staleAfterMs, problems),
    transports: readTransports(options.transports, problems),
    pollIntervalMs: readPollInterval(options.pollIntervalMs, problems),
    cacheDir:
      text('cacheDir', options.cacheDir, MAX_PATH_LENGTH) ??
      text('BUNTING_CACHE_DIR', environment.BUNTING_CACHE_DIR, MAX_PATH_LENGTH),
    bootstrap: readBootstrapSource(options.bootstrap, problems),
    overrides: readOverrides(options, environment, problems),
    privateAttributes: readPrivateAttributes(options.privateAttributes, problems),
    logger: readLogger(options.logger, problems),
    problems,
  };
}

function readUrl(value: unknown, problems: string[]): string | undefined {
  const problem = 'url must be the address of the server, such as https://flags.example.com';
  if (typeof value !== 'string' || !URL.canParse(value)) {
    problems.push(`${problem}; got ${typeof value === 'string' ? JSON.stringify(value) : typeof value}`);
    return undefined;
  }
  const url = new URL(value);
  const protocol = SOCKET_PROTOCOLS.get(url.protocol);
  if (protocol === undefined) {
    problems.push(`${problem}; ${url.protocol} is none of http:, https:, ws:, wss:`);
    return undefined;
  }
  url.protocol = protocol;
  url.hash = '';
  if (url.pathname === '/') url.pathname = '/stream';
  return url.href;
}

const SOCKET_PROTOCOLS: ReadonlyMap<string, string> = new Map([
  ['http:', 'ws:'],
  ['https:', 'wss:'],
  ['ws:', 'ws:'],
  ['wss:', 'wss:'],
]);

function readSdkKey(value: unknown, problems: string[]): string | undefined {
  // Keys read from files tend to end in a line break.
  const key = typeof value === 'string' ? value.trim() : '';
  if (key === '') {
    problems.push('sdkKey must be a server key (bnt_srv_...) of the environment, made in the admin UI under Keys');
    return undefined;
  }
  if (key.startsWith('bnt_cli_')) {
    problems.push('sdkKey is a client key, which is for pages; a server needs a server key (bnt_srv_...)');
    return undefined;
  }
  return key;
}

function readStaleAfter(value: unknown, problems: string[]): number {
  if (value === undefined) return STALE_AFTER_MS;
  if (typeof value === 'number' && value > 0) return value;
  problems.push(`staleAfterMs must be a number of milliseconds above 0; ${STALE_AFTER_MS} stands`);
  return STALE_AFTER_MS;
}

function readTransports(value: unknown, problems: string[]): readonly TransportName[] {
  if (value === undefined) return TRANSPORTS;
  const names: readonly unknown[] = Array.isArray(value) ? value : [];
  const known = TRANSPORTS.filter((name) => names.includes(name));
  const isUsable = names.length > 0 && known.length === names.length;
  if (isUsable) return [...names] as TransportName[];
  problems.push(`transports must be a list of some of ${TRANSPORTS.join(', ')}, each once; all of them stand`);
  return TRANSPORTS;
}

function readPollInterval(value: unknown, problems: string[]): number {
  if (value === undefined) return POLL_INTERVAL_MS;
  if (typeof value === 'number' && value >= MIN_POLL_INTERVAL_MS && value <= MAX_POLL_INTERVAL_MS) return value;
  const span = `${MIN_POLL_INTERVAL_MS} to ${MAX_POLL_INTERVAL_MS}`;
  problems.push(`pollIntervalMs must be a number of milliseconds from ${span}; ${POLL_INTERVAL_MS} stands`);
  return POLL_INTERVAL_MS;
}

function readBootstrapSource(value: unknown, problems: string[]): BootstrapSource | undefined {
  if (value === undefined || value === '') return undefined;
  try {
    return bootstrapSourceOf(value);
  } catch (cause) {
    problems.push(`bootstrap must be a ruleset, or the path or URL of one (${(cause as Error).message}); ignored`);
    return undefined;
  }
}

/** One that is no path is said; the others still count. */
function readPrivateAttributes(value: unknown, problems: string[]): readonly string[] {
  if (value === undefined) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const paths = list.filter((path) => typeof path === 'string' && path !== '');
  if (!Array.isArray(value) || paths.length < list.length) {
    problems.push('privateAttributes must be a list of attribute paths, such as user.email; what is none is ignored');
  }
  return paths as string[];
}

function readLogger(value: unknown, problems: string[]): Logger {
  if (value === undefined) return stderrLogger;
  if (isRecord(value)) return value;
  problems.push('logger must be an object with methods debug, info, warn and error, such as console; stderr stands');
  return stderrLogger;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
