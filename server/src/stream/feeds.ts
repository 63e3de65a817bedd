import type { CompiledRulesets } from '../evaluate/compiled-rulesets.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import type { ClientFeed } from './client-feed.ts';
import { ClientFeeds } from './client-feeds.ts';
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
  readonly #servers = new Map<string, ServerFeed>();
  readonly #clients: ClientFeeds;

  constructor(dependencies: FeedsDependencies) {
    this.#dependencies = dependencies;
    const { rulesets } = dependencies;
    rulesets.onChange(({ environmentId }) => this.#servers.get(environmentId)?.publish());
    rulesets.onKill(({ environmentId }, kill) => this.#servers.get(environmentId)?.kill(kill));
    rulesets.onReplace(({ environmentId }) => this.#servers.get(environmentId)?.replace());
    // After those: servers are told first.
    this.#clients = new ClientFeeds(dependencies);
  }

  /** Forgets what nobody asks for any more. To be called now and then. */
  sweep(): void {
    for (const server of this.#servers.values()) server.sweep();
  }

  of(ruleset: LiveRuleset): EnvironmentFeeds {
    let server = this.#servers.get(ruleset.environmentId);
    if (server === undefined) {
      server = new ServerFeed({ ...this.#dependencies, ruleset });
      this.#servers.set(ruleset.environmentId, server);
    }
    return { server, client: this.#clients.of(ruleset) };
  }
}
