import type { FastifyBaseLogger } from 'fastify';
import { toRole } from '../roles/repository.ts';
import { findBuiltIn, type Role } from '../roles/role.ts';
import { Book } from '../store/book.ts';
import { fromBit } from '../store/booleans.ts';
import { inSnapshot } from '../store/snapshot.ts';
import type { Database } from '../store/tables.ts';
import type { Permission, Place } from './permissions.ts';
import { type Grant, NO_POWERS, narrow, type Powers, powersOf } from './powers.ts';
import { type AccessRows, type HolderKind, readAccess } from './repository.ts';

/** Who acts: a person or a service account. */
interface Holder {
  readonly kind: HolderKind;
  readonly id: string;
  readonly name: string;
}

/** A valid token. */
export interface KnownToken {
  readonly id: string;
  readonly name: string;
  readonly holder: Holder;
  /** Null: all that its holder has. */
  readonly permissions: readonly Permission[] | null;
  /** Infinite: never. */
  readonly expiresAtMs: number;
}

/** What was read at one moment. */
interface Page {
  /** Those who are not disabled, by kind and id. */
  readonly holders: ReadonlyMap<string, Holder>;
  readonly grants: ReadonlyMap<string, readonly Grant[]>;
  readonly groupGrants: ReadonlyMap<string, readonly Grant[]>;
  readonly roles: ReadonlyMap<string, Role>;
  readonly tokens: ReadonlyMap<string, KnownToken>;
  /** The environments where editors may do more than elsewhere. */
  readonly lenient: ReadonlySet<string>;
}

const EMPTY: Page = {
  holders: new Map(),
  grants: new Map(),
  groupGrants: new Map(),
  roles: new Map(),
  tokens: new Map(),
  lenient: new Set(),
};

/**
 * Who may do what, in memory: a call costs no query, and a kill needs no database. It is read whole after every commit that
 * counts on `access`, of this server or another one, and is as large as the people and programs that call the API are many.
 */
export class AccessBook extends Book {
  readonly #database: Database;
  readonly #now: () => number;
  #page = EMPTY;
  #powers = new Map<string, Powers>();
  readonly #listeners = new Set<() => void>();

  constructor(database: Database, log: FastifyBaseLogger, now: () => number) {
    super(log, 'who may do what');
    this.#database = database;
    this.#now = now;
  }

  /** None when they are disabled or gone. */
  powersOf(kind: HolderKind, id: string): Powers {
    const name = nameOf(kind, id);
    if (!this.#page.holders.has(name)) return NO_POWERS;
    const powers = this.#powers.get(name) ?? powersOf(this.grantsOf(kind, id), (place) => this.#isProduction(place));
    this.#powers.set(name, powers);
    return powers;
  }

  /** Their own and those of their groups, also while they are disabled. */
  grantsOf(kind: HolderKind | 'group', id: string): readonly Grant[] {
    return (kind === 'group' ? this.#page.groupGrants.get(id) : this.#page.grants.get(nameOf(kind, id))) ?? [];
  }

  /** The token's, which are its holder's or some of them. */
  powersOfToken({ holder, permissions }: KnownToken): Powers {
    const powers = this.powersOf(holder.kind, holder.id);
    return permissions === null ? powers : narrow(powers, permissions);
  }

  /**
   * A token that is valid now, and whose holder is not disabled.
   * @param secretHash SHA-256, hex
   */
  findToken(secretHash: string): KnownToken | undefined {
    const token = this.#page.tokens.get(secretHash);
    return token !== undefined && token.expiresAtMs > this.#now() ? token : undefined;
  }

  findRole(key: string): Role | undefined {
    return findBuiltIn(key) ?? this.#page.roles.get(key);
  }

  /** Calls `listener` when anything may have changed. @returns how to stop it */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** An environment that is not known is guarded like production. */
  #isProduction({ project, environment }: Place): boolean {
    return !this.#page.lenient.has(`${project} ${environment}`);
  }

  protected override async load(): Promise<number> {
    const rows = await inSnapshot(this.#database, readAccess);
    this.#page = toPage(rows);
    this.#powers = new Map();
    for (const listener of [...this.#listeners]) listener();
    return rows.count;
  }
}

function nameOf(kind: HolderKind, id: string): string {
  return `${kind} ${id}`;
}

function toPage({
  users,
  serviceAccounts,
  members,
  grants: rows,
  roles: made,
  tokens,
  environments,
}: AccessRows): Page {
  const holders = new Map<string, Holder>();
  for (const user of users) holders.set(nameOf('user', user.id), { kind: 'user', ...user });
  for (const account of serviceAccounts) {
    holders.set(nameOf('service-account', account.id), { kind: 'service-account', ...account });
  }
  const roles = new Map(made.map((row) => [row.key, toRole(row)]));
  const grants = new Map<string, Grant[]>();
  const groupGrants = new Map<string, Grant[]>();
  for (const { user_id, group_id, service_account_id, role: key, project, environment } of rows) {
    const role = findBuiltIn(key) ?? roles.get(key);
    // A role that a newer version knows gives nothing here.
    if (role === undefined) continue;
    const grant = { role, place: { project: project ?? undefined, environment: environment ?? undefined } };
    if (user_id !== null) add(grants, nameOf('user', user_id), grant);
    if (service_account_id !== null) add(grants, nameOf('service-account', service_account_id), grant);
    if (group_id !== null) add(groupGrants, group_id, grant);
  }
  for (const { group_id, user_id } of members) {
    for (const grant of groupGrants.get(group_id) ?? []) add(grants, nameOf('user', user_id), grant);
  }
  return {
    holders,
    grants,
    groupGrants,
    roles,
    tokens: new Map(tokens.flatMap((row) => toKnownToken(row, holders))),
    lenient: new Set(
      environments
        .filter(({ production }) => !fromBit(production))
        .map(({ project, environment }) => `${project} ${environment}`),
    ),
  };
}

/** None when its holder is disabled. */
function toKnownToken(
  { id, name, secret_hash, user_id, service_account_id, permissions, expires_at }: AccessRows['tokens'][number],
  holders: ReadonlyMap<string, Holder>,
): [string, KnownToken][] {
  const holder = holders.get(
    user_id === null ? nameOf('service-account', service_account_id ?? '') : nameOf('user', user_id),
  );
  if (holder === undefined) return [];
  const token: KnownToken = {
    id,
    name,
    holder,
    permissions: permissions === null ? null : JSON.parse(permissions),
    expiresAtMs: expires_at ?? Number.POSITIVE_INFINITY,
  };
  return [[secret_hash, token]];
}

function add<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
