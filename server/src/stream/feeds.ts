import type { CompiledRulesets } from '../evaluate/compiled-rulesets.ts';
import { TimeSignal } from '../evaluate/time-signal.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import { ClientFeed } from './client-feed.ts';
import { type FeedOptions, ServerFeed } from './server-feed.ts';

/** The feeds of one environment. */
export interface EnvironmentFeeds {
  readonly server: ServerFeed;
  readonly client: ClientFeed;
}

export interface FeedsDependencies extends Omit<FeedOptions, 'ruleset'> {
  readonly rulesets: Rulesets;
  readonly compiled: CompiledRulesets;
}

/** Tells the feeds of each environment what becomes of its ruleset. */
export class Feeds {
  readonly #dependencies: FeedsDependencies;
  readonly #times: TimeSignal;
  readonly #byEnvironment = new Map<string, EnvironmentFeeds>();

  constructor(dependencies: FeedsDependencies) {
    this.#dependencies = dependencies;
    const { rulesets, compiled, origin } = dependencies;
    this.#times = new TimeSignal({ rulesets, compiled, nowMs: () => origin.nowMs() });
    rulesets.onChange(({ environmentId }) => {
      const feeds = this.#byEnvironment.get(environmentId);
      feeds?.server.publish();
      feeds?.client.publish();
    });
    rulesets.onKill(({ environmentId }, kill) => {
      const feeds = this.#byEnvironment.get(environmentId);
      feeds?.server.kill(kill);
      feeds?.client.kill();
    });
    rulesets.onReplace(({ environmentId }) => {
      const feeds = this.#byEnvironment.get(environmentId);
      feeds?.server.replace();
      feeds?.client.replace();
    });
  }

  /** Forgets what nobody asks for any more. To be called now and then. */
  sweep(): void {
    for (const { server } of this.#byEnvironment.values()) server.sweep();
  }

  of(ruleset: LiveRuleset): EnvironmentFeeds {
    let feeds = this.#byEnvironment.get(ruleset.environmentId);
    if (feeds === undefined) {
      const options = { ...this.#dependencies, ruleset };
      const { compiled } = options;
      feeds = { server: new ServerFeed(options), client: new ClientFeed(options, compiled, this.#times) };
      this.#byEnvironment.set(ruleset.environmentId, feeds);
    }
    return feeds;
  }
}
