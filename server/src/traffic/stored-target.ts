import type { Static } from '@sinclair/typebox';
import { toTimestamp } from '../http/key-schema.ts';
import type { TrafficTargetRow } from '../store/tables/releases.ts';
import type { Vault } from '../vault/vault.ts';
import type { TrafficTargetSchema } from './schemas.ts';

/** A traffic target as the API shows it. */
export type TrafficTargetView = Static<typeof TrafficTargetSchema>;

/** @throws {ApiError} `vault_locked` */
export function sealSecrets(vault: Vault, id: string, secrets: Readonly<Record<string, string>>): string | null {
  const names = Object.keys(secrets);
  if (names.length === 0) return null;
  return JSON.stringify({ names, sealed: vault.seal(purposeOf(id), JSON.stringify(secrets)) });
}

/** @throws when they cannot be opened */
export function openSecrets(vault: Vault, { id, secrets }: TrafficTargetRow): unknown {
  if (secrets === null) return {};
  return JSON.parse(vault.open(purposeOf(id), (JSON.parse(secrets) as { readonly sealed: string }).sealed));
}

export function toView(row: TrafficTargetRow): TrafficTargetView {
  const { key, name, kind, version } = row;
  return {
    ...{ key, name, kind },
    settings: JSON.parse(row.settings),
    secrets: row.secrets === null ? [] : (JSON.parse(row.secrets) as { readonly names: string[] }).names,
    ...{ version, createdAt: toTimestamp(row.created_at), updatedAt: toTimestamp(row.updated_at) },
  };
}

const purposeOf = (id: string) => `traffic-target:${id}`;
