import { type EvaluationContext, explain, type Item, type Kill, outranks } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import type { Caller } from '../audit/actor.ts';
import type { Environments } from '../environments/service.ts';
import { validationFailed } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { readMoment } from '../http/moment.ts';
import { DEFAULT_LIMIT, type Page, type PageRequest, readCursor, toPage } from '../http/page.ts';
import type { RevisionRow } from '../store/tables/rulesets.ts';
import type { Database } from '../store/tables.ts';
import { answerOf, ask } from './answer.ts';
import { differenceOf } from './difference.ts';
import { findKillsUntil } from './kill-history.ts';
import { findPastEvents } from './past-events.ts';
import { noRevision, type PastRulesets } from './past-rulesets.ts';
import { findRevisionAt, findRevisionRow, findRevisionRows, findRevisionsBetween } from './repository.ts';
import type {
  EvaluateMomentInput,
  EvaluateRevisionInput,
  PastEvaluationSchema,
  PastItemQuery,
  PastItemSchema,
  PastRevisionSchema,
  PastRulesetSchema,
  RevisionDiffSchema,
  TransitionsInput,
  TransitionsSchema,
} from './schemas.ts';
import type { TouchedItems } from './touched.ts';
import { findTransitions } from './transitions.ts';

type PastRevision = Static<typeof PastRevisionSchema>;
type PastItem = Static<typeof PastItemSchema>;

export interface HistoryPlace {
  readonly project: string;
  readonly environment: string;
}

/** Revisions that one search for transitions goes through at most. */
const MAX_WALK = 5_000;

/** What environments served at each revision, and what it would have answered. */
export class History {
  readonly #database: Database;
  readonly #environments: Environments;
  readonly #rulesets: PastRulesets;
  readonly #now: () => number;

  constructor(database: Database, environments: Environments, rulesets: PastRulesets, now: () => number) {
    this.#database = database;
    this.#environments = environments;
    this.#rulesets = rulesets;
    this.#now = now;
  }

