/** More of a line than this is not told, in characters. */
const MAX_LENGTH = 500;

/** Nothing in a name or a reason may look like a line, a header or a direction of writing of its own. */
export function oneLine(text: string): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return clean.length <= MAX_LENGTH ? clean : `${clean.slice(0, MAX_LENGTH - 1)}…`;
}

/** Evidence as a line for people, such as `on: bad 31, count 400; off: bad 1, count 399; eValue 412`. */
export function formatEvidence(evidence: unknown): string | undefined {
  if (evidence === undefined || evidence === null) return undefined;
  if (!isRecord(evidence)) return String(Array.isArray(evidence) ? JSON.stringify(evidence) : evidence);
  const parts = Object.entries(evidence).map(([name, value]) =>
    isRecord(value) ? `${name}: ${Object.entries(value).map(formatPair).join(', ')}` : formatPair([name, value]),
  );
  return parts.length === 0 ? undefined : parts.join('; ');
}

/** How far a kill came, such as `100 of 100 instances, the last after 63 ms, 1.02 s after it began to be bad`. */
export function formatReach({
  instances,
  confirmed,
  unknown,
  sentToLastMs,
  lastMs = sentToLastMs,
  firstBadToLastMs,
  stragglers,
}: Record<string, unknown>) {
  if (typeof instances !== 'number' || typeof confirmed !== 'number') return undefined;
  const names = (Array.isArray(stragglers) ? stragglers : [])
    .filter(isRecord)
    .map(({ app, id }) => `${app ?? ''} ${id}`.trim());
  return [
    `${confirmed} of ${instances} instances`,
    ...(typeof lastMs === 'number' ? [`the last after ${formatMs(lastMs)}`] : []),
    ...(typeof firstBadToLastMs === 'number' ? [`${formatMs(firstBadToLastMs)} after it began to be bad`] : []),
    ...(typeof unknown === 'number' && unknown > 0 ? [`${unknown} lost shortly before`] : []),
    ...(names.length > 0 ? [`not: ${names.slice(0, 5).join(', ')}${names.length > 5 ? ', ...' : ''}`] : []),
  ].join(', ');
}

function formatMs(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${Number((ms / 1_000).toPrecision(3))} s`;
}

function formatPair([name, value]: [string, unknown]): string {
  return `${name} ${typeof value === 'number' ? format(value) : typeof value === 'string' ? value : JSON.stringify(value)}`;
}

function format(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(3);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
