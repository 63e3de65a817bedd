import type { Static } from '@sinclair/typebox';
import type { AccessBook } from '../access/access-book.ts';
import { editAccess, requireAtLeast } from '../access/edit-access.ts';
import { requirePermission } from '../access/guard.ts';
import { describePlace, type Place } from '../access/permissions.ts';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import type { Draft } from '../changes/draft.ts';
import { type Environments, requireProject } from '../environments/service.ts';
import { ApiError, notFound, validationFailed } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { DEFAULT_LIMIT, type Page, readCursor, toPage } from '../http/page.ts';
import { findMadeRole } from '../roles/repository.ts';
import { findBuiltIn, OWNER, type Role } from '../roles/role.ts';
import { newId } from '../store/new-id.ts';
import type { GrantRow } from '../store/tables/access.ts';
import type { Database, Querier } from '../store/tables.ts';
import {
  COLUMN_OF,
  deleteGrant,
  findGrants,
  findSubjectName,
  insertGrant,
  type NamedGrantRow,
  type SubjectKind,
} from './repository.ts';
import type { GrantInput, GrantQuery, GrantSchema } from './schemas.ts';

type ShownGrant = Static<typeof GrantSchema>;

/** Who has which role where. Nobody gives or takes what they do not have themselves. */
export class Grants {
  readonly #database: Database;
  readonly #changes: Changes;
  readonly #environments: Environments;
  readonly #book: AccessBook;

  constructor(database: Database, changes: Changes, environments: Environments, book: AccessBook) {
    this.#database = database;
    this.#changes = changes;
    this.#environments = environments;
    this.#book = book;
  }

  /** Those in places whose people the caller may see. */
  async list(
    caller: Caller,
    { cursor, limit = DEFAULT_LIMIT, ...filter }: Static<typeof GrantQuery>,
  ): Promise<Page<ShownGrant>> {
    const [afterId] = readCursor(cursor, ['string']) ?? [];
    const { user, group, serviceAccount, project, role } = filter;
    const subjects = [subjectOf('user', user), subjectOf('group', group), subjectOf('service-account', serviceAccount)];
    const [subject, another] = subjects.filter((subject) => subject !== undefined);
    if (another !== undefined) {
      throw validationFailed([{ path: another.kind, message: 'is one subject too many; ask for one at a time' }]);
    }
    if (project !== undefined) requirePermission(caller, 'people:read', { project });
    const projects = caller.projectsWith('people:read');
    const rows = await findGrants(this.#database, {
      ...(subject === undefined ? {} : { subject }),
      ...(projects === undefined ? {} : { projects }),
      project,
      role,
      afterId,
      limit: limit + 1,
    });
    const page = toPage(rows, limit, (row) => [row.id]);
    return { ...page, items: page.items.map(show) };
  }

  async create(caller: Caller, input: Static<typeof GrantInput>): Promise<ShownGrant> {
    const { subject, role: roleKey, project, environment } = input;
    const place: Place = { project, environment };
    requirePermission(caller, 'people:write', place);
    if (project === undefined && environment !== undefined) {
      throw validationFailed([{ path: 'project', message: 'is required with environment' }]);
    }
    return editAccess(this.#changes, caller, async (draft) => {
      const role = await requireRole(draft.tx, roleKey);
      if (roleKey === OWNER && project !== undefined) {
        throw validationFailed([{ path: 'role', message: 'owner is of the whole installation; use admin here' }]);
      }
      requireAtLeast(caller, [{ role, place }], `Who is ${roleKey} in ${describePlace(place)}`);
      const name = await findSubjectName(draft.tx, subject.kind, subject.id);
      if (name === undefined) throw notFound(`${subject.kind} "${subject.id}"`);
      const ids = await this.#findPlace(draft, place);
      const same = (await findGrants(draft.tx, { subject })).find(
        (row) => row.role === roleKey && row.project_id === ids.project_id && row.environment_id === ids.environment_id,
      );
      if (same !== undefined) return show(same);
      const row: GrantRow = {
        id: newId(draft.atMs),
        user_id: null,
        group_id: null,
        service_account_id: null,
        [COLUMN_OF[subject.kind]]: subject.id,
        role: roleKey,
        ...ids,
        created_at: draft.atMs,
      };
      await insertGrant(draft.tx, row);
      const named = { ...row, project: project ?? null, environment: environment ?? null, subject_name: name };
      await audit(draft, 'grant.created', named);
      return show(named);
    });
  }

  async remove(caller: Caller, id: string): Promise<void> {
    await editAccess(this.#changes, caller, async (draft) => {
      const [row] = await findGrants(draft.tx, { id });
      const place = { project: row?.project ?? undefined, environment: row?.environment ?? undefined };
      // One that the caller may not see is as one that is not there.
      if (row === undefined || !caller.can('people:read', place)) throw notFound(`grant "${id}"`);
      requirePermission(caller, 'people:write', place);
      const role = this.#book.findRole(row.role);
      if (role !== undefined) requireAtLeast(caller, [{ role, place }], 'Who has this grant');
      await deleteGrant(draft.tx, id);
      await audit(draft, 'grant.removed', row);
    });
  }

  async #findPlace(
    draft: Draft,
    { project, environment }: Place,
  ): Promise<Pick<GrantRow, 'project_id' | 'environment_id'>> {
    if (project === undefined) return { project_id: null, environment_id: null };
    if (environment === undefined) {
      return { project_id: (await requireProject(draft.tx, project)).id, environment_id: null };
    }
    const found = await this.#environments.find(project, environment, draft.tx);
    return { project_id: found.project.id, environment_id: found.environment.id };
  }
}

async function requireRole(db: Querier, key: string): Promise<Role> {
  const role = findBuiltIn(key) ?? (await findMadeRole(db, key));
  if (role === undefined) throw new ApiError('not_found', `There is no role "${key}". GET /roles lists them.`);
  return role;
}

function subjectOf(kind: SubjectKind, id: string | undefined) {
  return id === undefined ? undefined : { kind, id };
}

function subjectOfRow({ user_id, group_id, service_account_id, subject_name }: NamedGrantRow): ShownGrant['subject'] {
  const name = subject_name ?? '';
  if (user_id !== null) return { kind: 'user', id: user_id, name };
  if (group_id !== null) return { kind: 'group', id: group_id, name };
  return { kind: 'service-account', id: service_account_id ?? '', name };
}

function show(row: NamedGrantRow): ShownGrant {
  const { id, role, project, environment, created_at } = row;
  return { id, subject: subjectOfRow(row), role, project, environment, createdAt: toTimestamp(created_at) };
}

async function audit(draft: Draft, action: 'grant.created' | 'grant.removed', row: NamedGrantRow): Promise<void> {
  const { id, createdAt, ...grant } = show(row);
  await draft.audit({
    action,
    project: row.project ?? undefined,
    environment: row.environment ?? undefined,
    target: { kind: 'grant', key: id },
    ...(action === 'grant.created' ? { after: grant } : { before: grant }),
  });
}
