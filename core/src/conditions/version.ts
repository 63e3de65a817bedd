/**
 * Semantic versions (semver.org 2.0.0). A leading `v`, missing minor or patch numbers (read as 0) and build metadata (ignored) are allowed.
 */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** Dot-separated identifiers after the `-`; empty for a release. */
  readonly preRelease: readonly string[];
}

const MAX_LENGTH = 256;
const NUMBER = '(0|[1-9]\\d{0,14})';
const IDENTIFIER = '(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)';
const SYNTAX = new RegExp(
  `^v?${NUMBER}(?:\\.${NUMBER}(?:\\.${NUMBER})?)?(?:-(${IDENTIFIER}(?:\\.${IDENTIFIER})*))?(?:\\+[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*)?$`,
);

/** The text as a version; undefined when it is none. */
export function parseVersion(text: string): Version | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const parts = SYNTAX.exec(text);
  if (parts === null) return undefined;
  const [, major, minor = '0', patch = '0', preRelease] = parts;
  return {
    major: Number(major),
    minor: Number(minor),
    patch: Number(patch),
    preRelease: preRelease === undefined ? [] : preRelease.split('.'),
  };
}

/** Below 0: `a` comes before `b`; 0: they rank alike; above 0: after. */
export function compareVersions(a: Version, b: Version): number {
  if (a.major !== b.major) return a.major - b.major;
  if (a.minor !== b.minor) return a.minor - b.minor;
  if (a.patch !== b.patch) return a.patch - b.patch;
  return comparePreReleases(a.preRelease, b.preRelease);
}

/** A release comes after its pre-releases; more identifiers come after fewer. */
function comparePreReleases(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  for (let i = 0; i < a.length && i < b.length; i++) {
    const order = compareIdentifiers(a[i] ?? '', b[i] ?? '');
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Numbers by value and before words; words by their characters. */
function compareIdentifiers(a: string, b: string): number {
  const aIsNumber = isDigits(a);
  const bIsNumber = isDigits(b);
  if (aIsNumber !== bIsNumber) return aIsNumber ? -1 : 1;
  if (aIsNumber && a.length !== b.length) return a.length - b.length;
  return a === b ? 0 : a < b ? -1 : 1;
}

function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 48 || unit > 57) return false;
  }
  return true;
}

const scanned = { major: 0, minor: 0, patch: 0, preRelease: [] as readonly string[] };

/**
 * As `parseVersion`, but plain `1.2.3` is read without allocating: the result is then overwritten by the next call, so
 * use it at once.
 */
export function readVersion(text: string): Version | undefined {
  const first = scanNumber(text, 0);
  const firstEnd = scanEnd;
  if (first < 0 || text.charCodeAt(firstEnd) !== DOT) return parseVersion(text);
  const second = scanNumber(text, firstEnd + 1);
  const secondEnd = scanEnd;
  if (second < 0 || text.charCodeAt(secondEnd) !== DOT) return parseVersion(text);
  const third = scanNumber(text, secondEnd + 1);
  if (third < 0 || scanEnd !== text.length) return parseVersion(text);
  scanned.major = first;
  scanned.minor = second;
  scanned.patch = third;
  return scanned;
}

const DOT = 46;
/** Where the last `scanNumber` stopped. */
let scanEnd = 0;

/** The number at `start`; -1 when there is none, or one that the slow path must judge (a leading 0, very long). */
function scanNumber(text: string, start: number): number {
  let value = 0;
  let i = start;
  for (; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  scanEnd = i;
  const length = i - start;
  if (length === 0 || length > 9 || (length > 1 && text.charCodeAt(start) === 48)) return -1;
  return value;
}
