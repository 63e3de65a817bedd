import { t } from '@lingui/core/macro';
import type { KeyPatch, SdkKey } from '../../api/types.ts';
import type { FormErrors } from '../../ui/form-errors.ts';

/** What people may say of a key. */
export interface KeyDraft {
  readonly name: string;
  /** Until when it is valid (ISO 8601); undefined: until it is revoked. */
  readonly expiresAt: string | undefined;
  /** Whose pages may use it; none: anyone's. */
  readonly origins: readonly string[];
}

/** What the server is told of a key of any kind. */
interface KeyFacts {
  readonly name: string;
  readonly expiresAt: string | null;
  readonly origins: string[] | null;
}

export const newKeyDraft: KeyDraft = { name: '', expiresAt: undefined, origins: [] };

export function draftOfKey({ name, expiresAt, origins }: SdkKey): KeyDraft {
  return { name, expiresAt: expiresAt ?? undefined, origins: origins ?? [] };
}

/** Reads what was typed. Origins are for client keys. */
export function readKey(
  { name, expiresAt, origins }: KeyDraft,
  kind: SdkKey['kind'],
): { ok: true; ready: KeyFacts } | { ok: false; errors: FormErrors } {
  if (name.trim() === '') {
    return { ok: false, errors: { name: t`Name it after who will use it, such as checkout-service.` } };
  }
  const hasOrigins = kind === 'client' && origins.length > 0;
  return {
    ok: true,
    ready: { name: name.trim(), expiresAt: expiresAt ?? null, origins: hasOrigins ? [...origins] : null },
  };
}

/** Only what is to be another one: someone may change the rest meanwhile, as a rotation does. Undefined: nothing is. */
export function patchOf(before: SdkKey, { name, expiresAt, origins }: KeyFacts): KeyPatch | undefined {
  const isSameEnd = (before.expiresAt && Date.parse(before.expiresAt)) === (expiresAt && Date.parse(expiresAt));
  const isSameSites = before.origins?.toSorted().join() === origins?.toSorted().join();
  const patch: KeyPatch = {
    ...(name !== before.name && { name }),
    ...(!isSameEnd && { expiresAt }),
    ...(!isSameSites && { origins }),
  };
  return Object.keys(patch).length === 0 ? undefined : patch;
}

/** An origin as browsers say it, of an origin or of any address of its pages; or why it is none. */
export function readOrigin(text: string): { readonly token: string } | { readonly problem: string } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.host.includes('*')) {
    return { problem: t`Enter an origin such as https://shop.example.com: with its scheme, and each by itself.` };
  }
  return { token: url.origin };
}
