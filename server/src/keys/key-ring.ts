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
  /** Absent: never. */
  readonly expiresAtMs?: number;
  /** Whose pages may use it, such as https://shop.example.com. Absent: anyone's. */
  readonly origins?: readonly string[];
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

/** Timers cannot wait for longer, and clocks may be set: it is looked again after this long, in milliseconds. */
const MAX_WAIT_MS = 60_000;

/** Wrong secrets that are remembered; the oldest is forgotten, and looked for once more if it comes again. */
const MAX_MISSED = 1_000;

/** The valid keys in memory, so that SDKs are let in also while the database is lost. */
export class KeyRing {
  readonly #now: () => number;
  readonly #byHash = new Map<string, KnownKey>();
  readonly #byId = new Map<string, HashedKey>();
  readonly #revokeListeners = new Set<(keyId: string) => void>();
  readonly #changeListeners = new Set<(environmentId: string | null) => void>();
  readonly #proofs = new Map<string, ContextProof>();
  readonly #proofListeners = new Set<(environmentId: string) => void>();
  readonly #useListeners = new Set<(key: KnownKey) => void>();
  #timer: NodeJS.Timeout | undefined;
  /** False while valid keys may be missing: then nobody can say that a key is wrong. */
  isComplete = true;
  /** Reads what others have added; undefined where nobody else does. */
  #lookUp: (() => Promise<void>) | undefined;
  /** Hashes of secrets that were not here, and whether it was looked for them since. */
  readonly #missed = new Map<string, 'looking' | 'looked'>();

  /** @param now the clock that keys expire by, milliseconds since 1970 */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  find(secret: string): KnownKey | undefined {
    const key = this.#byHash.get(hashSecret(secret));
    if (key === undefined || this.#isPast(key)) return undefined;
    this.noteUse(key);
    return key;
  }

  /**
   * Whether nobody can say yet that a secret is wrong: the key may have been made on another server a moment ago. Looks for
   * it, once; who comes again is then let in or refused.
   */
  mayLack(secret: string): boolean {
    if (!this.isComplete) return true;
    if (this.#lookUp === undefined) return false;
    const hash = hashSecret(secret);
    const state = this.#missed.get(hash);
    if (state === undefined) void this.#lookFor(hash, this.#lookUp);
    return state !== 'looked';
  }

  /** @param lookUp reads what is there when it is called, or later */
  lookUpBy(lookUp: () => Promise<void>): void {
    this.#lookUp = lookUp;
  }

  async #lookFor(hash: string, lookUp: () => Promise<void>): Promise<void> {
    this.#noteMissed(hash, 'looking');
    try {
      await lookUp();
      this.#noteMissed(hash, 'looked');
    } catch {
      // Without the database nobody can say.
      this.#missed.delete(hash);
    }
  }

  #noteMissed(hash: string, state: 'looking' | 'looked'): void {
    const [oldest] = this.#missed.keys();
    if (this.#missed.size >= MAX_MISSED && oldest !== undefined) this.#missed.delete(oldest);
    this.#missed.set(hash, state);
  }

  /** Says that a key was used, here or behind a relay. */
  noteUse(key: KnownKey): void {
    for (const listener of this.#useListeners) listener(key);
  }

  findById(keyId: string): HashedKey | undefined {
    return this.#byId.get(keyId);
  }

  /** Takes a key, also in place of what was known of it. */
  add(secretHash: string, key: KnownKey): void {
    this.#byHash.set(secretHash, key);
    this.#byId.set(key.id, { hash: secretHash, key });
    if (key.expiresAtMs !== undefined) this.#awaitExpiry();
    for (const listener of this.#changeListeners) listener(key.environmentId);
  }

  /** The keys of an environment that hold outside of this server too. */
  ofEnvironment(environmentId: string): HashedKey[] {
    return [...this.#byId.values()].filter(({ key }) => key.environmentId === environmentId && !key.isWorker);
  }

  /** Forgets a key and tells who has let its holders in. */
  revoke(keyId: string): void {
    const known = this.#byId.get(keyId);
    if (known !== undefined) {
      this.#byHash.delete(known.hash);
      this.#noteMissed(known.hash, 'looked');
    }
    this.#byId.delete(keyId);
    for (const listener of this.#revokeListeners) listener(keyId);
    if (known !== undefined) for (const listener of this.#changeListeners) listener(known.key.environmentId);
  }

  /** Makes `keys` the only ones of an environment: the others are revoked. */
  replace(environmentId: string, keys: readonly HashedKey[]): void {
    const next = new Map(keys.map((known) => [known.key.id, known]));
    for (const { hash, key } of this.ofEnvironment(environmentId)) {
      const same = next.get(key.id);
      if (same?.hash !== hash || same.key.kind !== key.kind) this.revoke(key.id);
      else if (isSameLife(same.key, key)) next.delete(key.id);
    }
    for (const { hash, key } of next.values()) this.add(hash, key);
  }

  /** Makes `keys` the only ones that hold outside of this server: the others are revoked. */
  replaceAll(keys: readonly HashedKey[]): void {
    const next = new Set(keys.map(({ key }) => key.id));
    for (const { key } of [...this.#byId.values()]) if (!next.has(key.id) && !key.isWorker) this.revoke(key.id);
    for (const { hash, key } of keys) {
      const known = this.#byId.get(key.id);
      if (known === undefined || !isSameLife(known.key, key)) this.add(hash, key);
    }
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

  /** Calls `listener` with every key that is used, each time. @returns how to stop it */
  onUse(listener: (key: KnownKey) => void): () => void {
    this.#useListeners.add(listener);
    return () => this.#useListeners.delete(listener);
  }

  /** Calls `listener` with the environment (null: none) whose keys have changed. @returns how to stop it */
  onChange(listener: (environmentId: string | null) => void): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  #isPast({ expiresAtMs }: KnownKey): boolean {
    return expiresAtMs !== undefined && expiresAtMs <= this.#now();
  }

  /** Revokes what has expired, and comes back when the next one does. */
  #awaitExpiry(): void {
    clearTimeout(this.#timer);
    const ends = [...this.#byId.values()].flatMap(({ key: { id, expiresAtMs } }) =>
      expiresAtMs === undefined ? [] : [{ id, expiresAtMs }],
    );
    if (ends.length === 0) return;
    const waitMs = Math.min(...ends.map(({ expiresAtMs }) => expiresAtMs)) - this.#now();
    this.#timer = setTimeout(
      () => {
        for (const { key } of [...this.#byId.values()]) if (this.#isPast(key)) this.revoke(key.id);
        this.#awaitExpiry();
      },
      Math.min(Math.max(waitMs, 0), MAX_WAIT_MS),
    ).unref();
  }
}

function isSameLife(a: KnownKey, b: KnownKey): boolean {
  return a.name === b.name && a.expiresAtMs === b.expiresAtMs && a.origins?.join(' ') === b.origins?.join(' ');
}
