import type { AccessBook } from '../access/access-book.ts';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import type { Draft } from '../changes/draft.ts';
import { ApiError } from '../http/api-error.ts';
import { DEFAULT_LIMIT, type Page, type PageRequest, readCursor, toPage } from '../http/page.ts';
import { newId } from '../store/new-id.ts';
import type { ChangeRequestEntryRow, ChangeRequestRow } from '../store/tables/change-requests.ts';
import type { Database } from '../store/tables.ts';
import { type ChangeRequest, type ChangeRequestEntry, eventPlaceOf, toEntry } from './change-request.ts';
import { findOpened, type RequestPlace } from './opened.ts';
import { requireReviewer } from './permissions.ts';
import { findEntries, insertEntry, voidApprovals } from './repository.ts';
import { carryOut } from './transition.ts';

export interface ReviewsDependencies {
  readonly database: Database;
  readonly changes: Changes;
  readonly book: AccessBook;
}

/** What people say of each other's change requests: yes, no, and why. */
export class Reviews {
  readonly #dependencies: ReviewsDependencies;

  constructor(dependencies: ReviewsDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Approves exactly what the caller has read.
   * @throws {ApiError} `forbidden` for who wrote any of it, and for programs
   */
  approve(caller: Caller, place: RequestPlace, contentHash: string, body = ''): Promise<ChangeRequest> {
    return carryOut(this.#dependencies, {
      ...{ caller, place, action: 'approve' },
      change: async (draft, opened) => {
        const { row } = opened;
        requireReviewer(caller, opened);
        if (contentHash !== row.content_hash) {
          const message = 'The request says something else now than what you read. Read it again, then approve it.';
          throw new ApiError('version_mismatch', message, { contentHash: row.content_hash, version: row.version });
        }
        await say(draft, caller, row, 'approval', body);
        return {};
      },
    });
  }

  /** Says no. Earlier approvals end with it. */
  reject(caller: Caller, place: RequestPlace, reason: string): Promise<ChangeRequest> {
    return carryOut(this.#dependencies, {
      ...{ caller, place, action: 'reject' },
      change: async (draft, opened) => {
        const { row } = opened;
        requireReviewer(caller, opened);
        await say(draft, caller, row, 'rejection', reason);
        await voidApprovals(draft.tx, row.id);
        return { reason };
      },
    });
  }

  /** What was said, oldest first. */
  async list(place: RequestPlace, { cursor, limit = DEFAULT_LIMIT }: PageRequest): Promise<Page<ChangeRequestEntry>> {
    const { database, book } = this.#dependencies;
    const [afterId] = readCursor(cursor, ['string']) ?? [];
    const { row } = await findOpened(database, book, place);
    const page = toPage(await findEntries(database, row.id, { afterId, limit: limit + 1 }), limit, ({ id }) => [id]);
    return { ...page, items: page.items.map((entry) => toEntry(entry, row.content_hash)) };
  }

  async comment(caller: Caller, place: RequestPlace, body: string): Promise<ChangeRequestEntry> {
    const { changes, book } = this.#dependencies;
    const { result } = await changes.commit(caller, async (draft) => {
      const { row } = await findOpened(draft.tx, book, place);
      const entry = await say(draft, caller, row, 'comment', body);
      await draft.audit({
        action: 'change-request.commented',
        ...eventPlaceOf(place.project, row),
        after: { body, version: row.version },
      });
      return toEntry(entry, row.content_hash);
    });
    return result;
  }
}

async function say(
  draft: Draft,
  { actor }: Caller,
  row: ChangeRequestRow,
  kind: ChangeRequestEntry['kind'],
  body: string,
): Promise<ChangeRequestEntryRow> {
  const entry = {
    id: newId(draft.atMs),
    request_id: row.id,
    kind,
    actor: JSON.stringify(actor),
    content_hash: row.content_hash,
    body,
    created_at: draft.atMs,
  };
  await insertEntry(draft.tx, entry);
  return entry;
}
