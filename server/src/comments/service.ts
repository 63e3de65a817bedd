import type { Static } from '@sinclair/typebox';
import type { Actor, Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import { requireFlag } from '../flags/service.ts';
import { ApiError, notFound } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { DEFAULT_LIMIT, type Page, type PageRequest, readCursor, toPage } from '../http/page.ts';
import { newId } from '../store/new-id.ts';
import type { FlagCommentRow } from '../store/tables/flags.ts';
import type { Database, Querier } from '../store/tables.ts';
import { deleteComment, findComment, findComments, insertComment, updateComment } from './repository.ts';
import type { FlagCommentSchema } from './schemas.ts';

export type FlagComment = Static<typeof FlagCommentSchema>;

/** Keys of the project and of the flag that is talked about. */
export interface FlagPlace {
  readonly project: string;
  readonly flag: string;
}

interface CommentPlace extends FlagPlace {
  /** Its id. */
  readonly comment: string;
}

/** What people say about flags. Every word of it is in the audit log as well, also what was edited or deleted since. */
export class Comments {
  readonly #database: Database;
  readonly #changes: Changes;

  constructor(database: Database, changes: Changes) {
    this.#database = database;
    this.#changes = changes;
  }

  /** Newest first. @throws {ApiError} `not_found` */
  async list(place: FlagPlace, { cursor, limit = DEFAULT_LIMIT }: PageRequest): Promise<Page<FlagComment>> {
    const [beforeId] = readCursor(cursor, ['string']) ?? [];
    const flag = await requireFlag(this.#database, place.project, place.flag);
    const rows = await findComments(this.#database, flag.row.id, { beforeId, limit: limit + 1 });
    const page = toPage(rows, limit, ({ id }) => [id]);
    return { ...page, items: page.items.map(toComment) };
  }

  /** @throws {ApiError} `not_found` */
  async add(caller: Caller, place: FlagPlace, body: string): Promise<FlagComment> {
    const { result } = await this.#changes.commit(caller, async (draft) => {
      const flag = await requireFlag(draft.tx, place.project, place.flag);
      const comment: FlagCommentRow = {
        id: newId(draft.atMs),
        flag_id: flag.row.id,
        author_id: caller.actor.id,
        author: JSON.stringify(caller.actor),
        body,
        created_at: draft.atMs,
        edited_at: null,
      };
      await insertComment(draft.tx, comment);
      await draft.audit({ action: 'flag.commented', ...targetOf(place), after: { comment: comment.id, body } });
      return toComment(comment);
    });
    return result;
  }

  /** By who wrote it. @throws {ApiError} `not_found`, `forbidden` */
  async edit(caller: Caller, place: CommentPlace, body: string): Promise<FlagComment> {
    const { result } = await this.#changes.commit(caller, async (draft) => {
      const row = await requireComment(draft.tx, place);
      if (row.author_id !== caller.actor.id) {
        throw new ApiError('forbidden', 'Only who wrote a comment may change it. Write one of your own.');
      }
      if (row.body === body) return toComment(row);
      const edited = { ...row, body, edited_at: draft.atMs };
      await updateComment(draft.tx, edited);
      await draft.audit({
        action: 'flag.comment.edited',
        ...targetOf(place),
        before: { comment: row.id, body: row.body },
        after: { comment: row.id, body },
      });
      return toComment(edited);
    });
    return result;
  }

  /** By who wrote it, or who looks after the project. @throws {ApiError} `not_found`, `forbidden` */
  async delete(caller: Caller, place: CommentPlace): Promise<void> {
    await this.#changes.commit(caller, async (draft) => {
      const row = await requireComment(draft.tx, place);
      if (row.author_id !== caller.actor.id && !caller.can('project:write', { project: place.project })) {
        const message = 'Only who wrote a comment may delete it, or someone who has project:write in the project.';
        throw new ApiError('forbidden', message);
      }
      await deleteComment(draft.tx, row.id);
      const before = { comment: row.id, author: JSON.parse(row.author) as Actor, body: row.body };
      await draft.audit({ action: 'flag.comment.deleted', ...targetOf(place), before });
    });
  }
}

async function requireComment(db: Querier, { project, flag, comment }: CommentPlace): Promise<FlagCommentRow> {
  const { row } = await requireFlag(db, project, flag);
  const found = await findComment(db, row.id, comment);
  if (found === undefined) throw notFound(`comment "${comment}" on flag "${flag}"`);
  return found;
}

/** An event of the flag, so that it stands among its changes. */
function targetOf({ project, flag }: FlagPlace) {
  return { project, target: { kind: 'flag', key: flag } };
}

function toComment({ id, author, body, created_at, edited_at }: FlagCommentRow): FlagComment {
  return {
    id,
    author: JSON.parse(author) as Actor,
    body,
    createdAt: toTimestamp(created_at),
    editedAt: edited_at === null ? null : toTimestamp(edited_at),
  };
}
