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

function formatPair([name, value]: [string, unknown]): string {
  return `${name} ${typeof value === 'number' ? format(value) : typeof value === 'string' ? value : JSON.stringify(value)}`;
}

function format(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(3);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
