import type { Kill } from '@bunting/core';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { Answer, Installation } from './installation.ts';
import type { Receipts } from './receipts.ts';

/** While something changes the other servers are asked this often, in milliseconds. */
const ASK_EVERY_MS = 250;
/** Something changes until everyone has it, or for this long after the last sign of it here, in milliseconds. */
const RESTLESS_MS = 10_000;
/** What happens only on other servers is seen this often, in milliseconds. */
const ASK_ANYWAY_MS = 5_000;

/** The receipts of the whole installation as they change, for those who watch. */
export class LiveReceipts {
  readonly #installation: Installation;
  readonly #receipts: Receipts;
  readonly #watches = new Map<LiveRuleset, Watch>();

  constructor(installation: Installation, receipts: Receipts) {
    this.#installation = installation;
    this.#receipts = receipts;
  }

  read(ruleset: LiveRuleset): Answer {
    return this.#installation.known(ruleset);
  }

  /** The kill or re-arm that `read` tells of. */
  latestKill(ruleset: LiveRuleset): Kill | undefined {
    return this.#receipts.rollOf(ruleset).kills.latest()?.kill;
  }

  /** Calls `listener` after anything may have changed. @returns how to stop it */
  watch(ruleset: LiveRuleset, listener: () => void): () => void {
    let watch = this.#watches.get(ruleset);
    if (watch === undefined) {
      watch = new Watch(ruleset, this.#installation, this.#receipts);
      this.#watches.set(ruleset, watch);
    }
    const { listeners } = watch;
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0 || this.#watches.get(ruleset)?.listeners !== listeners) return;
      this.#watches.get(ruleset)?.stop();
      this.#watches.delete(ruleset);
    };
  }
}

/** One environment that someone watches. */
class Watch {
  readonly listeners = new Set<() => void>();
  readonly stop: () => void;
  readonly #ruleset: LiveRuleset;
  readonly #installation: Installation;
  #telling: NodeJS.Immediate | undefined;
  #isAsking = false;
  #hasChanged = true;
  #changedTickMs = performance.now();
  #askedTickMs = Number.NEGATIVE_INFINITY;

  constructor(ruleset: LiveRuleset, installation: Installation, receipts: Receipts) {
    this.#ruleset = ruleset;
    this.#installation = installation;
    const unwatch = receipts.watch(ruleset.environmentId, () => {
      this.#hasChanged = true;
      this.#changedTickMs = performance.now();
      // A crowd's receipts come many at a time.
      this.#telling ??= setImmediate(() => this.#tell());
    });
    const timer = setInterval(() => void this.#ask(), ASK_EVERY_MS).unref();
    this.stop = () => {
      clearInterval(timer);
      clearImmediate(this.#telling);
      unwatch();
    };
    void this.#ask();
  }

  async #ask(): Promise<void> {
    if (this.#isAsking || !this.#isWorthAsking()) return;
    this.#isAsking = true;
    this.#hasChanged = false;
    this.#askedTickMs = performance.now();
    await this.#installation.refresh(this.#ruleset);
    this.#isAsking = false;
    this.#tell();
  }

  #isWorthAsking(): boolean {
    const nowMs = performance.now();
    if (this.#hasChanged || nowMs - this.#askedTickMs >= ASK_ANYWAY_MS) return true;
    if (nowMs - this.#changedTickMs >= RESTLESS_MS) return false;
    const { pending, kill } = this.#installation.known(this.#ruleset);
    const hasKill = this.#installation.liveQuestion(this.#ruleset).kill !== null;
    return pending > 0 || (hasKill && kill.pending > 0);
  }

  #tell(): void {
    this.#telling = undefined;
    for (const listener of this.listeners) listener();
  }
}
