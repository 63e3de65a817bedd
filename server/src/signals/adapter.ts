import type { IncomingHttpHeaders } from 'node:http';
import type { AlertStatus } from './episode.ts';

/** A request to the inbox as it came. */
export interface Message {
  readonly headers: IncomingHttpHeaders;
  readonly raw: Buffer;
  /** When it came: ms since 1970, UTC. */
  readonly atMs: number;
}

/** What a source's messages are verified by. */
export interface Trust {
  /** Those that hold now: the newest and, for a while after a rotation, the one before. */
  readonly secrets: readonly string[];
  /** ARNs that messages of SNS may come from. */
  readonly topics: readonly string[];
  readonly certificates: Certificates;
  /** An expression in CEL that makes alerts of any body. */
  readonly mapping?: Mapping;
}

/** Where the certificates that SNS signs by are found. */
export interface Certificates {
  /**
   * @param url one that was checked to be of SNS
   * @returns the certificate as PEM
   * @throws {ApiError} `certificate_unavailable`
   */
  find(url: string): Promise<string>;
}

/** @throws {ApiError} `signal_malformed` */
export type Mapping = (body: unknown) => unknown;

/** What a message says of one alert. */
export interface Finding {
  readonly fingerprint: string;
  readonly status: AlertStatus;
  /** When this episode began; undefined where only the message that began it says so. */
  readonly startsAtMs: number | undefined;
  /** What tells this episode from others of the same fingerprint, where it is not its beginning. */
  readonly cycle?: string;
  readonly occurredAtMs: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly value?: number;
  readonly link?: string;
}

/** A message that was understood. */
export interface Delivery {
  /** The same when the message is delivered again; undefined: the vendor gives none, its bytes name it. */
  readonly id?: string;
  readonly findings: readonly Finding[];
  /** What a person should know of it, such as why it holds no alert. */
  readonly note?: string;
  /** SNS asks whether its topic may send here: a person confirms it. */
  readonly subscription?: { readonly topic: string; readonly confirmUrl: string };
}

/** How one vendor's messages are told from forged ones, and read. */
export interface Adapter {
  /**
   * Looks at the raw bytes, before anything is read.
   * @throws {ApiError} `unauthenticated`; `forbidden` when it is authentic and not wanted
   */
  verify(message: Message, trust: Trust): void | Promise<void>;
  /** @throws {ApiError} `signal_malformed`, saying where and the fix */
  read(message: Message, trust: Trust): Delivery;
}
