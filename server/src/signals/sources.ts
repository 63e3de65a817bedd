import type { Static } from '@sinclair/typebox';
import { requirePermission } from '../access/guard.ts';
import type { Permission, Place } from '../access/permissions.ts';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import type { Draft } from '../changes/draft.ts';
import { refuseOutdated } from '../changes/refuse-outdated.ts';
import { newWebhookSecret } from '../egress/signature.ts';
import { requireProject } from '../environments/service.ts';
import { ApiError, notFound, validationFailed } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { DEFAULT_LIMIT, type Page, readCursor, toPage } from '../http/page.ts';
import { newId } from '../store/new-id.ts';
import type { SignalSourceRow } from '../store/tables/signals.ts';
import type { Database, Querier } from '../store/tables.ts';
import type { Vault } from '../vault/vault.ts';
import type { Vendor } from './episode.ts';
import { compileMapping } from './mapping.ts';
import {
  deleteSource,
  findSource,
  findSources,
  insertSource,
  type SourceWithProject,
  updateSource,
} from './repository.ts';
import type {
  SignalSecretInput,
  SignalSecretSchema,
  SignalSourceInput,
  SignalSourcePatch,
  SignalSourceSchema,
  SourceQuery,
} from './schemas.ts';
import { hasSecret, MAKES_SECRET, secretPurpose } from './source.ts';
import { toSource } from './source-book.ts';

const HOUR_MS = 3_600_000;
const OVERLAP_HOURS = 24;

/** As the API shows it, but for what depends on the address that it is asked at. */
export type ShownSource = Omit<Static<typeof SignalSourceSchema>, 'url' | 'setUp'>;
/** `secret`: the one that was made, shown once; null when none was. */
type NewSource = ShownSource & { readonly secret: string | null };
type RotatedSecret = Omit<Static<typeof SignalSecretSchema>, 'setUp'> & { readonly vendor: Vendor };

export interface SourcesDependencies {
  readonly database: Database;
  readonly changes: Changes;
  readonly vault: Vault;
}

/** Who may send signals, as people manage it. What holds is in the source book. */
export class SignalSources {
  readonly #dependencies: SourcesDependencies;

  constructor(dependencies: SourcesDependencies) {
    this.#dependencies = dependencies;
  }

  /** Those that the caller may see, by key. */
  async list(
    caller: Caller,
    { cursor, limit = DEFAULT_LIMIT, project }: Static<typeof SourceQuery>,
  ): Promise<Page<ShownSource>> {
    const [afterKey] = readCursor(cursor, ['string']) ?? [];
    if (project !== undefined) requirePermission(caller, 'signal:read', { project });
    const projects = project === undefined ? caller.projectsWith('signal:read') : [project];
    const filter = { projects, ofInstallation: project === undefined, afterKey, limit: limit + 1 };
    const page = toPage(await findSources(this.#dependencies.database, filter), limit, (row) => [row.key]);
    return { ...page, items: page.items.map(show) };
  }

  async get(caller: Caller, key: string): Promise<ShownSource> {
    return show(await this.require(caller, key));
  }

  async create(caller: Caller, input: Static<typeof SignalSourceInput>): Promise<NewSource> {
    const { key, vendor, project, name, allow, mode = 'dry_run', topics = [], mapping } = input;
    requirePermission(caller, 'safeguard:write', placeOf(project ?? null));
    checkSettings(vendor, project ?? null, input);
    const secret = this.#newSecret(vendor, input.secret);
    const { result } = await this.#dependencies.changes.commit(caller, async (draft) => {
      const projectId = project === undefined ? null : (await requireProject(draft.tx, project)).id;
      await draft.count('signal-sources');
      if ((await findSource(draft.tx, key)) !== undefined) {
        throw new ApiError(
          'conflict',
          `There is a source of signals "${key}" in this installation. Choose another key.`,
        );
      }
      const id = newId(draft.atMs);
      const row: SignalSourceRow = {
        id,
        key,
        name,
        vendor,
        project_id: projectId,
        allow: JSON.stringify(allow),
        mode,
        topics: JSON.stringify(topics),
        mapping: mapping ?? null,
        secret: this.#seal(id, secret),
        previous_secret: null,
        previous_until: null,
        version: 1,
        created_at: draft.atMs,
        updated_at: draft.atMs,
      };
      await insertSource(draft.tx, row);
      const made = { ...row, project: project ?? null };
      await draft.audit({ action: 'signal-source.created', ...targetOf(made), after: describe(made) });
      return made;
    });
    return { ...show(result), secret: input.secret === undefined ? secret : null };
  }

