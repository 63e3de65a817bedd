import type { PendingAttribute } from './pending.ts';

/** That an attribute is still seen is written so often, in milliseconds. */
const RENEW_MS = 10 * 60_000;
const MAX_KNOWN = 1_000;

/** Which attributes of an environment were written lately: most are seen all the time. */
export class KnownAttributes {
  readonly #writtenMs = new Map<string, number>();

  /** Those that are to be written. */
  choose(attributes: readonly PendingAttribute[], nowMs: number): PendingAttribute[] {
    return attributes.filter((attribute) => {
      const writtenMs = this.#writtenMs.get(idOf(attribute));
      return writtenMs === undefined ? this.#writtenMs.size < MAX_KNOWN : nowMs - writtenMs > RENEW_MS;
    });
  }

  /** They were written, or there was no room for them, which is to be tried again as seldom. */
  note(attributes: readonly PendingAttribute[], nowMs: number): void {
    for (const attribute of attributes) this.#writtenMs.set(idOf(attribute), nowMs);
  }

  forget(): void {
    this.#writtenMs.clear();
  }
}

function idOf({ path, type, source }: PendingAttribute): string {
  return `${source}\n${type}\n${path}`;
}
