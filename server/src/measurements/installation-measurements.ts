import type { Peers } from '../receipts/peers.ts';
import type { Measurements } from './measurements.ts';
import { readReading, toAsk } from './peer-reading.ts';
import { type Query, type Reading, Sums } from './reading.ts';

/** A reading of all servers, and those that did not answer. */
export type WholeReading = Reading & { readonly incomplete: readonly string[] };

/** What the instances of all servers together measured. Takes as long as the slowest server, up to its timeout. */
export class InstallationMeasurements {
  readonly #measurements: Measurements;
  readonly #peers: Pick<Peers, 'get'>;

  constructor(measurements: Measurements, peers: Pick<Peers, 'get'>) {
    this.#measurements = measurements;
    this.#peers = peers;
  }

  get nowMs(): number {
    return this.#measurements.nowMs;
  }

  async readAll(query: Query): Promise<WholeReading> {
    const [own, answers] = await Promise.all([
      this.#measurements.read(query),
      this.#peers.get(`/measurements?${toAsk(query)}`),
    ]);
    const sums = new Sums(query);
    for (const measured of own.paths) sums.addPath(measured.atMs, measured.labels, measured.counts.toText());
    for (const measured of own.comparisons) sums.addComparison(measured.atMs, measured.labels, measured.counts);
    const incomplete: string[] = [];
    for (const { peer, body } of answers) {
      const reading = readReading(body);
      if (reading === undefined) incomplete.push(peer.url);
      for (const { atMs, labels, counts } of reading?.paths ?? []) sums.addPath(atMs, labels, counts);
      for (const { atMs, labels, counts } of reading?.comparisons ?? []) sums.addComparison(atMs, labels, counts);
    }
    return { ...sums.reading, incomplete: incomplete.sort() };
  }
}
