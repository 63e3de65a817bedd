import type { Static } from '@sinclair/typebox';
import type { AccessBook } from '../access/access-book.ts';
import { requireAtLeast } from '../access/edit-access.ts';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import { findGroup } from '../groups/repository.ts';
import { ApiError, notFound, type Problem, validationFailed } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { findPolicy } from '../sign-in-policy/repository.ts';
import { newId } from '../store/new-id.ts';
import type { IdentityProviderRow } from '../store/tables/access.ts';
import type { Database } from '../store/tables.ts';
import type { Vault } from '../vault/vault.ts';
import type { Oidc, OidcClient } from './oidc.ts';
import { deleteIdentities, deleteProvider, findProvider, findProviders, saveProvider } from './repository.ts';
import type { IdentityProviderInput, ProviderSettings } from './schemas.ts';

type Settings = Static<typeof ProviderSettings>;

const DEFAULTS = {
  scopes: 'openid email profile',
  createUsers: true,
  emailDomains: [] as string[],
  defaultRole: null,
  groups: null,
} satisfies Partial<Settings>;

export interface Provider {
  readonly id: string;
  readonly key: string;
  readonly settings: Settings;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface IdentityProvidersDependencies {
  readonly database: Database;
  readonly changes: Changes;
  readonly vault: Vault;
  readonly book: AccessBook;
  readonly oidc: Oidc;
}

/** Who vouches for people: providers of OpenID Connect. */
export class IdentityProviders {
  readonly #dependencies: IdentityProvidersDependencies;

  constructor(dependencies: IdentityProvidersDependencies) {
    this.#dependencies = dependencies;
  }

  async list(): Promise<Provider[]> {
    return (await findProviders(this.#dependencies.database)).map(toProvider);
  }

  async get(key: string): Promise<Provider> {
    return toProvider(await this.#require(key));
  }

  /** What it takes to talk to a provider. */
  async clientOf(key: string): Promise<OidcClient & { readonly provider: Provider }> {
    const row = await this.#require(key);
    const provider = toProvider(row);
    const { issuer, clientId } = provider.settings;
    return { provider, issuer, clientId, clientSecret: this.#dependencies.vault.open(purposeOf(row.id), row.sealed) };
  }

  /**
   * Makes a provider, or changes it. It is asked first who it is, so that a wrong one is refused here. What another issuer
   * said is not believed of a new one: the secret is told anew, and who comes is linked anew, by their address.
   */
  async save(caller: Caller, key: string, input: Static<typeof IdentityProviderInput>): Promise<Provider> {
    const { database, changes, vault, oidc } = this.#dependencies;
    const { clientSecret, ...given } = input;
    const settings: Settings = { ...DEFAULTS, ...given };
    await this.#check(caller, settings);
    const known = await findProvider(database, key);
    const { issuer, clientId } = settings;
    const kept = known !== undefined && toProvider(known).settings.issuer === issuer ? known : undefined;
    const secret = clientSecret ?? (kept && vault.open(purposeOf(kept.id), kept.sealed));
    if (secret === undefined) {
      const message = known === undefined ? 'is required' : 'is required, for the issuer is another one';
      throw validationFailed([{ path: 'clientSecret', message }]);
    }
    await oidc.discover({ issuer, clientId, clientSecret: secret }).catch((error: unknown) => {
      throw validationFailed([{ path: 'issuer', message: `cannot be used: ${reasonOf(error)}` }]);
    });
    const { result } = await changes.commit(caller, async (draft) => {
      const before = await findProvider(draft.tx, key);
      const id = before?.id ?? newId(draft.atMs);
      const row: IdentityProviderRow = {
        id,
        key,
        settings: JSON.stringify(settings),
        sealed: vault.seal(purposeOf(id), secret),
        created_at: before?.created_at ?? draft.atMs,
        updated_at: draft.atMs,
      };
      await saveProvider(draft.tx, row);
      // A subject is one person of one issuer; of another it may be someone else.
      if (before !== undefined && toProvider(before).settings.issuer !== issuer) await deleteIdentities(draft.tx, id);
      await draft.audit({
        action: before === undefined ? 'identity-provider.created' : 'identity-provider.updated',
        target: { kind: 'identity-provider', key },
        ...(before === undefined ? {} : { before: toProvider(before).settings }),
        after: settings,
      });
      return row;
    });
    return toProvider(result);
  }

  /** Accounts stay; whoever came by it alone needs another way in. */
  async remove(caller: Caller, key: string): Promise<void> {
    await this.#dependencies.changes.commit(caller, async (draft) => {
      const row = await findProvider(draft.tx, key);
      if (row === undefined) throw notFound(`identity provider "${key}"`);
      const isLast = (await findProviders(draft.tx)).length === 1;
      if (isLast && (await findPolicy(draft.tx))?.passwords === 'owners') {
        const message = 'Only owners may sign in by a password, so nobody else could. Change the sign-in policy first.';
        throw new ApiError('conflict', message);
      }
      await deleteProvider(draft.tx, row.id);
      const before = toProvider(row).settings;
      await draft.audit({ action: 'identity-provider.removed', target: { kind: 'identity-provider', key }, before });
    });
  }

  /** Nobody gives by a provider what they do not have themselves. */
  async #check(caller: Caller, { issuer, defaultRole, groups }: Settings): Promise<void> {
    const { database, book } = this.#dependencies;
    const problems: Problem[] = [];
    if (!URL.canParse(issuer))
      problems.push({ path: 'issuer', message: 'must be a URL such as https://id.example.com' });
    if (defaultRole !== null) {
      const role = book.findRole(defaultRole);
      if (role === undefined) problems.push({ path: 'defaultRole', message: 'is no role; GET /roles lists them' });
      else requireAtLeast(caller, [{ role, place: {} }], `Who is ${defaultRole} everywhere`);
    }
    for (const [at, { group }] of (groups?.groups ?? []).entries()) {
      if ((await findGroup(database, group)) === undefined) {
        problems.push({ path: `groups.groups[${at}].group`, message: 'is no group; GET /groups lists them' });
      } else requireAtLeast(caller, book.grantsOf('group', group), 'This group');
    }
    if (problems.length > 0) throw validationFailed(problems);
  }

  async #require(key: string): Promise<IdentityProviderRow> {
    const row = await findProvider(this.#dependencies.database, key);
    if (row === undefined) throw notFound(`identity provider "${key}"`);
    return row;
  }
}

/** The library's error says less than what caused it. */
export function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message} (${cause.message})` : message;
}

function purposeOf(id: string): string {
  return `identity-provider:${id}`;
}

function toProvider({ id, key, settings, created_at, updated_at }: IdentityProviderRow): Provider {
  return {
    id,
    key,
    settings: readSettings(settings),
    createdAt: toTimestamp(created_at),
    updatedAt: toTimestamp(updated_at),
  };
}

/** @param json as stored, perhaps by an older server */
export function readSettings(json: string): Settings {
  return { ...DEFAULTS, ...(JSON.parse(json) as Settings) };
}
