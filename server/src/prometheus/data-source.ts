import type { Static } from '@sinclair/typebox';
import { toTimestamp } from '../http/key-schema.ts';
import type { DataSourceRow } from '../store/tables/safeguards.ts';
import type { Vault } from '../vault/vault.ts';
import type { Endpoint } from './query.ts';
import type { Readers } from './readers.ts';
import type { DataSourceInput, DataSourceSchema } from './schemas.ts';

export type DataSource = Static<typeof DataSourceSchema>;
/** As it is stored, and audited. */
export type StoredDataSource = Omit<DataSource, 'usedBy' | 'usedByReleases' | 'usedByTemplates'>;
export type Auth = NonNullable<Static<typeof DataSourceInput>['auth']>;

export function toStored(row: DataSourceRow): StoredDataSource {
  const { key, name, url, auth, version } = row;
  return {
    ...{ key, name, url, auth: auth as DataSource['auth'], version },
    ...{ createdAt: toTimestamp(row.created_at), updatedAt: toTimestamp(row.updated_at) },
  };
}

/** @param readers of all data sources of its project */
export function toDataSource(row: DataSourceRow, { safeguards, releases, templates }: Readers): DataSource {
  return {
    ...toStored(row),
    usedBy: safeguards
      .filter(({ source }) => source === row.key)
      .map(({ id, environment, name }) => ({ environment, safeguard: id, name })),
    usedByReleases: releases
      .filter(({ sources }) => sources.includes(row.key))
      .map(({ id, environment, title, phase }) => ({ environment, release: id, title, phase })),
    usedByTemplates: templates
      .filter(({ sources }) => sources.includes(row.key))
      .map(({ key, name }) => ({ template: key, name })),
  };
}

/** The columns that hold what a source asks for. @throws {ApiError} `vault_locked` */
export function sealAuth(vault: Vault, id: string, auth: Auth): Pick<DataSourceRow, 'auth' | 'secret'> {
  const secret = auth.kind === 'none' ? null : vault.seal(secretPurpose(id), JSON.stringify(headersOf(auth)));
  return { auth: auth.kind, secret };
}

/** @throws when its secret cannot be opened */
export function toEndpoint(vault: Vault, { id, url, secret }: DataSourceRow): Endpoint {
  const headers = secret === null ? {} : (JSON.parse(vault.open(secretPurpose(id), secret)) as Record<string, string>);
  return { url, headers };
}

function headersOf(auth: Exclude<Auth, { kind: 'none' }>): Record<string, string> {
  if (auth.kind === 'bearer') return { authorization: `Bearer ${auth.token}` };
  const credentials = Buffer.from(`${auth.username}:${auth.password}`).toString('base64');
  return { authorization: `Basic ${credentials}` };
}

const secretPurpose = (id: string) => `data-source:${id}`;
