import { toCanonicalJson } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import type { Environments } from '../environments/service.ts';
import { newTest, verdictOf } from '../evidence/evidence.ts';
import { InvalidEvidence } from '../evidence/invalid-evidence.ts';
import type { TestSpec } from '../evidence/test-spec.ts';
import { notFound, validationFailed } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { DEFAULT_LIMIT, type Page, readCursor, toPage } from '../http/page.ts';
import type { SafeguardVerdictRow } from '../store/tables/safeguards.ts';
import type { Database } from '../store/tables.ts';
import { explain } from './explain.ts';
import { judge } from './judge.ts';
import { toPoints } from './points.ts';
import { findVerdict, findVerdicts } from './repository.ts';
import type { EnvironmentKeys } from './service.ts';
import { documentOf, hashOf, toView, type VerdictView } from './verdict.ts';
import type { ExplanationSchema, ReplayInput, ReplaySchema, VerdictQuery } from './verdict-schemas.ts';

export interface VerdictPlace extends EnvironmentKeys {
  readonly verdict: string;
}

/** What safeguards found: to be read, explained, and found once more. */
export class Verdicts {
  readonly #database: Database;
  readonly #environments: Environments;

  constructor(database: Database, environments: Environments) {
    this.#database = database;
    this.#environments = environments;
  }

  /** Newest first. */
  async list(
    place: EnvironmentKeys,
    { cursor, limit = DEFAULT_LIMIT, safeguard, flag }: Static<typeof VerdictQuery>,
  ): Promise<Page<VerdictView>> {
    const [beforeId] = readCursor(cursor, ['string']) ?? [];
    const { environment } = await this.#environments.find(place.project, place.environment);
    const filter = { safeguard, flag, beforeId, limit: limit + 1 };
    const page = toPage(await findVerdicts(this.#database, environment.id, filter), limit, ({ id }) => [id]);
    return { ...page, items: page.items.map(toView) };
  }

  async get(place: VerdictPlace): Promise<VerdictView> {
    return toView(await this.#find(place));
  }

  async explain(place: VerdictPlace): Promise<Static<typeof ExplanationSchema>> {
    return { sentences: explain(documentOf(await this.#find(place))) };
  }

  /** Judges what was counted then once more: by the same test, bit for bit, or by another. */
  async replay(place: VerdictPlace, { test, alpha }: Static<typeof ReplayInput>): Promise<Static<typeof ReplaySchema>> {
    const row = await this.#find(place);
    const document = documentOf(row);
    const { steps, finding: found } = document;
    const spec = withAlpha(test ?? document.test, alpha);
    try {
      newTest(spec);
    } catch (error) {
      if (!(error instanceof InvalidEvidence)) throw error;
      throw validationFailed([{ path: 'test', message: error.message }]);
    }
    const finding = verdictOf(spec, judge(spec, steps));
    const { verdict, failedAtMs, logE = null, threshold = null } = finding;
    const isUnchanged = hashOf(document) === row.hash;
    return {
      ...{ test: spec, verdict, logE, threshold },
      failedAt: failedAtMs === undefined ? null : toTimestamp(failedAtMs),
      same: isUnchanged && toCanonicalJson({ ...finding }) === toCanonicalJson({ ...found }),
      points: toPoints(spec, steps),
    };
  }

  async #find({ project, environment: key, verdict }: VerdictPlace): Promise<SafeguardVerdictRow> {
    const { environment } = await this.#environments.find(project, key);
    const row = await findVerdict(this.#database, environment.id, verdict);
    if (row === undefined) throw notFound(`verdict "${verdict}" in ${key}`);
    return row;
  }
}

function withAlpha(test: TestSpec, alpha: number | undefined): TestSpec {
  if (alpha === undefined) return test;
  if ('alpha' in test) return { ...test, alpha };
  throw validationFailed([{ path: 'alpha', message: `is not what ${test.kind} goes by` }]);
}
