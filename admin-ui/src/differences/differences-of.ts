/** One place of a document at which two states of it differ. A side that is absent did not exist. */
export interface Difference {
  /** Names from the outside in: `['rules', 'vip', 'serve']`; empty is the whole document. */
  readonly place: readonly string[];
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Fields that change with every change and say nothing about it. */
const bookkeeping = new Set(['version', 'updatedAt', 'createdAt']);

/** Fields that are said as a whole, in words of their own. */
const wholes = new Set(['when', 'serve', 'defaultRule', 'value', 'schema', 'killed']);

/** By what the elements of a list are told apart, wherever they stand. */
const names = ['id', 'key', 'name', 'variant', 'flag'] as const;

/**
 * Where two states of a document differ, the smallest places that say something. null counts as absent. Elements of
 * lists are matched by what names them, so that one that was put in between changes no other; a new order is told as such.
 */
export function differencesOf(before: unknown, after: unknown): Difference[] {
  return compare([], before, after);
}

function compare(place: readonly string[], before: unknown, after: unknown): Difference[] {
  if (isSame(before, after)) return [];
  const isWhole = wholes.has(place.at(-1) ?? '');
  const [listBefore, listAfter] = [listOf(before), listOf(after)];
  if (!isWhole && listBefore && listAfter && listBefore.length + listAfter.length > 0)
    return compareLists(place, listBefore, listAfter) ?? [difference(place, before, after)];
  const [was, is] = [isRecord(before) ? before : undefined, isRecord(after) ? after : undefined];
  // What begins or ends is told field by field only at the outside.
  const isOutside = place.length === 0 && (was === undefined ? isNothing(before) : isNothing(after));
  if (isWhole || !((was && is) || (isOutside && (was ?? is)))) return [difference(place, before, after)];
  const fields = new Set([...Object.keys(was ?? {}), ...Object.keys(is ?? {})]);
  return [...fields]
    .filter((field) => !bookkeeping.has(field))
    .flatMap((field) => compare([...place, field], was?.[field], is?.[field]));
}

/** Undefined: nothing names the elements. */
function compareLists(
  place: readonly string[],
  before: readonly unknown[],
  after: readonly unknown[],
): Difference[] | undefined {
  const name = names.find((one) => isNamedBy(one, before) && isNamedBy(one, after));
  if (name === undefined) return undefined;
  const [was, is] = [byName(before, name), byName(after, name)];
  const all = new Set([...was.keys(), ...is.keys()]);
  const inside = [...all].flatMap((one) => compare([...place, one], was.get(one), is.get(one)));
  const stayed = (list: Map<string, unknown>, other: Map<string, unknown>) =>
    [...list.keys()].filter((k) => other.has(k));
  const [orderBefore, orderAfter] = [stayed(was, is), stayed(is, was)];
  return isSame(orderBefore, orderAfter)
    ? inside
    : [...inside, difference([...place, 'order'], orderBefore, orderAfter)];
}

function difference(place: readonly string[], before: unknown, after: unknown): Difference {
  return { place, ...(isNothing(before) ? {} : { before }), ...(isNothing(after) ? {} : { after }) };
}

/** A list that is not there has no elements. */
function listOf(value: unknown): readonly unknown[] | undefined {
  if (isNothing(value)) return [];
  return Array.isArray(value) ? value : undefined;
}

function isNamedBy(name: string, list: readonly unknown[]): boolean {
  const found = list.map((one) => (isRecord(one) ? one[name] : undefined));
  return found.every((one) => typeof one === 'string') && new Set(found).size === list.length;
}

function byName(list: readonly unknown[], name: string): Map<string, unknown> {
  return new Map(list.map((one) => [String((one as Record<string, unknown>)[name]), one]));
}

function isSame(a: unknown, b: unknown): boolean {
  return (isNothing(a) && isNothing(b)) || canonical(a) === canonical(b);
}

/** The same text for what differs in nothing but the order of fields. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    isRecord(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
