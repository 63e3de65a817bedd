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

export interface HashedKey {
  /** SHA-256 of the secret, hex. */
  readonly hash: string;
  readonly key: KnownKey;
}

/** The valid keys in memory, so that SDKs are let in also while the database is lost. */
export class KeyRing {
  readonly #byHash = new Map<string, KnownKey>();
  readonly #byId = new Map<string, HashedKey>();
  readonly #revokeListeners = new Set<(keyId: string) => void>();

  find(secret: string): KnownKey | undefined {
    return this.#byHash.get(hashSecret(secret));
  }

  findById(keyId: string): HashedKey | undefined {
    return this.#byId.get(keyId);
  }

  add(secretHash: string, key: KnownKey): void {
    this.#byHash.set(secretHash, key);
    this.#byId.set(key.id, { hash: secretHash, key });
  }

  /** Forgets a key and tells who has let its holders in. */
  revoke(keyId: string): void {
    const known = this.#byId.get(keyId);
    if (known !== undefined) this.#byHash.delete(known.hash);
    this.#byId.delete(keyId);
    for (const listener of this.#revokeListeners) listener(keyId);
  }

  /** Calls `listener` with the id of every key that is revoked. @returns how to stop it */
  onRevoke(listener: (keyId: string) => void): () => void {
    this.#revokeListeners.add(listener);
    return () => this.#revokeListeners.delete(listener);
  }
}
