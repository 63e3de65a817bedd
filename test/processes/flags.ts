import type { Api } from '../../tools/demo-api.ts';

const project = '/projects/default';

export interface NewKey {
  readonly id: string;
  readonly secret: string;
}

/** What a change answers: the revision that serves it. */
export interface Change {
  readonly revision: { readonly incarnation: string; readonly number: number; readonly hash: string };
  readonly committedAt: string;
}

export function makeKey(api: Api, kind: 'server' | 'client' | 'relay', environment = 'development'): Promise<NewKey> {
  return api.call('POST', `${project}/environments/${environment}/keys`, { kind, name: `${kind} key of a test` });
}

export function revokeKey(api: Api, id: string, environment = 'development'): Promise<void> {
  return api.call('DELETE', `${project}/environments/${environment}/keys/${id}`);
}

export interface NewFlag {
  readonly key: string;
  readonly type: string;
  /** Needed unless the type is boolean. */
  readonly variants?: readonly object[];
}

/** Makes a flag and, when told how, sets it up in `development`. */
export async function makeFlag(api: Api, flag: NewFlag, development?: object): Promise<void> {
  await api.call('POST', `${project}/flags`, flag);
  if (development) await changeFlag(api, flag.key, development);
}

export function changeFlag(api: Api, key: string, change: object, environment = 'development'): Promise<Change> {
  return api.call('PATCH', `${project}/flags/${key}/environments/${environment}`, change);
}

/** A default rule that splits; weights in percent. */
export function split(weights: Readonly<Record<string, number>>): object {
  const entries = Object.entries(weights);
  return { split: { weights: entries.map(([variant, percent]) => ({ variant, weightPer100k: percent * 1_000 })) } };
}

export interface Receipts {
  readonly revision: { readonly number: number };
  readonly instances: number;
  readonly confirmed: number;
  readonly pending: number;
  readonly broken: number;
  readonly firstMs: number | null;
  readonly lastMs: number | null;
}

export function readReceipts(api: Api, environment = 'development'): Promise<Receipts> {
  return api.call('GET', `${project}/environments/${environment}/receipts`);
}
