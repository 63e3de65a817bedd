import type { GrantRow } from '../store/tables/access.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';

export type SubjectKind = 'user' | 'group' | 'service-account';

/** The column of each kind of subject. */
export const COLUMN_OF = {
  user: 'user_id',
  group: 'group_id',
  'service-account': 'service_account_id',
} as const satisfies Record<SubjectKind, keyof GrantRow>;

export interface NamedGrantRow extends GrantRow {
  /** Keys; null where the grant is of more. */
  readonly project: string | null;
  readonly environment: string | null;
  /** Of whoever has it. */
  readonly subject_name: string | null;
}

export interface GrantFilter {
  readonly subject?: { readonly kind: SubjectKind; readonly id: string };
  readonly project?: string | undefined;
  /** Only in these projects. */
  readonly projects?: readonly string[];
  readonly role?: string | undefined;
  readonly id?: string;
  readonly afterId?: string | undefined;
  readonly limit?: number;
}

/** Oldest first: ids sort in the order they were made. */
export async function findGrants(db: Querier, filter: GrantFilter = {}): Promise<NamedGrantRow[]> {
  const { subject, project, projects, role, id, afterId, limit } = filter;
  let select = db
    .selectFrom('grants')
    .leftJoin('projects', 'projects.id', 'grants.project_id')
    .leftJoin('environments', 'environments.id', 'grants.environment_id')
    .leftJoin('users', 'users.id', 'grants.user_id')
    .leftJoin('groups', 'groups.id', 'grants.group_id')
    .leftJoin('service_accounts', 'service_accounts.id', 'grants.service_account_id')
    .selectAll('grants')
    .select(['projects.key as project', 'environments.key as environment'])
    .select((eb) => eb.fn.coalesce('users.name', 'groups.name', 'service_accounts.name').as('subject_name'))
    .orderBy('grants.id');
  if (subject !== undefined) select = select.where(`grants.${COLUMN_OF[subject.kind]}`, '=', subject.id);
  if (project !== undefined) select = select.where('projects.key', '=', project);
  if (projects !== undefined) {
    select = projects.length === 0 ? select.where('grants.id', '=', '') : select.where('projects.key', 'in', projects);
  }
  if (role !== undefined) select = select.where('grants.role', '=', role);
  if (id !== undefined) select = select.where('grants.id', '=', id);
  if (afterId !== undefined) select = select.where('grants.id', '>', afterId);
  if (limit !== undefined) select = select.limit(limit);
  return select.execute();
}

export async function insertGrant(tx: DatabaseTransaction, row: GrantRow): Promise<void> {
  await tx.insertInto('grants').values(row).execute();
}

export async function deleteGrant(tx: DatabaseTransaction, id: string): Promise<void> {
  await tx.deleteFrom('grants').where('id', '=', id).execute();
}

const TABLE_OF = { user: 'users', group: 'groups', 'service-account': 'service_accounts' } as const;

/** The name of whoever is to have a grant; undefined when there is nobody. */
export async function findSubjectName(db: Querier, kind: SubjectKind, id: string): Promise<string | undefined> {
  const row = await db.selectFrom(TABLE_OF[kind]).select('name').where('id', '=', id).executeTakeFirst();
  return row?.name;
}
