import type { FastifyBaseLogger } from 'fastify';
import type { Changes } from '../changes/changes.ts';
import type { Config } from '../config/config.ts';
import type { AddressPolicy } from '../egress/address-policy.ts';
import type { Environments } from '../environments/service.ts';
import { Grants } from '../grants/service.ts';
import { Groups } from '../groups/service.ts';
import { Arrivals } from '../identity-providers/arrivals.ts';
import { FlowCookie } from '../identity-providers/flow-cookie.ts';
import { Oidc } from '../identity-providers/oidc.ts';
import { IdentityProviders } from '../identity-providers/service.ts';
import { Passwords } from '../passwords/service.ts';
import { Roles } from '../roles/service.ts';
import { SecondFactors } from '../second-factors/service.ts';
import { ServiceAccounts } from '../service-accounts/service.ts';
import { Credentials } from '../sessions/credentials.ts';
import { Sessions } from '../sessions/service.ts';
import { Setup } from '../setup/service.ts';
import { SignInPolicies } from '../sign-in-policy/service.ts';
import type { Store } from '../store/store.ts';
import { noteTokenUse } from '../tokens/repository.ts';
import { Tokens } from '../tokens/service.ts';
import { Users } from '../users/service.ts';
import type { Vault } from '../vault/vault.ts';
import { AccessBook } from './access-book.ts';
import { LastUse } from './last-use.ts';
import { RequestRates } from './request-rates.ts';

interface AccessOptions {
  readonly store: Store;
  readonly changes: Changes;
  readonly environments: Environments;
  readonly vault: Vault;
  /** Where identity providers may be. */
  readonly policy: AddressPolicy;
  readonly config: Config;
  readonly log: FastifyBaseLogger;
  readonly now: () => number;
}

/** Who may do what, and how they show who they are. */
export async function openAccess({ store, changes, environments, vault, policy, config, log, now }: AccessOptions) {
  const { database } = store;
  const book = new AccessBook(database, log, now);
  await book.catchUp();
  changes.onCount('access', () => book.refresh());
  const sessions = new Sessions(database, now);
  const credentials = new Credentials(database, now);
  const issuer = config.publicUrl === undefined ? 'Bunting' : `Bunting (${new URL(config.publicUrl).host})`;
  const factors = new SecondFactors({ database, changes, vault, sessions, book, issuer, now });
  const policies = new SignInPolicies(database, changes, book);
  const setup = new Setup(store, changes, sessions, now);
  const oidc = new Oidc(policy, now);
  return {
    ...{ book, sessions, credentials, factors, policies, oidc, setup },
    /** The token of the one-time link that makes the owner; undefined when there is one. */
    setupToken: await setup.begin(),
    tokenUse: new LastUse({ write: (id, atMs) => noteTokenUse(database, id, atMs), log, now }),
    rates: new RequestRates(config),
    roles: new Roles(database, changes),
    grants: new Grants(database, changes, environments, book),
    users: new Users({ database, changes, sessions, book }),
    passwords: new Passwords({ database, changes, sessions, credentials, factors, policies, now }),
    identityProviders: new IdentityProviders({ database, changes, vault, book, oidc }),
    arrivals: new Arrivals(database, changes),
    flowCookie: new FlowCookie(vault, now),
    groups: new Groups(database, changes, book),
    serviceAccounts: new ServiceAccounts(database, changes, book),
    tokens: new Tokens(database, changes, book),
  };
}
