import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';

/** Tells whoever watches an environment that what it serves may have changed. */
export class ChangeSignal {
  readonly #listeners = new Map<string, Set<() => void>>();

  constructor(rulesets: Rulesets) {
    const tell = ({ environmentId }: LiveRuleset) => {
      for (const listener of [...(this.#listeners.get(environmentId) ?? [])]) listener();
    };
    rulesets.onChange(tell);
    rulesets.onKill(tell);
    rulesets.onReplace(tell);
  }

  /** Calls `listener` after every change and kill. @returns how to stop it */
  watch(environmentId: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(environmentId) ?? new Set();
    this.#listeners.set(environmentId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(environmentId);
    };
  }

  /** Resolves when `isReached` is true, looked at after each change; at the latest after `timeoutMs`. */
  async until(environmentId: string, isReached: () => boolean, timeoutMs: number): Promise<void> {
    if (isReached()) return;
    await new Promise<void>((resolve) => {
      const stop = () => {
        unwatch();
        clearTimeout(timer);
        resolve();
      };
      const unwatch = this.watch(environmentId, () => isReached() && stop());
      const timer = setTimeout(stop, timeoutMs);
    });
  }
}
