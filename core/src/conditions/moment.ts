/** RFC 3339 with a zone. Day and hour are checked further below: `Date.parse` lets 30 February pass. */
const RFC_3339 =
  /^(\d{4})-(0[1-9]|1[0-2])-(\d{2})[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Longer text cannot be a moment. */
const MAX_LENGTH = 40;

/** Milliseconds since 1970, UTC, of RFC 3339 text; NaN when it is none. */
export function parseMoment(text: string): number {
  if (text.length > MAX_LENGTH) return Number.NaN;
  const parts = RFC_3339.exec(text);
  if (parts === null) return Number.NaN;
  const day = Number(parts[3]);
  if (day < 1 || day > daysIn(Number(parts[1]), Number(parts[2]))) return Number.NaN;
  return Date.parse(text.toUpperCase());
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

const RELATIVE = /^now(?:([+-])(\d{1,6})([smhdw]))?$/;

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** What `now-7d` adds to the clock, in milliseconds; undefined when the text is no relative moment. */
export function parseRelative(text: string): number | undefined {
  const parts = RELATIVE.exec(text);
  if (parts === null) return undefined;
  const [, sign, amount = '0', unit = 's'] = parts;
  return (sign === '-' ? -1 : 1) * Number(amount) * (UNIT_MS[unit] ?? 0);
}
