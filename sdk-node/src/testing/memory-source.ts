import { type CompiledRuleset, type Flag, flagItem, type Revision } from '@bunting/core';
import { advance } from '../advance.ts';
import type { Source } from '../client.ts';
import type { Listeners } from '../events.ts';
import { PathWindow } from '../paths/path-window.ts';

/** Stands in the place of the connection to a server: what is set is in effect at once, and always live. */
export class MemorySource implements Source {
  ruleset: CompiledRuleset | undefined;
  readonly source = 'live';
  readonly problem = undefined;
  readonly transport = undefined;
  readonly freshness = { isStale: false, ageMs: 0 };
  readonly exposures = { countDefault: () => {} };
  readonly events = { count: () => {} };
  readonly samples = { isDue: false, take: () => {} };
  readonly paths = new PathWindow();
  readonly #listeners: Listeners;

  constructor(listeners: Listeners, flags: readonly Flag[]) {
    this.#listeners = listeners;
    this.replace(flags);
  }

  start(): void {}

  async stop(): Promise<void> {}

  /** Adds a flag or replaces the one of its key. */
  put(flag: Flag): void {
    const { number: from } = this.#revision;
    this.#take({ type: 'changes', from, ...this.#nextHeader(), delete: [], items: [flagItem(flag)] });
  }

  /** These are all the flags. */
  replace(flags: readonly Flag[]): void {
    this.#take({ type: 'snapshot', ...this.#nextHeader(), kills: [], items: flags.map(flagItem) });
  }

  get #revision(): Revision {
    return this.ruleset?.revision ?? { incarnation: 'test', number: 0, hash: '' };
  }

  #nextHeader() {
    const nowMs = Date.now();
    const revision = { ...this.#revision, number: this.#revision.number + 1 };
    return { revision, committedAtMs: nowMs, timeMs: nowMs };
  }

  #take(message: Parameters<typeof advance>[1]): void {
    const before = this.ruleset;
    // Asks for `Date.now` anew each time, so that a test's fake clock counts.
    const advanced = advance(before, message, { clock: () => Date.now() });
    if (!advanced.ok) throw new Error(advanced.detail);
    this.ruleset = advanced.ruleset;
    if (before === undefined || advanced.ruleset === undefined || advanced.keys.length === 0) return;
    const { revision, committedAtMs } = advanced.ruleset;
    this.#listeners.emit('change', { revision, keys: advanced.keys, committedAtMs });
  }
}
