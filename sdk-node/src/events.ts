import type { Revision } from '@bunting/core';
import type { FlagsError } from './flags-error.ts';
import { callHost } from './host-call.ts';
import { type Logger, log } from './logger.ts';

/** What each event tells its listeners. */
export interface FlagsEvents {
  /** Answers are fresh: after the first ruleset, and again after `stale`. */
  ready: { readonly revision: Revision };
  /** A later ruleset took effect; every evaluation from now on uses it. */
  change: {
    readonly revision: Revision;
    /** Flags that were added, changed or removed. */
    readonly keys: readonly string[];
    /** When the revision was committed, milliseconds since 1970, UTC. */
    readonly committedAtMs: number;
  };
  /** The data became older than `staleAfterMs`. Answers go on coming from it. */
  stale: { readonly dataAgeMs: number };
  /** Something an operator should know. Nothing is thrown when nobody listens. */
  error: FlagsError;
}

export type FlagsEventName = keyof FlagsEvents;
export type FlagsListener<Name extends FlagsEventName> = (event: FlagsEvents[Name]) => void;

export interface ListenerOptions {
  /** Of `change` only: the flag whose changes are of interest. */
  readonly key?: string;
}

interface Entry<Name extends FlagsEventName> {
  readonly listener: FlagsListener<Name>;
  readonly key: string | undefined;
}

type Registry = { readonly [Name in FlagsEventName]: Set<Entry<Name>> };

/** Listeners by event. One that fails is logged and hurts neither the others nor the caller. */
export class Listeners {
  readonly #logger: Logger;
  readonly #registry: Registry = { ready: new Set(), change: new Set(), stale: new Set(), error: new Set() };

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /**
   * Returns the function that unsubscribes. Arguments that cannot be used are logged and subscribe to nothing.
   *
   * @param current is told a moment later: of the state that already is
   */
  on<Name extends FlagsEventName>(
    name: Name,
    listener: FlagsListener<Name>,
    options?: ListenerOptions,
    current?: FlagsEvents[Name],
  ): () => void {
    if (typeof name !== 'string' || !Object.hasOwn(this.#registry, name) || typeof listener !== 'function') {
      return this.#refuse("on() takes 'ready', 'change', 'stale' or 'error' and a function");
    }
    const key = readKey(options);
    if (key === null || (key !== undefined && name !== 'change')) {
      return this.#refuse("on() takes {key: 'flag-key'} as a third argument, with 'change' only");
    }
    const entries = this.#registry[name];
    const entry = { listener, key };
    entries.add(entry);
    if (current !== undefined) {
      queueMicrotask(() => {
        if (entries.has(entry)) this.#deliver(name, listener, current);
      });
    }
    return () => void entries.delete(entry);
  }

  emit<Name extends FlagsEventName>(name: Name, event: FlagsEvents[Name]): void {
    for (const { listener, key } of [...this.#registry[name]]) {
      if (key === undefined || ('keys' in event && event.keys.includes(key))) this.#deliver(name, listener, event);
    }
  }

  #deliver<Name extends FlagsEventName>(name: Name, listener: FlagsListener<Name>, event: FlagsEvents[Name]): void {
    callHost(this.#logger, `a listener of '${name}'`, () => listener(event));
  }

  #refuse(problem: string): () => void {
    log(this.#logger, 'warn', `${problem}; nothing subscribed`);
    return () => {};
  }
}

/** Null when the options cannot be used; they may come from a caller without types. */
function readKey(options: unknown): string | undefined | null {
  if (options === undefined) return undefined;
  try {
    const { key } = options as { readonly key?: unknown };
    return key === undefined || typeof key === 'string' ? key : null;
  } catch {
    return null;
  }
}
