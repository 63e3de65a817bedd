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
let lastText: string | undefined;
let lastVersion: Version | undefined;

/**
 * As `parseVersion`, but plain `1.2.3` is read without allocating: the result is then overwritten by the next call, so
 * use it at once. What was read last is remembered, for one evaluation often compares a version several times.
 */
export function readVersion(text: string): Version | undefined {
  if (text === lastText) return lastVersion;
  // It is no version, and not kept in memory.
  if (text.length > MAX_LENGTH) return undefined;
  lastVersion = scanVersion(text) ?? parseVersion(text);
  lastText = text;
  return lastVersion;
}

const DOT = 46;
const MAX_DIGITS = 9;

/** Undefined: the text is no plain `1.2.3`, or one that `parseVersion` must judge (a leading 0, very long). */
function scanVersion(text: string): Version | undefined {
  let dots = 0;
  let digits = 0;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 48 && unit <= 57) {
      if (digits === MAX_DIGITS || (digits === 1 && value === 0)) return undefined;
      digits++;
      value = value * 10 + unit - 48;
    } else {
      if (unit !== DOT || digits === 0 || dots === 2) return undefined;
      if (dots === 0) scanned.major = value;
      else scanned.minor = value;
      dots++;
      digits = 0;
      value = 0;
    }
  }
  if (dots < 2 || digits === 0) return undefined;
  scanned.patch = value;
  return scanned;
}
