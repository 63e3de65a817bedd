import type { FastifyBaseLogger } from 'fastify';
import { SYSTEM } from '../audit/actor.ts';
import { appendEvents } from '../audit/chain.ts';
import { newEvent } from '../audit/event.ts';
import { hasAuditEvent } from '../audit/repository.ts';
import { notFound } from '../http/api-error.ts';
import { DEFAULT_LIMIT, type Page, type PageRequest, readCursor, toPage } from '../http/page.ts';
import type { Installation } from '../receipts/installation.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import { newId } from '../store/new-id.ts';
import type { Database } from '../store/tables.ts';
import type { EnvironmentKeys } from './kill-place.ts';
import type { Kills } from './kills.ts';
import { type KillTimeline, showTimeline, toLastMs } from './show-timeline.ts';
import { isWhole, type Reach, type Timeline } from './timeline.ts';
import { findTimeline, findTimelines, updateTimeline } from './timeline-repository.ts';

/** Receipts of a kill are waited for this long, in milliseconds. */
const FOLLOW_MS = 60_000;
/** How often all servers are asked how far a kill has come: soon at first, then less often. */
const LOOK_MS = { first: 50, least: 100, most: 2_000 } as const;
/** Kills at once; of what a flood has more, only that and when they were made is known. */
const MAX_FOLLOWED = 1_000;
/** What the database refuses this often is given up. */
const MAX_ATTEMPTS = 100;

export interface TimelinesDependencies {
  readonly database: Database;
  readonly rulesets: Rulesets;
  readonly installation: Pick<Installation, 'ask'>;
  readonly kills: Pick<Kills, 'onEngage' | 'onStored'>;
  /** Hears that an audit event was stored. */
  readonly onStored: () => void;
  readonly log: FastifyBaseLogger;
  readonly now: () => number;
}

interface Followed {
  timeline: Timeline;
  /** Of the audit event that will tell how far it came: the same at each attempt, so that it is told once. */
  outcomeId?: string;
  readonly sinceTickMs: number;
  attempts: number;
}

/** The time to kill: follows each kill that this server made until all instances have it, and tells of past ones. */
export class Timelines {
  readonly #dependencies: TimelinesDependencies;
  /** By the ids of the kills' audit events, oldest first. */
  readonly #followed = new Map<string, Followed>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #isClosed = false;

