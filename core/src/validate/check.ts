/**
 * A few combinators that say what a JSON document must look like, as tables. A check returns what is wrong; paths are
 * put together only on the way out of a failing document, so a good one costs no strings.
 */

/** What is wrong with a document, and where: a JSON path such as `rules[0].when.values`, empty for the whole. */
export interface Problem {
  readonly path: string;
  /** What it must be, so that the reader can repair it. */
  readonly message: string;
}

export type Check = (value: unknown) => readonly Problem[];

export const FINE: readonly Problem[] = [];

/** The first problems of a document say enough: one that is wrong all over must not keep who checks it busy. */
const MAX_PROBLEMS = 100;

export function problem(message: string, path = ''): readonly Problem[] {
  return [{ path, message }];
}

/** Names the type of a value for a message. */
export function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return value.length > 40 ? `"${value.slice(0, 40)}..."` : `"${value}"`;
  return typeof value === 'object' ? 'an object' : `${typeof value} ${String(value)}`;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Puts `step` (`.name` or `[3]`) in front of the paths of `problems`. */
export function within(step: string, problems: readonly Problem[]): readonly Problem[] {
  if (problems === FINE) return FINE;
  return problems.map(({ path, message }) => ({
    path: path === '' || path.startsWith('[') ? step + path : `${step}.${path}`,
    message,
  }));
}

/** Up to `MAX_PROBLEMS` of both. */
export function join(first: readonly Problem[], second: readonly Problem[]): readonly Problem[] {
  if (first === FINE) return second;
  if (second === FINE || first.length >= MAX_PROBLEMS) return first;
  return [...first, ...second].slice(0, MAX_PROBLEMS);
}

/**
 * An object with these fields; a name that ends in `?` may be missing. Other fields are let pass, because a newer
 * server may send them.
 */
export function object(fields: Readonly<Record<string, Check>>): Check {
  const table = Object.entries(fields).map(([name, check]) => {
    const optional = name.endsWith('?');
    return { name: optional ? name.slice(0, -1) : name, optional, check };
  });
  return (value) => {
    if (!isRecord(value)) return problem(`must be an object, is ${nameOf(value)}`);
    let problems = FINE;
    for (const { name, optional, check } of table) {
      const field = value[name];
      if (field === undefined && optional) continue;
      problems = join(problems, within(name, field === undefined ? problem('is missing') : check(field)));
    }
    return problems;
  };
}

export function list(item: Check, min = 0, max = Number.POSITIVE_INFINITY): Check {
  return (value) => {
    if (!Array.isArray(value)) return problem(`must be a list, is ${nameOf(value)}`);
    if (value.length < min) return problem(`must have at least ${min} item${min === 1 ? '' : 's'}`);
    if (value.length > max) return problem(`must have at most ${max} items, has ${value.length}`);
    let problems = FINE;
    for (let i = 0; i < value.length && problems.length < MAX_PROBLEMS; i++) {
      problems = join(problems, within(`[${i}]`, item(value[i])));
    }
    return problems;
  };
}

export function text(min = 1, max = 1000): Check {
  return (value) => {
    if (typeof value !== 'string') return problem(`must be a string, is ${nameOf(value)}`);
    if (value.length < min || value.length > max) return problem(`must have ${min} to ${max} characters`);
    return FINE;
  };
}

export const boolean: Check = (value) =>
  typeof value === 'boolean' ? FINE : problem(`must be true or false, is ${nameOf(value)}`);

export function integer(min: number, max: number): Check {
  return (value) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max
      ? FINE
      : problem(`must be an integer from ${min} to ${max}, is ${nameOf(value)}`);
}

export function oneOf(...words: readonly string[]): Check {
  return (value) =>
    typeof value === 'string' && words.includes(value)
      ? FINE
      : problem(`must be one of ${words.join(', ')}; is ${nameOf(value)}`);
}

/** Further rules about a value whose shape is fine. */
export function and(shape: Check, rules: Check): Check {
  return (value) => {
    const problems = shape(value);
    return problems === FINE ? rules(value) : problems;
  };
}

/** An object that must have exactly one of these fields, which says what the rest of it is. */
export function exactlyOne(what: string, forms: Readonly<Record<string, Check>>): Check {
  const names = Object.keys(forms);
  return (value) => {
    if (!isRecord(value)) return problem(`must be an object, is ${nameOf(value)}`);
    const present = names.filter((name) => value[name] !== undefined);
    const form = present[0];
    if (form === undefined)
      return problem(`is no ${what} that this version knows: it must have one of ${names.join(', ')}`);
    if (present.length > 1) return problem(`must have only one of ${present.join(', ')}`);
    return forms[form]?.(value) ?? FINE;
  };
}