  /** @param ifVersion the version that the caller has seen; undefined: whatever it is */
  async update(
    caller: Caller,
    key: string,
    patch: Static<typeof SignalSourcePatch>,
    ifVersion: number | undefined,
  ): Promise<ShownSource> {
    return this.#change(caller, key, async (draft, before) => {
      const { allow, topics, ...columns } = patch;
      checkSettings(before.vendor as Vendor, before.project, patch);
      await refuseOutdated(draft.tx, ifVersion, { ...targetOf(before), version: before.version });
      const after: SourceWithProject = {
        ...before,
        ...columns,
        ...(allow === undefined ? {} : { allow: JSON.stringify(allow) }),
        ...(topics === undefined ? {} : { topics: JSON.stringify(topics) }),
        version: before.version + 1,
        updated_at: draft.atMs,
      };
      const { project: _, ...row } = after;
      await updateSource(draft.tx, before.id, row);
      await draft.audit({
        action: 'signal-source.updated',
        ...targetOf(before),
        before: describe(before),
        after: describe(after),
      });
      return show(after);
    });
  }

  /** Together with what it sent. */
  async remove(caller: Caller, key: string): Promise<void> {
    await this.#change(caller, key, async (draft, before) => {
      await deleteSource(draft.tx, before.id);
      await draft.audit({ action: 'signal-source.deleted', ...targetOf(before), before: describe(before) });
    });
  }

  /** From now on messages are believed by the new secret and, for a while, by the one before. */
  async rotateSecret(
    caller: Caller,
    key: string,
    { secret: given, overlapHours = OVERLAP_HOURS }: Static<typeof SignalSecretInput>,
  ): Promise<RotatedSecret> {
    return this.#change(caller, key, async (draft, before) => {
      const vendor = before.vendor as Vendor;
      if (!hasSecret(vendor)) {
        throw new ApiError('conflict', 'SNS proves its messages by a certificate: there is no secret to rotate.');
      }
      if (MAKES_SECRET.has(vendor) && given === undefined) {
        throw validationFailed([{ path: 'secret', message: `must be the one that ${vendor} shows` }]);
      }
      const secret = this.#newSecret(vendor, given);
      const untilMs = before.secret === null || overlapHours === 0 ? null : draft.atMs + overlapHours * HOUR_MS;
      await updateSource(draft.tx, before.id, {
        secret: this.#seal(before.id, secret),
        previous_secret: untilMs === null ? null : before.secret,
        previous_until: untilMs,
        updated_at: draft.atMs,
      });
      await draft.audit({ action: 'signal-source.secret-rotated', ...targetOf(before), after: { overlapHours } });
      return {
        vendor,
        secret: given === undefined ? secret : null,
        previousUntil: untilMs === null ? null : toTimestamp(untilMs),
      };
    });
  }

  /**
   * A source that the caller may see: those of the installation are seen by who may read signals anywhere.
   * @param permission what they want to do with it
   * @throws {ApiError} `not_found`, as if it were not there; `forbidden`
   */
  async require(
    caller: Caller,
    key: string,
    permission: Permission = 'signal:read',
    db: Querier = this.#dependencies.database,
  ): Promise<SourceWithProject> {
    const row = await findSource(db, key);
    const place = placeOf(row?.project ?? null);
    const isSeen = row !== undefined && caller.can('signal:read', row.project === null ? 'anywhere' : place);
    if (row === undefined || !isSeen) throw notFound(`source of signals "${key}"`);
    if (permission !== 'signal:read') requirePermission(caller, permission, place);
    return row;
  }

  async #change<T>(
    caller: Caller,
    key: string,
    work: (draft: Draft, before: SourceWithProject) => Promise<T>,
  ): Promise<T> {
    const { result } = await this.#dependencies.changes.commit(caller, async (draft) => {
      // First, so that changes of sources come one after the other.
      await draft.count('signal-sources');
      return work(draft, await this.require(caller, key, 'safeguard:write', draft.tx));
    });
    return result;
  }

  #newSecret(vendor: Vendor, given: string | undefined): string | null {
    if (given !== undefined && !MAKES_SECRET.has(vendor)) {
      throw validationFailed([{ path: 'secret', message: `is made here for ${vendor}; leave it out` }]);
    }
    return given ?? (MAKES_SECRET.has(vendor) || !hasSecret(vendor) ? null : newWebhookSecret());
  }

  #seal(id: string, secret: string | null): string | null {
    return secret === null ? null : this.#dependencies.vault.seal(secretPurpose(id), secret);
  }
}

interface Settings {
  readonly allow?: { readonly projects?: readonly string[] };
  readonly topics?: readonly string[];
  readonly mapping?: string | null;
}

/** @throws {ApiError} `validation_failed` */
function checkSettings(vendor: Vendor, project: string | null, { allow, topics = [], mapping }: Settings): void {
  if (project !== null && allow?.projects !== undefined && allow.projects.join() !== project) {
    throw validationFailed([{ path: 'allow.projects', message: `may only be "${project}"; leave it out` }]);
  }
  if (topics.length > 0 && vendor !== 'cloudwatch') {
    throw validationFailed([{ path: 'topics', message: 'are of cloudwatch only' }]);
  }
  if (mapping === undefined || mapping === null) return;
  if (vendor !== 'generic') throw validationFailed([{ path: 'mapping', message: 'is of generic sources only' }]);
  compileMapping(mapping);
}

export function placeOf(project: string | null): Pick<Place, 'project'> {
  return project === null ? {} : { project };
}

function targetOf({ key, project }: SourceWithProject) {
  return { ...(project === null ? {} : { project }), target: { kind: 'signal-source', key } };
}

/** For audit events. */
function describe({ version, ...row }: SourceWithProject) {
  const { id: _, key: __, ...settings } = toSource({ version, ...row });
  return { ...settings, version };
}

function show(row: SourceWithProject): ShownSource {
  const { key, name, vendor, project, secret, previous_until, version, created_at, updated_at } = row;
  const { allow, mode, topics, mapping } = toSource(row);
  return {
    key,
    name,
    vendor: vendor as Vendor,
    project,
    // Copied: what is kept is not to be changed.
    allow: structuredClone(allow) as ShownSource['allow'],
    mode,
    topics: [...topics],
    mapping: mapping ?? null,
    hasSecret: secret !== null,
    previousUntil: previous_until === null ? null : toTimestamp(previous_until),
    version,
    createdAt: toTimestamp(created_at),
    updatedAt: toTimestamp(updated_at),
  };
}
