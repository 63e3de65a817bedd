import type { FlagType, Variant } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import { validationFailed } from '../http/api-error.ts';
import { toBit } from '../store/booleans.ts';
import { newId } from '../store/new-id.ts';
import type { FlagRow } from '../store/tables/flags.ts';
import type { Flag } from './flag.ts';
import { toLifetimeColumn } from './lifetime.ts';
import { STAGE_VARIANTS } from './migration-stages.ts';
import type { FlagInput, FlagPatch } from './schemas.ts';
import { searchTextOf } from './search-text.ts';

const ON_AND_OFF: readonly Variant[] = [
  { name: 'on', value: true },
  { name: 'off', value: false },
];

/** @throws {ApiError} `validation_failed` without variants, where nobody can guess them */
export function toFlagRow(projectId: string, input: Static<typeof FlagInput>, nowMs: number): FlagRow {
  const variants = input.variants ?? ownVariants(input);
  if (variants === undefined) {
    throw validationFailed([{ path: 'variants', message: `is required for flags of type ${input.type}` }]);
  }
  const row = {
    id: newId(nowMs),
    project_id: projectId,
    key: input.key,
    type: input.type satisfies FlagType,
    name: input.name ?? input.key,
    description: input.description ?? '',
    kind: input.kind ?? 'release',
    tags: JSON.stringify(input.tags ?? []),
    variants: JSON.stringify(variants),
    bucket_key: input.key,
    client_visible: toBit(input.clientVisible ?? false),
    created_at: nowMs,
    updated_at: nowMs,
    archived_at: null,
    version: 1,
    schema: input.schema === undefined ? null : JSON.stringify(input.schema),
    owner: input.owner ?? null,
    links: toLinksColumn(input.links ?? []),
    lifetime_days: toLifetimeColumn(input.lifetimeDays),
  };
  return { ...row, search_text: searchTextOf({ ...row, tags: input.tags ?? [] }) };
}

/** The variants of a flag that is made without any; undefined where nobody can guess them. */
function ownVariants({ kind, type }: Static<typeof FlagInput>): readonly Variant[] | undefined {
  if (kind === 'migration') return STAGE_VARIANTS;
  return type === 'boolean' ? ON_AND_OFF : undefined;
}

export function applyPatch(row: FlagRow, patch: Static<typeof FlagPatch>): FlagRow {
  const patched = {
    ...row,
    key: patch.key ?? row.key,
    name: patch.name ?? row.name,
    description: patch.description ?? row.description,
    kind: patch.kind ?? row.kind,
    tags: patch.tags === undefined ? row.tags : JSON.stringify(patch.tags),
    variants: patch.variants === undefined ? row.variants : JSON.stringify(patch.variants),
    client_visible: patch.clientVisible === undefined ? row.client_visible : toBit(patch.clientVisible),
    schema: patch.schema === undefined ? row.schema : patch.schema === null ? null : JSON.stringify(patch.schema),
    owner: patch.owner === undefined ? row.owner : patch.owner,
    links: patch.links === undefined ? row.links : toLinksColumn(patch.links),
    lifetime_days: patch.lifetimeDays === undefined ? row.lifetime_days : toLifetimeColumn(patch.lifetimeDays),
  };
  return { ...patched, search_text: searchTextOf({ ...patched, tags: JSON.parse(patched.tags) as string[] }) };
}

function toLinksColumn(links: Flag['links']): string | null {
  return links.length === 0 ? null : JSON.stringify(links);
}