  constructor(dependencies: TimelinesDependencies) {
    this.#dependencies = dependencies;
    const { kills, now } = dependencies;
    kills.onEngage((timeline) => this.#follow(timeline));
    kills.onStored(({ eventId }) => {
      const followed = this.#followed.get(eventId);
      if (followed?.timeline.committedAtMs !== undefined || followed === undefined) return;
      followed.timeline = { ...followed.timeline, committedAtMs: now() };
    });
  }

  /** @throws {ApiError} `not_found` */
  async find(place: EnvironmentKeys, flag: string, epoch: number): Promise<KillTimeline> {
    const { environmentId } = this.#requireEnvironment(place);
    for (const { timeline } of this.#followed.values()) {
      if (timeline.environmentId === environmentId && timeline.flag === flag && timeline.epoch === epoch) {
        return showTimeline(timeline);
      }
    }
    const stored = await findTimeline(this.#dependencies.database, environmentId, flag, epoch);
    if (stored === undefined) throw notFound(`kill ${epoch} of flag "${flag}" in ${place.environment}`);
    return showTimeline(stored);
  }

  /** Newest first. @throws {ApiError} `not_found`; when the cursor was not made for this list */
  async list(
    place: EnvironmentKeys,
    { flag, cursor, limit = DEFAULT_LIMIT }: PageRequest & { readonly flag?: string },
  ): Promise<Page<KillTimeline>> {
    const before = readCursor(cursor, ['number', 'string']);
    const { environmentId } = this.#requireEnvironment(place);
    const stored = await findTimelines(this.#dependencies.database, environmentId, { flag, before, limit: limit + 1 });
    const page = toPage(stored, limit, ({ engagedAtMs, eventId }) => [engagedAtMs, eventId]);
    const items = page.items.map((timeline) => this.#followed.get(timeline.eventId)?.timeline ?? timeline);
    return { ...page, items: items.map(showTimeline) };
  }

  /** Stores what is known of those that are still followed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#looking;
    for (const followed of this.#followed.values()) {
      if (followed.timeline.committedAtMs !== undefined) await this.#save(followed);
    }
  }

  #follow(timeline: Timeline): void {
    if (this.#isClosed) return;
    const [oldest] = this.#followed.keys();
    if (this.#followed.size >= MAX_FOLLOWED && oldest !== undefined) this.#followed.delete(oldest);
    this.#followed.set(timeline.eventId, { timeline, sinceTickMs: performance.now(), attempts: 0 });
    this.#lookIn(LOOK_MS.first);
  }

  #lookIn(ms: number): void {
    this.#timer ??= setTimeout(() => {
      this.#looking = this.#look()
        .catch((error: unknown) => this.#dependencies.log.error({ err: error }, 'kills could not be followed'))
        .finally(() => this.#lookAgain());
    }, ms).unref();
  }

  #lookAgain(): void {
    this.#timer = undefined;
    if (this.#followed.size === 0 || this.#isClosed) return;
    const youngestMs = Math.min(
      ...[...this.#followed.values()].map(({ sinceTickMs }) => performance.now() - sinceTickMs),
    );
    this.#lookIn(Math.min(Math.max(youngestMs / 4, LOOK_MS.least), LOOK_MS.most));
  }

  /** One after the other: many kills at once must not ask the other servers for all of them at once. */
  async #look(): Promise<void> {
    for (const followed of [...this.#followed.values()]) {
      if (!followed.timeline.isOver) await this.#measure(followed);
      const { isOver, committedAtMs } = followed.timeline;
      if (isOver && committedAtMs !== undefined) await this.#save(followed);
    }
  }

  async #measure(followed: Followed): Promise<void> {
    const reach = await this.#ask(followed.timeline);
    const isLate = performance.now() - followed.sinceTickMs > FOLLOW_MS;
    // What was known before the flag was re-armed, or its environment deleted, is all that will be.
    if (reach === undefined) followed.timeline = { ...followed.timeline, isOver: true };
    else followed.timeline = { ...followed.timeline, reach, isOver: isLate || isWhole(reach) };
  }

  /** Undefined when the kill is not the latest word on its flag any more. */
  async #ask({ environmentId, flag, epoch }: Timeline): Promise<Reach | undefined> {
    const { rulesets, installation } = this.#dependencies;
    const isLatest = () =>
      rulesets.get(environmentId)?.kills.some((kill) => kill.flag === flag && kill.epoch === epoch && kill.engaged);
    const ruleset = rulesets.get(environmentId);
    if (ruleset === undefined || isLatest() !== true) return undefined;
    const question = { ...ruleset.revision, kill: { flag, epoch, engaged: true } };
    const { kill, unkilledNames, incomplete } = await installation.ask(ruleset, question);
    return isLatest() === true ? { ...kill, stragglers: [...unkilledNames], incomplete: [...incomplete] } : undefined;
  }

  async #save(followed: Followed): Promise<void> {
    const { database, onStored, log, now } = this.#dependencies;
    const { timeline } = followed;
    followed.outcomeId ??= newId(now());
    const id = followed.outcomeId;
    followed.attempts += 1;
    try {
      await database.transaction().execute(async (tx) => {
        if (!(await updateTimeline(tx, timeline))) return;
        const event = this.#eventOf(timeline);
        if (event === undefined || (await hasAuditEvent(tx, id))) return;
        await appendEvents(tx, [{ ...event, id }]);
      });
      this.#followed.delete(timeline.eventId);
      onStored();
    } catch (error) {
      const isLast = followed.attempts === MAX_ATTEMPTS;
      log[isLast ? 'error' : 'debug']({ err: error, flag: timeline.flag }, 'could not store how far a kill came');
      if (isLast) this.#followed.delete(timeline.eventId);
    }
  }

  /** What the audit log, and so webhooks, tell of it. Where nobody was connected there is nothing to tell. */
  #eventOf(timeline: Timeline) {
    const { environmentId, flag, epoch, receivedAtMs, cause, reach, isOver } = timeline;
    const ruleset = this.#dependencies.rulesets.get(environmentId);
    if (ruleset === undefined || !isOver || reach === undefined || reach.instances + reach.unknown === 0) return;
    const { project, environment } = ruleset;
    const entry = {
      project,
      environment,
      action: isWhole(reach) ? 'flag.kill.confirmed' : 'flag.kill.unconfirmed',
      target: { kind: 'flag', key: flag },
      after: {
        epoch,
        reach: describeReach(reach),
        ...reach,
        receivedToLastMs: toLastMs(timeline, receivedAtMs),
        firstBadToLastMs: toLastMs(timeline, cause?.firstBadAtMs),
      },
    };
    return newEvent(SYSTEM, entry, this.#dependencies.now());
  }

  #requireEnvironment({ project, environment }: EnvironmentKeys): LiveRuleset {
    const ruleset = this.#dependencies.rulesets.named(project, environment);
    if (ruleset === undefined) throw notFound(`environment "${environment}" in project "${project}"`);
    return ruleset;
  }
}

/** For people: `On 41 of 42 instances, the last after 63 ms; 1 unknown`. */
function describeReach({ instances, confirmed, unknown, lastMs }: Reach): string {
  const last = lastMs === null ? '' : `, the last after ${lastMs} ms`;
  return `On ${confirmed} of ${instances} instances${last}${unknown === 0 ? '' : `; ${unknown} unknown`}`;
}
