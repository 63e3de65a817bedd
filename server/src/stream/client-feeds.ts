import type { CompiledRulesets } from '../evaluate/compiled-rulesets.ts';
import { TimeSignal } from '../evaluate/time-signal.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import { ClientFeed } from './client-feed.ts';
import type { Origin } from './origin.ts';
import type { Turns } from './turns.ts';

export interface ClientFeedsDependencies {
  readonly rulesets: Rulesets;
  readonly compiled: CompiledRulesets;
  readonly origin: Origin;
  readonly turns: Turns;
}

/** Tells the pages of each environment what becomes of its values. */
export class ClientFeeds {
  readonly #dependencies: ClientFeedsDependencies;
  readonly #times: TimeSignal;
  readonly #byEnvironment = new Map<string, ClientFeed>();

  constructor(dependencies: ClientFeedsDependencies) {
    this.#dependencies = dependencies;
    const { rulesets, compiled, origin } = dependencies;
    this.#times = new TimeSignal({ rulesets, compiled, nowMs: () => origin.nowMs() });
    rulesets.onChange(({ environmentId }) => this.#byEnvironment.get(environmentId)?.publish());
    rulesets.onKill(({ environmentId }) => this.#byEnvironment.get(environmentId)?.kill());
    rulesets.onReplace(({ environmentId }) => this.#byEnvironment.get(environmentId)?.replace());
  }

  of(ruleset: LiveRuleset): ClientFeed {
    let feed = this.#byEnvironment.get(ruleset.environmentId);
    if (feed === undefined) {
      feed = new ClientFeed({ ...this.#dependencies, ruleset, times: this.#times });
      this.#byEnvironment.set(ruleset.environmentId, feed);
    }
    return feed;
  }
}
