import { toUSVString } from 'node:util';
import { requireProject } from '../../environments/service.ts';
import { STEP } from '../../prometheus/counts.ts';
import { toEndpoint } from '../../prometheus/data-source.ts';
import type { Endpoint } from '../../prometheus/query.ts';
import { findDataSource } from '../../prometheus/repository.ts';
import type { GateSubject } from '../gate.ts';
import type { Look, Means } from './look.ts';

const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
  y: 365 * 86_400_000,
};

/** How far back a query looks, in milliseconds: the longest of its ranges and offsets. @param stepMs what `$step` stands for */
export function longestRangeMs(query: string, stepMs: number): number {
  const text = query.replaceAll(STEP, `${stepMs}ms`).replaceAll(/"(\\.|[^"\\])*"|'(\\.|[^'\\])*'|`[^`]*`/g, '""');
  const ranges = [...text.matchAll(/\[\s*([0-9a-z]+)\s*[\]:]|\boffset\s+([0-9a-z]+)/g)];
  return Math.max(0, ...ranges.map(([, range, offset]) => toMs(range ?? offset ?? '')));
}

/** Such as `1h30m`. */
function toMs(duration: string): number {
  let ms = 0;
  for (const [, count, unit] of duration.matchAll(/(\d+)(ms|[smhdwy])/g))
    ms += Number(count) * (UNITS_MS[unit ?? ''] ?? 0);
  return ms;
}

/** A query about the two versions of a release. They stand in quotes there, so they are escaped. */
export function fillQuery(query: string, { traffic }: Pick<GateSubject, 'traffic'>): string {
  return fill(query, traffic, (version) =>
    version.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n'),
  );
}

/** An address of the candidate's. */
export function fillUrl(url: string, { traffic }: Pick<GateSubject, 'traffic'>): string {
  return fill(url, traffic, (version) => encodeURIComponent(toUSVString(version)));
}

function fill(text: string, traffic: GateSubject['traffic'], quote: (version: string) => string): string {
  if (traffic === undefined) return text;
  return text
    .replaceAll('$candidate', () => quote(traffic.candidate))
    .replaceAll('$baseline', () => quote(traffic.baseline));
}

/** @throws {Error} with a sentence that says why it cannot be asked */
export async function findEndpoint(
  { database, vault }: Pick<Means, 'database' | 'vault'>,
  { subject }: Look,
  key: string,
): Promise<Endpoint> {
  const { id } = await requireProject(database, subject.project);
  const row = await findDataSource(database, id, key);
  if (row === undefined) throw new Error(`the project has no data source "${key}" any more`);
  return toEndpoint(vault, row);
}
