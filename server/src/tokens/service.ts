import type { Static } from '@sinclair/typebox';
import type { AccessBook } from '../access/access-book.ts';
import { editAccess, requireAtLeast } from '../access/edit-access.ts';
import { requirePermission } from '../access/guard.ts';
import { hashSecret, newSecret } from '../access/secrets.ts';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import { notFound, validationFailed } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { DEFAULT_LIMIT, type Page, type PageRequest, readCursor, toPage } from '../http/page.ts';
import { requireServiceAccount } from '../service-accounts/service.ts';
import { newId } from '../store/new-id.ts';
import type { TokenRow } from '../store/tables/access.ts';
import type { Database, Querier } from '../store/tables.ts';
import { requireUser } from '../users/service.ts';
import { COLUMN_OF, findToken, findTokens, type HolderId, insertToken, revokeToken } from './repository.ts';
import type { NewTokenSchema, TokenInput, TokenSchema } from './schemas.ts';

type Token = Static<typeof TokenSchema>;

const PREFIXES = { user: 'bnt_pat_', 'service-account': 'bnt_svc_' } as const;
/** How much of a secret is kept to recognise it by: the prefix and 4 of its 43 random characters. */
const VISIBLE_LENGTH = 12;
const DAY_MS = 24 * 60 * 60 * 1000;

/** What calls the API as a person or as a service account. */
export class Tokens {
  readonly #database: Database;
  readonly #changes: Changes;
  readonly #book: AccessBook;

  constructor(database: Database, changes: Changes, book: AccessBook) {
    this.#database = database;
    this.#changes = changes;
    this.#book = book;
  }

  async list(holder: HolderId, { cursor, limit = DEFAULT_LIMIT }: PageRequest): Promise<Page<Token>> {
    await requireHolder(this.#database, holder);
    const [afterId] = readCursor(cursor, ['string']) ?? [];
    const rows = await findTokens(this.#database, holder, { afterId, limit: limit + 1 });
    const page = toPage(rows, limit, (row) => [row.id]);
    return { ...page, items: page.items.map(show) };
  }

  /** For oneself, or for a service account that may do no more than the caller. */
  async create(
    caller: Caller,
    holder: HolderId,
    { name, permissions = null, expiresInDays }: Static<typeof TokenInput>,
  ): Promise<Static<typeof NewTokenSchema>> {
    if (holder.kind === 'user' && expiresInDays === null) {
      throw validationFailed([
        { path: 'expiresInDays', message: 'must be a number of days: a personal token expires' },
      ]);
    }
    if (holder.kind === 'user') for (const one of permissions ?? []) requirePermission(caller, one, 'anywhere');
    else this.#requireAtLeast(caller, holder);
    const secret = PREFIXES[holder.kind] + newSecret();
    return editAccess(this.#changes, caller, async (draft) => {
      await requireHolder(draft.tx, holder);
      const row: TokenRow = {
        id: newId(draft.atMs),
        user_id: null,
        service_account_id: null,
        [COLUMN_OF[holder.kind]]: holder.id,
        name,
        prefix: secret.slice(0, VISIBLE_LENGTH),
        secret_hash: hashSecret(secret),
        permissions: permissions === null ? null : JSON.stringify(permissions),
        created_at: draft.atMs,
        expires_at: expiresInDays === null ? null : draft.atMs + expiresInDays * DAY_MS,
        revoked_at: null,
        last_used_at: null,
      };
      await insertToken(draft.tx, row);
      const { prefix, expiresAt } = show(row);
      const after = { holder, name, prefix, permissions, expiresAt };
      await draft.audit({ action: 'token.created', target: { kind: 'token', key: row.id }, after });
      return { ...show(row), secret };
    });
  }

  /** Ends a token for good, at once. Revoking twice is fine. */
  async revoke(caller: Caller, holder: HolderId, id: string): Promise<void> {
    if (caller.actor.id !== holder.id) this.#requireAtLeast(caller, holder);
    await editAccess(this.#changes, caller, async (draft) => {
      const row = await findToken(draft.tx, holder, id);
      if (row === undefined) throw notFound(`token "${id}"`);
      if (row.revoked_at !== null) return;
      await revokeToken(draft.tx, id, draft.atMs);
      const { name, prefix } = row;
      await draft.audit({
        action: 'token.revoked',
        target: { kind: 'token', key: id },
        before: { holder, name, prefix },
      });
    });
  }

  #requireAtLeast(caller: Caller, { kind, id }: HolderId): void {
    requireAtLeast(caller, this.#book.grantsOf(kind, id), kind === 'user' ? 'This person' : 'This service account');
  }
}

async function requireHolder(db: Querier, { kind, id }: HolderId): Promise<void> {
  await (kind === 'user' ? requireUser(db, id) : requireServiceAccount(db, id));
}

function show(row: TokenRow): Token {
  const toTime = (timeMs: number | null) => (timeMs === null ? null : toTimestamp(timeMs));
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    permissions: row.permissions === null ? null : JSON.parse(row.permissions),
    createdAt: toTimestamp(row.created_at),
    expiresAt: toTime(row.expires_at),
    revokedAt: toTime(row.revoked_at),
    lastUsedAt: toTime(row.last_used_at),
  };
}
