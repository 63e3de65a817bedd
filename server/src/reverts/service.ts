import type { Flag as ServedFlag } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import { requirePermission } from '../access/guard.ts';
import type { Caller } from '../audit/actor.ts';
import type { AuditEvent } from '../audit/event.ts';
import type { Audit } from '../audit/service.ts';
import type { FlagEnvironmentPatch, FlagPatch } from '../flags/schemas.ts';
import type { Flags } from '../flags/service.ts';
import type { FlagChange, FlagPlace, FlagTargeting } from '../flags/targeting-service.ts';
import type { History } from '../history/service.ts';
import { notFound } from '../http/api-error.ts';
import type { SegmentInput } from '../segments/schemas.ts';
import type { SegmentPlace, Segments } from '../segments/service.ts';
import { notRevertible, revertConflict } from './conflict.ts';
import { inverseOf } from './inverse.ts';
import type { RevertSchema } from './schemas.ts';
import { keyEditsOf, type SegmentKeyEdits } from './segment-keys.ts';

type Document = Readonly<Record<string, unknown>>;

export interface RevertsDependencies {
  readonly audit: Audit;
  readonly history: History;
  readonly flags: Flags;
  readonly targeting: FlagTargeting;
  readonly segments: Segments;
  readonly segmentKeys: SegmentKeyEdits;
}

/** What is set back of each kind of document, and what stands for nothing in a patch of it. */
const FLAG_FIELDS = {
  key: undefined,
  name: undefined,
  description: '',
  kind: undefined,
  owner: null,
  tags: [],
  links: [],
  lifetimeDays: null,
  variants: undefined,
  schema: null,
  clientVisible: false,
};
const TARGETING_FIELDS = {
  enabled: false,
  offVariant: undefined,
  safeVariant: null,
  prerequisites: [],
  targets: [],
  rules: [],
  defaultRule: undefined,
  slices: false,
};
const SEGMENT_FIELDS = { name: undefined, by: undefined, when: undefined };

/** Something that undoes an event: what it would set back, and how. */
interface Undoing {
  readonly changes: readonly string[];
  apply(caller: Caller): Promise<unknown>;
}

/**
 * Undoes single changes of the past, as new changes: they are checked as all others are, and have audit events and revisions
 * of their own. What was changed again since is not touched: that is a conflict, and says by whom.
 */
export class Reverts {
  readonly #dependencies: RevertsDependencies;
  readonly #byAction: Readonly<Record<string, (event: AuditEvent) => Promise<Undoing>>>;

