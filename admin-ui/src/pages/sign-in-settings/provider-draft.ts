import { t } from '@lingui/core/macro';
import type { IdentityProvider, IdentityProviderBody } from '../../api/types.ts';
import type { FormErrors } from '../../ui/form-errors.ts';

/** A provider as it is typed. */
export interface ProviderDraft {
  key: string;
  name: string;
  issuer: string;
  clientId: string;
  /** Empty: kept as it is. */
  clientSecret: string;
  /** Separated by commas or blanks. */
  emailDomains: string;
  createUsers: boolean;
  /** Empty: none. */
  defaultRole: string;
}

export function draftOf(provider: IdentityProvider | undefined): ProviderDraft {
  return {
    ...{ key: provider?.key ?? '', name: provider?.name ?? '', issuer: provider?.issuer ?? '' },
    ...{ clientId: provider?.clientId ?? '', clientSecret: '', createUsers: provider?.createUsers ?? false },
    emailDomains: provider?.emailDomains.join(', ') ?? '',
    defaultRole: provider?.defaultRole ?? '',
  };
}

type Checked = { ok: true; ready: { key: string; body: IdentityProviderBody } } | { ok: false; errors: FormErrors };

/** Reads what was typed. What has no field here, as mapped groups, stays as the provider has it. */
export function checkProvider(draft: ProviderDraft, provider: IdentityProvider | undefined): Checked {
  const [key, name, issuer, clientId] = [draft.key, draft.name, draft.issuer, draft.clientId].map((text) =>
    text.trim(),
  );
  const errors = {
    ...(!/^[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?$/.test(key ?? '') && {
      key: t`Use a-z, 0-9, dot, hyphen and underscore.`,
    }),
    ...(!name && { name: t`Enter the name that the sign-in page shows.` }),
    ...(!/^https?:\/\/\S+$/.test(issuer ?? '') && {
      issuer: t`Enter the address of the issuer, such as https://id.example.com.`,
    }),
    ...(!clientId && { clientId: t`Enter the id that the provider gave.` }),
  };
  if (!key || !name || !issuer || !clientId || Object.keys(errors).length > 0) return { ok: false, errors };
  const body: IdentityProviderBody = {
    ...{ name, issuer, clientId, createUsers: draft.createUsers, defaultRole: draft.defaultRole || null },
    ...(draft.clientSecret.trim() !== '' && { clientSecret: draft.clientSecret.trim() }),
    emailDomains: draft.emailDomains.split(/[\s,]+/).filter((domain) => domain !== ''),
    ...(provider && { scopes: provider.scopes, groups: provider.groups }),
  };
  return { ok: true, ready: { key, body } };
}
