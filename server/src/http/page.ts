import { type TSchema, Type } from '@sinclair/typebox';
import { validationFailed } from './api-error.ts';

export const DEFAULT_LIMIT = 50;

/** The query of every list. */
export const PageQuery = {
  cursor: Type.Optional(Type.String({ maxLength: 1000, description: "The previous page's nextCursor" })),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 200, description: `Items a page, ${DEFAULT_LIMIT} unless given` }),
  ),
};
export const SearchQuery = {
  search: Type.Optional(Type.String({ maxLength: 200, description: 'Only what contains this text, in any case' })),
};

/** A page of a list; `nextCursor` is null on the last one. */
export function PageOf<T extends TSchema>(item: T) {
  return Type.Object(
    {
      items: Type.Array(item),
      nextCursor: Type.Union([Type.String(), Type.Null()]),
    },
    { additionalProperties: false },
  );
}
export interface PageRequest {
  readonly cursor?: string;
  readonly limit?: number;
}
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export type CursorPart = string | number;

/**
 * Cuts a page from rows that were read with `limit + 1`.
 * @param positionOf what a row is sorted by; the next page starts behind it
 */
export function toPage<Row>(rows: Row[], limit: number, positionOf: (row: Row) => CursorPart[]): Page<Row> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  if (rows.length <= limit || last === undefined) return { items, nextCursor: null };
  return { items, nextCursor: Buffer.from(JSON.stringify(positionOf(last))).toString('base64url') };
}

/**
 * Reads a cursor made by `toPage`.
 * @param shape the type of each part of the position
 * @throws {ApiError} when it was not made for this list
 */
export function readCursor<const T extends readonly ('string' | 'number')[]>(
  cursor: string | undefined,
  shape: T,
): { [K in keyof T]: T[K] extends 'string' ? string : number } | undefined {
  if (cursor === undefined) return undefined;
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(parts) && parts.length === shape.length && shape.every((type, at) => isPart(parts[at], type))) {
      return parts as never;
    }
  } catch {
    // Said below: whatever is wrong with it, it is not one of ours.
  }
  throw validationFailed([
    { path: 'cursor', message: 'is not a nextCursor of this list; leave it out for the first page' },
  ]);
}

/** Numbers are counts and times: PostgreSQL compares its integers with nothing else. */
function isPart(part: unknown, type: 'string' | 'number'): boolean {
  return type === 'number' ? Number.isSafeInteger(part) : typeof part === 'string';
}

/** What a search looks in: texts in lower case, by Unicode, which the databases' own `lower` knows little of. */
export function searchable(...texts: readonly string[]): string {
  return texts.join('\n').toLowerCase();
}

/** A pattern for `like ... escape '\'` that finds `text` anywhere, in lower case. */
export function containing(text: string): string {
  return `%${text.toLowerCase().replace(/[\\%_]/g, (character) => `\\${character}`)}%`;
}
