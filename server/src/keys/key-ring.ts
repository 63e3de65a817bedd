import { hashSecret } from '../access/secrets.ts';

/** `server` keys read rulesets, `client` keys evaluated values, `admin` keys call the API. */
export type KeyKind = 'server' | 'client' | 'admin';

/** A valid key, as far as letting its holder in needs to know it. */
export interface KnownKey {
  readonly id: string;
  readonly kind: KeyKind;
  readonly name: string;
  /** Null for admin keys. */
  readonly environmentId: string | null;
}

/** The valid keys in memory, so that SDKs are let in also while the database is lost. */
export class KeyRing {
  readonly #byHash = new Map<string, KnownKey>();
  readonly #revokeListeners: ((keyId: string) => void)[] = [];

  find(secret: string): KnownKey | undefined {
    return this.#byHash.get(hashSecret(secret));
  }

  add(secretHash: string, key: KnownKey): void {
    this.#byHash.set(secretHash, key);
  }

  /** Forgets a key and tells who has let its holders in. */
  revoke(keyId: string): void {
    for (const [hash, key] of this.#byHash) if (key.id === keyId) this.#byHash.delete(hash);
    for (const listener of this.#revokeListeners) listener(keyId);
  }

  onRevoke(listener: (keyId: string) => void): void {
    this.#revokeListeners.push(listener);
  }
}
