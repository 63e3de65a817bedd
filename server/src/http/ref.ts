import { type Static, type TSchema, type TUnsafe, Type } from '@sinclair/typebox';

/** A reference to a schema that has an `$id`, so that the OpenAPI document names it once. */
export function refTo<T extends TSchema & { $id?: string }>(schema: T): TUnsafe<Static<T>> {
  if (schema.$id === undefined) throw new Error('only a schema with an $id can be referred to');
  return Type.Unsafe<Static<T>>(Type.Ref(schema.$id));
}
