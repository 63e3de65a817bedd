import type { Static } from '@sinclair/typebox';
import type { Environments } from '../environments/service.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { DEFAULT_LIMIT, type Page, type PageRequest, readCursor, toPage } from '../http/page.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import type { Instance } from './instance.ts';
import type { Receipts } from './receipts.ts';
import type { InstanceSchema, ReceiptsSchema } from './schemas.ts';

/** Receipts as the API shows them. */
export class ReceiptViews {
  readonly #environments: Environments;
  readonly #rulesets: Rulesets;
  readonly #receipts: Receipts;

  constructor(environments: Environments, rulesets: Rulesets, receipts: Receipts) {
    this.#environments = environments;
    this.#rulesets = rulesets;
    this.#receipts = receipts;
  }

  /** @throws {ApiError} `not_found` */
  async find(project: string, environment: string): Promise<LiveRuleset> {
    const { environment: row } = await this.#environments.find(project, environment);
    const ruleset = this.#rulesets.get(row.id);
    if (ruleset === undefined) throw new Error(`environment ${row.id} is in the database but not in memory`);
    return ruleset;
  }

  summary(ruleset: LiveRuleset): Static<typeof ReceiptsSchema> {
    const { revision, committedAtMs, ...summary } = this.#receipts.summary(ruleset);
    return { revision, committedAt: toTimestamp(committedAtMs), ...summary };
  }

  instances(ruleset: LiveRuleset, { cursor, limit = DEFAULT_LIMIT }: PageRequest): Page<Static<typeof InstanceSchema>> {
    const [afterId = ''] = readCursor(cursor, ['string']) ?? [];
    const behind = this.#receipts.instances(ruleset).filter(({ id }) => id > afterId);
    const page = toPage(behind.slice(0, limit + 1), limit, ({ id }) => [id]);
    return { ...page, items: page.items.map(toView) };
  }

  close(): void {
    this.#receipts.close();
  }

  watch(ruleset: LiveRuleset, listener: () => void): () => void {
    return this.#receipts.watch(ruleset.environmentId, listener);
  }
}

function toView({ id, introduction, connected, revision, brokenFlags }: Instance): Static<typeof InstanceSchema> {
  const { instance, sdk, deploy } = introduction;
  return {
    id,
    app: instance.app ?? null,
    host: instance.host ?? null,
    sdk: { name: sdk.name, version: sdk.version },
    deploy: deploy === undefined ? null : { version: deploy.version, stage: deploy.stage, color: deploy.color },
    connectedAt: toTimestamp(connected.atMs),
    revision: revision && { incarnation: revision.incarnation, number: revision.number, hash: revision.hash },
    brokenFlags,
  };
}
