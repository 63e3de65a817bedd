import type { Comparison, Condition, EvaluationContext, Flag, Json } from '@bunting/core';

/** What made contexts are made of: for each attribute path the values that rules tell apart. */
export type Palette = ReadonlyMap<string, readonly (Json | undefined)[]>;

/** Every value that the conditions of these flags treat in a way of its own, one that none of them names, and none. */
export function paletteOf(flags: readonly Flag[]): Palette {
  const palette = new Map<string, Map<string, Json | undefined>>();
  const add = (path: string, values: readonly (Json | undefined)[]) => {
    const known = palette.get(path) ?? new Map([['', undefined]]);
    for (const value of values) known.set(JSON.stringify(value) ?? '', value);
    palette.set(path, known);
  };
  const visit = (condition: Condition): void => {
    if ('all' in condition) for (const part of condition.all) visit(part);
    else if ('any' in condition) for (const part of condition.any) visit(part);
    else if ('not' in condition) visit(condition.not);
    else if ('attribute' in condition) add(condition.attribute, valuesOf(condition));
  };
  for (const { rules = [], targets = [] } of flags) {
    for (const { when } of rules) visit(when);
    for (const { attribute = 'targetingKey', values } of targets) add(attribute, values.slice(0, maxValues));
  }
  return new Map([...palette].map(([path, values]) => [path, [...values.values()]]));
}

/** So many values of one comparison are told apart; of the others nobody is made. */
const maxValues = 50;

/** Values on either side of a comparison. */
function valuesOf({ operator, values, elements }: Comparison): (Json | undefined)[] {
  const sides = values.slice(0, maxValues).flatMap((value): Json[] => {
    if (typeof value === 'number') return [value - 1, value, value + 1];
    if (typeof value !== 'string') return [value];
    switch (operator) {
      case 'startsWith':
        return [`${value}-made`];
      case 'endsWith':
        return [`made-${value}`];
      case 'contains':
        return [`made-${value}-made`];
      case 'semver':
        return ['0.0.1', ...(value.match(/\d+(\.\d+)*/g) ?? []).map(toVersion), '999.0.0'];
      case 'before':
      case 'after':
        return ['1970-01-01T00:00:00Z', '9999-01-01T00:00:00Z'];
      case 'inCidr':
        return [value.split('/')[0] ?? value];
      default:
        return [value];
    }
  });
  const others = othersThan(values);
  const all = [...sides, ...others];
  return elements === undefined ? all : all.map((value) => [value]);
}

/** What the values leave over: the other truth value, another text; numbers have their neighbours. */
function othersThan(values: readonly Json[]): Json[] {
  if (values.some((value) => typeof value === 'boolean')) return [true, false];
  return values.length > 0 && values.every((value) => typeof value === 'number') ? [] : ['made-up'];
}

function toVersion(text: string): string {
  return [...text.split('.'), '0', '0'].slice(0, 3).join('.');
}

/**
 * Contexts of all sorts, the same ones each time. Each attribute takes its values evenly and apart from the others.
 * @param unique paths that get a value of their own in each context: what splits hash
 */
export function madeContexts(palette: Palette, unique: readonly string[], count: number): EvaluationContext[] {
  return Array.from({ length: count }, (_, at) => {
    const context: Record<string, unknown> = {};
    for (const path of ['targetingKey', ...unique]) setPath(context, path, `made-${path}-${at}`);
    for (const [path, values] of palette) {
      const chosen = scramble(at, path);
      // Of those that tell subjects apart most stay as they are.
      if ((path === 'targetingKey' || unique.includes(path)) && chosen % 10 !== 0) continue;
      const value = values[Math.floor(chosen / 10) % values.length];
      if (value !== undefined) setPath(context, path, value);
    }
    return context;
  });
}

/** A number that seems to have to do neither with the others of its path nor with those of other paths (FNV-1a, then mixed). */
function scramble(at: number, path: string): number {
  let hash = 2_166_136_261 ^ at;
  for (let i = 0; i < path.length; i += 1) hash = Math.imul(hash ^ path.charCodeAt(i), 16_777_619);
  hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_519);
  hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_917);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function setPath(context: Record<string, unknown>, path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop() ?? path;
  let inside = context;
  for (const name of names) {
    const next = inside[name];
    const child = typeof next === 'object' && next !== null && !Array.isArray(next) ? { ...next } : {};
    inside[name] = child;
    inside = child as Record<string, unknown>;
  }
  inside[last] = value;
}
