import type { Static } from '@sinclair/typebox';
import { notFound } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { DEFAULT_LIMIT, type Page, readCursor } from '../http/page.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import { sizeOf } from './census.ts';
import type { Answer, Installation } from './installation.ts';
import type { InstanceView } from './list.ts';
import type { Receipts } from './receipts.ts';
import { MAX_ROUNDS } from './rounds.ts';
import type { InstanceCountsSchema, InstanceQuery, KillReceiptsSchema, ReceiptsSchema } from './schemas.ts';

type KillReceipts = Static<typeof KillReceiptsSchema>;
type ReceiptsView = Static<typeof ReceiptsSchema>;

/** What an SDK says of itself may be anything: so many groups are shown. */
const MAX_GROUPS = 1_000;

export interface ReceiptViewsDependencies {
  readonly rulesets: Rulesets;
  readonly receipts: Receipts;
  readonly installation: Installation;
}

/** Receipts as the API shows them: of all servers together, and from memory alone. */
export class ReceiptViews {
  readonly #dependencies: ReceiptViewsDependencies;

  constructor(dependencies: ReceiptViewsDependencies) {
    this.#dependencies = dependencies;
  }

  /** @throws {ApiError} `not_found` */
  find(project: string, environment: string): LiveRuleset {
    const ruleset = this.#dependencies.rulesets.named(project, environment);
    if (ruleset === undefined) throw notFound(`environment "${environment}" in project "${project}"`);
    return ruleset;
  }

  /** All environments of a project. @throws {ApiError} `not_found` */
  findAll(project: string): LiveRuleset[] {
    const rulesets = [...this.#dependencies.rulesets.all()].filter((ruleset) => ruleset.project === project);
    if (rulesets.length === 0) throw notFound(`project "${project}" with environments`);
    return rulesets;
  }

  /**
   * @param number of a recent revision; without it, of the current one
   * @throws {ApiError} `not_found` when the revision is not recent
   */
  async receipts(ruleset: LiveRuleset, number?: number): Promise<ReceiptsView> {
    const { receipts, installation } = this.#dependencies;
    if (number === undefined || number === ruleset.revision.number) {
      const { revision, committedAtMs } = ruleset;
      return showReceipts(
        { revision, committedAtMs },
        await installation.ask(ruleset, installation.liveQuestion(ruleset)),
      );
    }
    const round = receipts.rollOf(ruleset).round(number);
    if (round === undefined) {
      throw notFound(
        `receipt of revision ${number}: this server keeps those of the last ${MAX_ROUNDS} revisions since it started`,
      );
    }
    const { revision, committed } = round;
    const answer = await installation.ask(ruleset, { ...revision, kill: null });
    return showReceipts({ revision, committedAtMs: committed.atMs }, answer);
  }

  /** @throws {ApiError} `not_found` when the flag was never killed */
  async killReceipts(ruleset: LiveRuleset, flag: string): Promise<KillReceipts> {
    const { receipts, installation } = this.#dependencies;
    const kill = receipts.rollOf(ruleset).kills.find(flag)?.kill;
    if (kill === undefined) throw notFound(`recent kill of flag "${flag}" in ${ruleset.environment}`);
    return showKill(kill, await installation.ask(ruleset, { ...ruleset.revision, kill }));
  }

  /** @throws {ApiError} when the cursor was not made for this list */
  list(
    list: 'instances' | 'stragglers',
    ruleset: LiveRuleset,
    { cursor, limit = DEFAULT_LIMIT, server, ...filter }: Static<typeof InstanceQuery>,
  ): Promise<Page<InstanceView>> {
    const after = readCursor(cursor, list === 'instances' ? ['string'] : ['string', 'string']) ?? null;
    return this.#dependencies.installation.list(ruleset, { list, after, limit, ...filter }, server);
  }

  /** How many instances are of which kind, without the smallest groups where there are too many. */
  async census(ruleset: LiveRuleset): Promise<Static<typeof InstanceCountsSchema>> {
    const { groups, incomplete } = await this.#dependencies.installation.census(ruleset);
    const leftOut = groups.slice(MAX_GROUPS).reduce((sum, group) => sum + sizeOf(group), 0);
    return { groups: groups.slice(0, MAX_GROUPS), leftOut, incomplete };
  }
}

export function showReceipts(
  { revision, committedAtMs }: Pick<LiveRuleset, 'revision' | 'committedAtMs'>,
  { kill: _, behindNames: __, unkilledNames: ___, incomplete, ...counts }: Answer,
): ReceiptsView {
  return { revision, committedAt: toTimestamp(committedAtMs), ...counts, incomplete: [...incomplete] };
}

export function showKill(
  { flag, epoch, engaged }: Pick<KillReceipts, 'flag' | 'epoch' | 'engaged'>,
  { kill, incomplete }: Answer,
): KillReceipts {
  return { flag, epoch, engaged, ...kill, incomplete: [...incomplete] };
}