  /** Newest first. */
  async list(
    caller: Caller,
    place: HistoryPlace,
    { cursor, limit = DEFAULT_LIMIT }: PageRequest,
  ): Promise<Page<PastRevision>> {
    const [before] = readCursor(cursor, ['number']) ?? [];
    const environmentId = await this.#find(place);
    const rows = await findRevisionRows(this.#database, environmentId, { before, limit: limit + 1 });
    const page = toPage(rows, limit, ({ number }) => [number]);
    return { ...page, items: await this.#describe(caller, place, page.items) };
  }

  /** @throws {ApiError} `not_found`, `history_incomplete` */
  async get(caller: Caller, place: HistoryPlace, number: number): Promise<Static<typeof PastRulesetSchema>> {
    const environmentId = await this.#find(place);
    const { row, items } = await this.#rulesets.get(environmentId, number);
    const kills = await this.#killsAt(environmentId, row.committed_at);
    const [described] = await this.#describe(caller, place, [row]);
    if (described === undefined) throw new Error('a row that is there has a description');
    const counts: Record<string, number> = {};
    for (const { kind } of items) counts[kind] = (counts[kind] ?? 0) + 1;
    return { ...described, counts, killed: kills.filter(({ engaged }) => engaged).map(({ flag }) => flag) };
  }

  /** All documents of a revision, in no order. */
  async documents(place: HistoryPlace, number: number): Promise<readonly Item[]> {
    return (await this.#rulesets.get(await this.#find(place), number)).items;
  }

  /** The documents of a revision, by kind and key. */
  async items(
    place: HistoryPlace,
    number: number,
    { cursor, limit = DEFAULT_LIMIT, kind, key }: Static<typeof PastItemQuery>,
  ): Promise<Page<PastItem>> {
    const [afterKind, afterKey] = readCursor(cursor, ['string', 'string']) ?? ['', ''];
    const { items } = await this.#rulesets.get(await this.#find(place), number);
    const isBehind = (item: Item) => item.kind > afterKind || (item.kind === afterKind && item.key > afterKey);
    const found = items.filter(
      (item) => (kind ?? item.kind) === item.kind && (key ?? item.key) === item.key && isBehind(item),
    );
    found.sort((a, b) => (a.kind === b.kind ? (a.key < b.key ? -1 : 1) : a.kind < b.kind ? -1 : 1));
    const page = toPage(found, limit, (item) => [item.kind, item.key]);
    return { ...page, items: page.items.map(({ json, ...name }) => ({ ...name, document: JSON.parse(json) })) };
  }

  async diff(place: HistoryPlace, from: number, to: number): Promise<Static<typeof RevisionDiffSchema>> {
    const environmentId = await this.#find(place);
    const before = await this.#rulesets.get(environmentId, from);
    const after = await this.#rulesets.get(environmentId, to);
    return { from: revisionOf(before.row), to: revisionOf(after.row), ...differenceOf(before.items, after.items) };
  }

  /** What a revision answers, as at the moment when it was committed or at another one. */
  async evaluate(
    place: HistoryPlace,
    number: number,
    { at, ...question }: Static<typeof EvaluateRevisionInput>,
  ): Promise<Static<typeof PastEvaluationSchema>> {
    const environmentId = await this.#find(place);
    const row = await findRevisionRow(this.#database, environmentId, number);
    if (row === undefined) throw noRevision(number);
    return this.#evaluate(row, at === undefined ? row.committed_at : readMoment(at, 'at'), question);
  }

  /** What was answered at a moment: by the revision and kills in force, and the time, as they were then. */
  async evaluateAt(
    place: HistoryPlace,
    { at, ...question }: Static<typeof EvaluateMomentInput>,
  ): Promise<Static<typeof PastEvaluationSchema>> {
    const environmentId = await this.#find(place);
    const atMs = readMoment(at, 'at');
    if (atMs > this.#now()) throw validationFailed([{ path: 'at', message: 'is in the future' }]);
    const row = await findRevisionAt(this.#database, environmentId, atMs);
    if (row !== undefined) return this.#evaluate(row, atMs, question);
    throw validationFailed([{ path: 'at', message: 'is before the history begins: list the revisions to see when' }]);
  }

  /** Everything after which a flag answered a context otherwise. @throws {ApiError} */
  async transitions(
    caller: Caller,
    place: HistoryPlace,
    { flag, context, ...range }: Static<typeof TransitionsInput>,
  ): Promise<Static<typeof TransitionsSchema>> {
    const environmentId = await this.#find(place);
    const { revisions, untilMs } = await this.#range(environmentId, range);
    const [first] = revisions;
    const last = revisions.at(-1);
    if (first === undefined || last === undefined) throw noRevision(range.from ?? range.to ?? 0);
    const kills = await findKillsUntil(this.#database, environmentId, untilMs);
    const startMs = first.committed_at;
    const engaged = merge(kills.filter(({ atMs }) => atMs <= startMs));
    const start = await this.#rulesets.compiled(environmentId, first.number, engaged);
    const later = kills.filter(({ atMs }) => atMs > startMs);
    const walk = { environmentId, flag, context: context as EvaluationContext, revisions, kills: later, untilMs };
    const found = await findTransitions(this.#database, start, walk);
    const changes = found.flatMap(({ change }) => change ?? []);
    const events = found.flatMap(({ event }) => event ?? []);
    const eventsOf = await findPastEvents(this.#database, caller, place, { changes, events });
    return {
      from: revisionOf(first),
      to: revisionOf(last),
      until: toTimestamp(untilMs),
      first: ask(start, flag, walk.context, startMs),
      transitions: found.map(({ cause, atMs, afterMs, number, change, event, before, after }) => ({
        cause,
        at: toTimestamp(atMs),
        ...(afterMs === undefined ? {} : { after: toTimestamp(afterMs) }),
        revision: number,
        ...(change === undefined || change === null ? {} : { change }),
        events: eventsOf(change ?? event),
        was: before,
        became: after,
      })),
    };
  }

  /** The revisions to go through, and the moment at which the last one ended, or now. */
  async #range(
    environmentId: string,
    { from, to }: Pick<Static<typeof TransitionsInput>, 'from' | 'to'>,
  ): Promise<{ revisions: RevisionRow[]; untilMs: number }> {
    const [head] = await findRevisionRows(this.#database, environmentId, { before: undefined, limit: 1 });
    const last = Math.min(to ?? head?.number ?? 0, head?.number ?? 0);
    const first = from ?? Math.max(0, last - MAX_WALK + 1);
    if (first > last) throw validationFailed([{ path: 'from', message: `must not be behind ${last}, where it ends` }]);
    if (last - first >= MAX_WALK) {
      throw validationFailed([
        { path: 'from', message: `is ${last - first} revisions before the end; ask for ${MAX_WALK} at once at most` },
      ]);
    }
    const revisions = await findRevisionsBetween(this.#database, environmentId, first, last + 1);
    const next = revisions.at(-1)?.number === last + 1 ? revisions.pop() : undefined;
    return { revisions, untilMs: next?.committed_at ?? this.#now() };
  }

  async #evaluate(
    row: RevisionRow,
    atMs: number,
    { flag, context, trace = false }: Omit<Static<typeof EvaluateRevisionInput>, 'at'>,
  ): Promise<Static<typeof PastEvaluationSchema>> {
    if (trace && flag === undefined) {
      throw validationFailed([{ path: 'trace', message: 'is told of one flag only: name it in flag' }]);
    }
    const kills = await this.#killsAt(row.environment_id, atMs);
    const ruleset = await this.#rulesets.compiled(row.environment_id, row.number, kills);
    const asked = flag === undefined ? [...ruleset.keys()].sort() : [flag];
    const subject = context as EvaluationContext;
    return {
      revision: revisionOf(row),
      at: toTimestamp(atMs),
      answers: asked.map((key) => ({ flag: key, ...answerOf(ruleset.evaluate(key, subject, atMs)) })),
      ...(trace && flag !== undefined ? { trace: explain(ruleset, flag, subject, atMs) } : {}),
    };
  }

  async #killsAt(environmentId: string, atMs: number): Promise<Kill[]> {
    return merge(await findKillsUntil(this.#database, environmentId, atMs));
  }

  async #describe(caller: Caller, place: HistoryPlace, rows: readonly RevisionRow[]): Promise<PastRevision[]> {
    const changes = rows.flatMap(({ change_id }) => change_id ?? []);
    const eventsOf = await findPastEvents(this.#database, caller, place, { changes });
    return rows.map((row) => ({
      revision: revisionOf(row),
      committedAt: toTimestamp(row.committed_at),
      ...(row.former_incarnation === null ? {} : { formerIncarnation: row.former_incarnation }),
      ...(row.items === null ? {} : showTouched(JSON.parse(row.items) as TouchedItems)),
      ...(row.change_id === null ? {} : { change: row.change_id }),
      events: row.change_id === null ? [] : eventsOf(row.change_id),
    }));
  }

  async #find({ project, environment }: HistoryPlace): Promise<string> {
    return (await this.#environments.find(project, environment, this.#database)).environment.id;
  }
}

/** The latest of each flag. */
function merge(kills: readonly Kill[]): Kill[] {
  const latest = new Map<string, Kill>();
  for (const kill of kills) if (outranks(kill, latest.get(kill.flag))) latest.set(kill.flag, kill);
  return [...latest.values()];
}

function revisionOf({ incarnation, number, hash }: RevisionRow) {
  return { incarnation, number, hash };
}

function showTouched({ count, put, deleted }: TouchedItems) {
  const show = (names: TouchedItems['put']) => names.map(([kind, key]) => ({ kind: kind as Item['kind'], key }));
  return { itemCount: count, put: show(put), deleted: show(deleted) };
}