  constructor(dependencies: RevertsDependencies) {
    this.#dependencies = dependencies;
    this.#byAction = {
      'flag.updated': (event) => this.#flag(event),
      'flag.renamed': (event) => this.#flag(event),
      'flag.environment.updated': (event) => this.#targeting(event),
      'flag.created': (event) => this.#creation(event),
      'flag.archived': (event) => this.#archiving(event, false),
      'flag.restored': (event) => this.#archiving(event, true),
      'segment.created': (event) => this.#segmentCreation(event),
      'segment.updated': (event) => this.#segment(event),
      'segment.deleted': (event) => this.#segmentDeletion(event),
      'segment.keys.changed': (event) => this.#keys(event),
      'segment.keys.replaced': (event) => this.#keys(event),
      'segment.keys.cleared': (event) => this.#keys(event),
    };
  }

  /**
   * @param isPreview true: only says what it would do
   * @throws {ApiError} `revert_conflict`, `not_revertible`, or what the change itself is refused with
   */
  async revert(caller: Caller, id: string, isPreview: boolean): Promise<Static<typeof RevertSchema>> {
    const event = await this.#dependencies.audit.get(caller, id);
    requirePermission(caller, 'history:revert', placeOf(event));
    const undo = Object.hasOwn(this.#byAction, event.action) ? this.#byAction[event.action] : undefined;
    if (undo === undefined) {
      throw notRevertible(`What ${event.action} does is not undone by itself: do the opposite by hand.`);
    }
    const { changes, apply } = await undo(event);
    if (!isPreview && changes.length > 0) {
      const why = `Reverts ${event.id}${caller.comment === undefined ? '' : `: ${caller.comment}`}`;
      await apply({ ...caller, comment: why.slice(0, 1000) });
    }
    return { event: event.id, changes: [...changes] };
  }

  /** Sets a flag in an environment back to what a past revision served. */
  async setBack(caller: Caller, place: FlagPlace, revision: number, ifVersion?: number): Promise<FlagChange> {
    const { history, targeting } = this.#dependencies;
    const { items } = await history.items(place, revision, { kind: 'flag', key: place.flag });
    const served = items[0]?.document as ServedFlag | undefined;
    if (served === undefined) {
      throw notRevertible(`Revision ${revision} served no flag "${place.flag}" in ${place.environment}.`);
    }
    const {
      enabled,
      offVariant,
      safeVariant = null,
      prerequisites = [],
      targets = [],
      rules = [],
      defaultRule,
      slices = false,
    } = served;
    const patch = { enabled, offVariant, safeVariant, prerequisites, targets, rules, defaultRule, slices };
    const comment = caller.comment ?? `Sets back to revision ${revision}`;
    return targeting.update({ ...caller, comment }, place, patch as Static<typeof FlagEnvironmentPatch>, ifVersion);
  }

  async #flag(event: AuditEvent): Promise<Undoing> {
    const { flags } = this.#dependencies;
    const project = projectOf(event);
    const current = await flags.get(project, event.target.key);
    const { patch, changes } = await this.#inverse(event, current, FLAG_FIELDS);
    return {
      changes,
      apply: (caller) => flags.update(caller, project, current.key, patch as Static<typeof FlagPatch>, current.version),
    };
  }

  async #targeting(event: AuditEvent): Promise<Undoing> {
    const place = flagPlaceOf(event);
    const flag = await this.#dependencies.flags.get(place.project, place.flag);
    const current = flag.environments[place.environment];
    if (current === undefined) throw notFound(`environment "${place.environment}" in project "${place.project}"`);
    const { patch, changes } = await this.#inverse(event, current, TARGETING_FIELDS);
    return {
      changes,
      apply: (caller) =>
        this.#dependencies.targeting.update(
          caller,
          place,
          patch as Static<typeof FlagEnvironmentPatch>,
          current.version,
        ),
    };
  }

  /** A flag that nobody has touched since is archived: nothing is lost. */
  async #creation(event: AuditEvent): Promise<Undoing> {
    const flag = await this.#dependencies.flags.get(projectOf(event), event.target.key);
    const isTouched = flag.version > 1 || Object.values(flag.environments).some(({ version }) => version > 1);
    if (flag.archivedAt === null && isTouched) throw revertConflict(['version'], await this.#since(event));
    return this.#archiving(event, true);
  }

  async #archiving(event: AuditEvent, isArchived: boolean): Promise<Undoing> {
    const { flags } = this.#dependencies;
    const project = projectOf(event);
    const flag = await flags.get(project, event.target.key);
    return {
      changes: (flag.archivedAt !== null) === isArchived ? [] : ['archived'],
      apply: (caller) => flags.setArchived(caller, project, flag.key, isArchived, flag.version),
    };
  }

  async #segment(event: AuditEvent): Promise<Undoing> {
    const { segments } = this.#dependencies;
    const place = segmentPlaceOf(event);
    const current = await segments.get(place);
    const { patch, changes } = await this.#inverse(event, current, SEGMENT_FIELDS);
    const { name, by, when } = { ...current, ...patch } as Static<typeof SegmentInput>;
    return { changes, apply: (caller) => segments.put(caller, place, { name, by, when }, current.version) };
  }

  async #segmentCreation(event: AuditEvent): Promise<Undoing> {
    const { segments } = this.#dependencies;
    const place = segmentPlaceOf(event);
    const current = await segments.get(place);
    if (current.version !== (event.after as { version?: unknown }).version) {
      throw revertConflict(['version'], await this.#since(event));
    }
    return { changes: ['deleted'], apply: (caller) => segments.delete(caller, place, current.version) };
  }

  async #segmentDeletion(event: AuditEvent): Promise<Undoing> {
    const { segments } = this.#dependencies;
    const { name, by, when, includedCount, excludedCount } = event.before as Awaited<ReturnType<Segments['get']>>;
    if (includedCount + excludedCount > 0) {
      throw notRevertible(
        'The segment had keys: make it anew and put its keys, which are among the items of the revision before.',
      );
    }
    const place = segmentPlaceOf(event);
    const isThere = await segments.get(place).then(
      () => true,
      () => false,
    );
    if (isThere) throw revertConflict(['key'], await this.#since(event));
    return { changes: ['deleted'], apply: (caller) => segments.put(caller, place, { name, by, when }) };
  }

  async #keys(event: AuditEvent): Promise<Undoing> {
    const { history, segmentKeys } = this.#dependencies;
    const place = segmentPlaceOf(event);
    const made = event.revisions?.find(({ environment }) => environment === place.environment);
    if (made === undefined) throw notRevertible('It is not known which revision this made.');
    const before = await history.documents(place, made.number - 1);
    const after = await history.documents(place, made.number);
    const edits = keyEditsOf(place.segment, before, after);
    return {
      changes: edits.length === 0 ? [] : ['keys'],
      apply: async (caller) => {
        for (const edit of edits) await segmentKeys.change(caller, place, edit);
      },
    };
  }

  async #inverse(event: AuditEvent, current: object, fields: Document) {
    const { patch, conflicts } = inverseOf(
      event.before as Document,
      event.after as Document,
      current as Document,
      fields,
    );
    if (conflicts.length > 0) throw revertConflict(conflicts, await this.#since(event));
    return { patch, changes: Object.keys(patch) };
  }

  /** Later events of the same target, newest first. */
  async #since(event: AuditEvent): Promise<AuditEvent[]> {
    const events = await this.#dependencies.audit.findLater(event);
    return events.filter(({ environment }) => environment === event.environment);
  }
}

function placeOf({ project, environment }: AuditEvent) {
  return { ...(project === null ? {} : { project }), ...(environment === null ? {} : { environment }) };
}

function projectOf({ project, action }: AuditEvent): string {
  if (project === null) throw new Error(`${action} belongs to a project`);
  return project;
}

function flagPlaceOf(event: AuditEvent): FlagPlace {
  return { project: projectOf(event), environment: event.environment ?? '', flag: event.target.key };
}

function segmentPlaceOf(event: AuditEvent): SegmentPlace {
  return { project: projectOf(event), environment: event.environment ?? '', segment: event.target.key };
}
