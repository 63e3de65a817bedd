import type { Static } from '@sinclair/typebox';
import type { Claims } from './oidc.ts';
import type { ProviderSettings } from './schemas.ts';
import { SignInFailed } from './sign-in-failed.ts';

/** Whom a provider vouches for. */
export interface Vouched {
  readonly subject: string;
  /** Lower case, and verified by the provider. */
  readonly email: string;
  readonly name: string;
  /** Ids of the groups that the claims mean; undefined: groups are none of its business. */
  readonly groups: readonly string[] | undefined;
}

/** Reads claims, which are believed only as far as a sign-in needs. @throws {SignInFailed} */
export function readClaims(claims: Claims, settings: Static<typeof ProviderSettings>): Vouched {
  const { sub, email: claimed, name, preferred_username: username } = claims;
  const email = typeof claimed === 'string' ? claimed.trim().toLowerCase() : '';
  if (!/^[^\s@]+@[^\s@]+$/.test(email) || email.length > 254 || !isVerified(claims)) {
    throw new SignInFailed('email_unverified', 'the provider does not say that it verified an email address');
  }
  const { emailDomains, groups } = settings;
  if (emailDomains.length > 0 && !emailDomains.includes(email.slice(email.lastIndexOf('@') + 1))) {
    throw new SignInFailed('domain_refused', 'the address is of a domain that may not sign in by this provider');
  }
  const shown = [name, username, email].find((text) => typeof text === 'string' && text.trim() !== '') as string;
  return {
    subject: sub,
    email,
    name: shown.trim().slice(0, 200),
    groups: groups === null ? undefined : mapGroups(claims[groups.claim], groups.groups),
  };
}

/** Some providers send texts for booleans; Entra ID says it by the optional claim `xms_edov`. */
function isVerified({ email_verified: verified, xms_edov: entra }: Claims): boolean {
  return [verified, entra].some((value) => value === true || value === 'true');
}

function mapGroups(claim: unknown, mapping: readonly { readonly value: string; readonly group: string }[]): string[] {
  const values = new Set([claim].flat());
  return mapping.filter(({ value }) => values.has(value)).map(({ group }) => group);
}
