import type { Static } from '@sinclair/typebox';
import { notFound } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import type { Peers } from '../receipts/peers.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import { type ExposureCounts, type ExposureSeries, SPANS, type Span } from './exposure-counts.ts';
import { type PeerExposures, readPeer } from './peer-exposures.ts';
import type { ExposuresSchema } from './schemas.ts';

type ExposuresView = Static<typeof ExposuresSchema>;

/** Whose exposures are asked for, by keys. */
export interface ExposedPlace {
  readonly project: string;
  readonly environment: string;
  readonly flag: string;
}

/** Which variants a flag was evaluated to, as all servers together were told; from memory alone. */
export class ExposureViews {
  readonly #rulesets: Rulesets;
  readonly #counts: ExposureCounts;
  readonly #peers: Pick<Peers, 'get'>;

  constructor(rulesets: Rulesets, counts: ExposureCounts, peers: Pick<Peers, 'get'>) {
    this.#rulesets = rulesets;
    this.#counts = counts;
    this.#peers = peers;
  }

  /** @throws {ApiError} `not_found` */
  async get({ project, environment, flag }: ExposedPlace, span: Span): Promise<ExposuresView> {
    const ruleset = this.#rulesets.named(project, environment);
    if (ruleset === undefined) throw notFound(`environment "${environment}" in project "${project}"`);
    if (ruleset.item('flag', flag) === undefined) throw notFound(`flag "${flag}" in ${environment}`);
    const { environmentId } = ruleset;
    const { stepMs, steps } = SPANS[span];
    const { nowMs } = this.#counts;
    const fromMs = (Math.floor(nowMs / stepMs) - steps) * stepMs;
    const asked = new URLSearchParams({ environment: environmentId, flag, span });
    const known: PeerExposures[] = [
      { sinceMs: this.#counts.sinceMs, series: this.#counts.read({ environmentId, flag }, span) },
    ];
    const incomplete: string[] = [];
    for (const { peer, body } of await this.#peers.get(`/exposures?${asked}`)) {
      const answer = readPeer(body);
      if (answer === undefined) incomplete.push(peer.url);
      else known.push(answer);
    }
    const sinceMs = Math.max(...known.map((each) => each.sinceMs));
    return {
      ...{ from: toTimestamp(fromMs), to: toTimestamp(nowMs), stepS: stepMs / 1000 },
      completeSince: sinceMs > fromMs ? toTimestamp(sinceMs) : null,
      series: addUp(known.flatMap(({ series }) => series)).map(({ variant, source, counts }) => ({
        ...{ variant, source, total: counts.reduce((sum, [, count]) => sum + count, 0) },
        points: counts.map(([step, count]) => ({ at: toTimestamp(step * stepMs), count })),
      })),
      incomplete: incomplete.sort(),
    };
  }
}

/** What several servers counted of the same variant, as one; in order. */
function addUp(all: readonly ExposureSeries[]): ExposureSeries[] {
  const sums = new Map<string, Pick<ExposureSeries, 'variant' | 'source'> & { readonly byStep: Map<number, number> }>();
  for (const { variant, source, counts } of all) {
    const name = `${variant} ${source}`;
    const sum = sums.get(name) ?? { variant, source, byStep: new Map<number, number>() };
    sums.set(name, sum);
    for (const [step, count] of counts) sum.byStep.set(step, (sum.byStep.get(step) ?? 0) + count);
  }
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { variant, source, byStep }]) => ({ variant, source, counts: [...byStep].sort(([a], [b]) => a - b) }));
}
