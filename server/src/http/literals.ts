import { type TUnsafe, Type } from '@sinclair/typebox';

/** One of these words. */
export function oneOf<const T extends readonly string[]>(...words: T): TUnsafe<T[number]> {
  return Type.Unsafe<T[number]>(Type.Union(words.map((word) => Type.Literal(word))));
}
