import type { FlagsEventName, FlagsEvents, FlagsListener } from './flags.ts';

/** Listeners by event. One that fails is reported and hurts neither the others nor the caller. */
export class Listeners {
  readonly #warn: (message: string) => void;
  readonly #entries = new Set<{ readonly name: unknown; readonly listener: (event: never) => unknown }>();

  constructor(warn: (message: string) => void) {
    this.#warn = warn;
  }

  /** @param current is told a moment later: of the state that already is */
  on<Name extends FlagsEventName>(
    name: Name,
    listener: FlagsListener<Name>,
    current: FlagsEvents[Name] | undefined,
  ): () => void {
    const entry = { name, listener };
    this.#entries.add(entry);
    queueMicrotask(() => {
      if (current && this.#entries.has(entry)) this.#deliver(name, listener, current);
    });
    return () => void this.#entries.delete(entry);
  }

  emit<Name extends FlagsEventName>(name: Name, event: FlagsEvents[Name]): void {
    for (const entry of [...this.#entries]) {
      if (entry.name === name) this.#deliver(name, entry.listener as FlagsListener<Name>, event);
    }
  }

  #deliver<Name extends FlagsEventName>(name: Name, listener: FlagsListener<Name>, event: FlagsEvents[Name]): void {
    const failed = (cause: unknown) => {
      this.#warn(`a listener of '${name}' failed: ${cause instanceof Error ? cause.message : typeof cause}`);
    };
    try {
      const result: unknown = listener(event);
      if (result instanceof Promise) result.catch(failed);
    } catch (cause) {
      failed(cause);
    }
  }
}
