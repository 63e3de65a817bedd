import { type Static, Type } from '@sinclair/typebox';
import type { Querier } from '../store/tables.ts';
import { findHolder } from './repository.ts';

/** As pages that lead to the release need it. */
export const HeldBySchema = Type.Union(
  [Type.Object({ id: Type.String(), title: Type.String() }, { additionalProperties: false }), Type.Null()],
  { description: 'The release under way that steers it; null: none does' },
);
export type HeldBy = Static<typeof HeldBySchema>;

/** @param target such as `traffic:shop` */
export async function findHeldBy(db: Querier, environmentId: string, target: string): Promise<HeldBy> {
  const holder = await findHolder(db, environmentId, [target]);
  return holder === undefined ? null : { id: holder.id, title: holder.title };
}
