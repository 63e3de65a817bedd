import { hashSecret } from '../access/secrets.ts';

/**
 * `server` keys read rulesets, `client` keys evaluated values, `relay` keys rulesets and who may read them, to serve them
 * further; `admin` keys call the API.
 */
export type KeyKind = 'server' | 'client' | 'relay' | 'admin';

/** A valid key, as far as letting its holder in needs to know it. */
export interface KnownKey {
  readonly id: string;
  readonly kind: KeyKind;
  readonly name: string;
  /** Null for admin keys. */
  readonly environmentId: string | null;
  /** A key of a process of our own: never stored, never told to anyone. */
  readonly isWorker?: true;
}

export interface HashedKey {
  /** SHA-256 of the secret, hex. */
  readonly hash: string;
  readonly key: KnownKey;
}

/** By what an environment's contexts are proved; there is none where they need not be. */
export interface ContextProof {
  /** Any of them will do; none: nothing can be proved. */
  readonly secrets: readonly string[];
}

/** The valid keys in memory, so that SDKs are let in also while the database is lost. */
export class KeyRing {
  readonly #byHash = new Map<string, KnownKey>();
  readonly #byId = new Map<string, HashedKey>();
  readonly #revokeListeners = new Set<(keyId: string) => void>();
  readonly #changeListeners = new Set<(environmentId: string | null) => void>();
  readonly #proofs = new Map<string, ContextProof>();
  readonly #proofListeners = new Set<(environmentId: string) => void>();
  /** False while valid keys may be missing: then nobody can say that a key is wrong. */
  isComplete = true;

  find(secret: string): KnownKey | undefined {
    return this.#byHash.get(hashSecret(secret));
  }

  findById(keyId: string): HashedKey | undefined {
    return this.#byId.get(keyId);
  }

  add(secretHash: string, key: KnownKey): void {
    this.#byHash.set(secretHash, key);
    this.#byId.set(key.id, { hash: secretHash, key });
    for (const listener of this.#changeListeners) listener(key.environmentId);
  }

  /** The keys of an environment that hold outside of this server too. */
  ofEnvironment(environmentId: string): HashedKey[] {
    return [...this.#byId.values()].filter(({ key }) => key.environmentId === environmentId && !key.isWorker);
  }

  /** Forgets a key and tells who has let its holders in. */
  revoke(keyId: string): void {
    const known = this.#byId.get(keyId);
    if (known !== undefined) this.#byHash.delete(known.hash);
    this.#byId.delete(keyId);
    for (const listener of this.#revokeListeners) listener(keyId);
    if (known !== undefined) for (const listener of this.#changeListeners) listener(known.key.environmentId);
  }

  /** Makes `keys` the only ones of an environment: the others are revoked. */
  replace(environmentId: string, keys: readonly HashedKey[]): void {
    const next = new Map(keys.map((known) => [known.key.id, known]));
    for (const { hash, key } of this.ofEnvironment(environmentId)) {
      const same = next.get(key.id);
      if (same?.hash === hash && same.key.kind === key.kind) next.delete(key.id);
      else this.revoke(key.id);
    }
    for (const { hash, key } of next.values()) this.add(hash, key);
  }

  /** Makes `keys` the only ones that hold outside of this server: the others are revoked. */
  replaceAll(keys: readonly HashedKey[]): void {
    const next = new Set(keys.map(({ key }) => key.id));
    for (const { key } of [...this.#byId.values()]) if (!next.has(key.id) && !key.isWorker) this.revoke(key.id);
    for (const { hash, key } of keys) if (!this.#byId.has(key.id)) this.add(hash, key);
  }

  /** What holders of client keys have to prove their contexts by; undefined: they need not. */
  proofOf(environmentId: string): ContextProof | undefined {
    return this.#proofs.get(environmentId);
  }

  setProof(environmentId: string, proof: ContextProof | undefined): void {
    if (JSON.stringify(this.#proofs.get(environmentId)) === JSON.stringify(proof)) return;
    if (proof === undefined) this.#proofs.delete(environmentId);
    else this.#proofs.set(environmentId, proof);
    for (const listener of this.#changeListeners) listener(environmentId);
    for (const listener of this.#proofListeners) listener(environmentId);
  }

  /** Makes `proofs`, by environment, the only ones. */
  replaceProofs(proofs: ReadonlyMap<string, ContextProof>): void {
    for (const id of new Set([...this.#proofs.keys(), ...proofs.keys()])) this.setProof(id, proofs.get(id));
  }

  /** Calls `listener` with the environment in which contexts are to be proved otherwise from now on. */
  onProofChange(listener: (environmentId: string) => void): void {
    this.#proofListeners.add(listener);
  }

  /** Calls `listener` with the id of every key that is revoked. @returns how to stop it */
  onRevoke(listener: (keyId: string) => void): () => void {
    this.#revokeListeners.add(listener);
    return () => this.#revokeListeners.delete(listener);
  }

  /** Calls `listener` with the environment (null: none) whose keys have changed. @returns how to stop it */
  onChange(listener: (environmentId: string | null) => void): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }
}
