import { compareVersions, parseVersion, type Version } from './version.ts';

/** One bound of a range. */
interface Bound {
  readonly operator: '>=' | '>' | '<=' | '<';
  readonly version: Version;
}

/** Bounds that must all hold. */
export type VersionRange = readonly Bound[];

/** An operator (`=` when there is none) and a version of which minor and patch may be missing or `x`. */
const COMPARATOR =
  /^(\^|~|>=|<=|>|<|=)?v?(\d{1,15}|[xX*])(?:\.(\d{1,15}|[xX*])(?:\.(\d{1,15}|[xX*])(-[0-9A-Za-z.-]+)?)?)?(?:\+[0-9A-Za-z.-]+)?$/;

/** The lowest pre-release of all: `2.0.0-0` comes before everything else called 2.0.0. */
const LOWEST = ['0'];

/**
 * Parses comparators separated by spaces: `^1.2`, `~1.4.2`, `>=1.2.3 <2`, `1.x`. A partial version stands for the whole
 * line, with its pre-releases: `>=2.4` lets 2.4.0-beta in and `<2.4` keeps it out. Pre-releases rank by semver
 * precedence everywhere. Undefined when the text is no range.
 */
export function parseRange(text: string): VersionRange | undefined {
  const bounds: Bound[] = [];
  for (const comparator of text.trim().split(/\s+/)) {
    const parsed = parseComparator(comparator);
    if (parsed === undefined) return undefined;
    bounds.push(...parsed);
  }
  return bounds;
}

export function isInRange(version: Version, range: VersionRange): boolean {
  for (const bound of range) if (!holds(version, bound)) return false;
  return true;
}

function holds(version: Version, { operator, version: limit }: Bound): boolean {
  const order = compareVersions(version, limit);
  if (operator === '>=') return order >= 0;
  if (operator === '<') return order < 0;
  return operator === '>' ? order > 0 : order <= 0;
}

function parseComparator(text: string): Bound[] | undefined {
  const parts = COMPARATOR.exec(text);
  if (parts === null) return undefined;
  const [, operator = '=', ...rest] = parts;
  const numbers: number[] = [];
  for (const part of rest.slice(0, 3)) {
    if (part === undefined || !/^\d/.test(part)) break;
    numbers.push(Number(part));
  }
  if (rest[3] !== undefined || numbers.length === 3) {
    const exact = parseVersion(text.slice(parts[1]?.length ?? 0));
    return exact === undefined || numbers.length < 3 ? undefined : exactBounds(operator, exact);
  }
  return lineBounds(operator, numbers);
}

/** Bounds around one version. */
function exactBounds(operator: string, version: Version): Bound[] {
  if (operator === '=') return [atLeast(version), { operator: '<=', version }];
  if (operator === '^') return [atLeast(version), below(caretEnd(version))];
  if (operator === '~') return [atLeast(version), below(start([version.major, version.minor + 1]))];
  return [{ operator: operator as Bound['operator'], version }];
}

/** Bounds around all versions that begin with these numbers. */
function lineBounds(operator: string, numbers: readonly number[]): Bound[] {
  const [major, minor] = numbers;
  // `*` is everything; `<*` and `>*` are nothing.
  if (major === undefined) return operator === '<' || operator === '>' ? [below(start([0]))] : [];
  const first = start(numbers);
  const next = start(minor === undefined ? [major + 1] : [major, minor + 1]);
  if (operator === '>=') return [atLeast(first)];
  if (operator === '>') return [atLeast(next)];
  if (operator === '<') return [below(first)];
  if (operator === '<=') return [below(next)];
  if (operator === '^' && (major > 0 || minor === undefined)) return [atLeast(first), below(start([major + 1]))];
  return [atLeast(first), below(next)];
}

/** `^` keeps the leftmost number that is not 0. */
function caretEnd({ major, minor, patch }: Version): Version {
  if (major > 0) return start([major + 1]);
  return minor > 0 ? start([0, minor + 1]) : start([0, 0, patch + 1]);
}

/** The least version that begins with these numbers. */
function start([major = 0, minor = 0, patch = 0]: readonly number[]): Version {
  return { major, minor, patch, preRelease: LOWEST };
}

function atLeast(version: Version): Bound {
  return { operator: '>=', version };
}

function below(version: Version): Bound {
  return { operator: '<', version };
}
