import * as z from 'zod/mini';
import { ways } from './flags/connect-code.ts';
import { phases } from './releases/phase.ts';

/*
 * What addresses may say behind the question mark, page by page. Nonsense is dropped, never an error; absent is the
 * default of each.
 */
const text = z.catch(z.optional(z.string()), undefined);
const yes = z.catch(z.optional(z.literal(true)), undefined);
/** A day of the reader's calendar: `2026-11-21`. */
const day = z.catch(z.optional(z.iso.date()), undefined);
/** ISO 8601, with a zone. */
const moment = z.catch(z.optional(z.iso.datetime({ offset: true })), undefined);

export const connectSearch = z.object({
  /** The flag's key; absent: it is still to be made or chosen. */
  flag: text,
  environment: text,
  /** Absent: Node. */
  way: z.catch(z.optional(z.enum(ways)), undefined),
});
export type ConnectSearch = z.infer<typeof connectSearch>;

/** What the audit log is narrowed to. */
export const auditSearch = z.object({
  search: text,
  environment: text,
  /** Kind of what was changed: `segment`. */
  kind: text,
  /** Its key. */
  target: text,
  /** Id of who did it. */
  actor: text,
  /** `flag.killed` */
  action: text,
  /** Everything that was done in one step. */
  change: text,
  from: day,
  until: day,
  /** Not this project alone, but all that may be read. */
  everywhere: yes,
});
export type AuditSearch = z.infer<typeof auditSearch>;

/** What a list shows whose things are of one environment each. */
export const inEnvironmentSearch = z.object({
  /** Key; absent: the first. */
  environment: text,
  /** The dialog for a new one is open. */
  create: yes,
});
export type InEnvironmentSearch = z.infer<typeof inEnvironmentSearch>;

export const segmentsSearch = z.object({
  search: text,
  /** Key of the one whose segments are shown; absent: the first. */
  environment: text,
  /** The dialog for a new one is open. */
  create: yes,
});
export type SegmentsSearch = z.infer<typeof segmentsSearch>;

export const approvalsSearch = z.object({
  state: z.catch(
    z.optional(z.enum(['draft', 'open', 'approved', 'rejected', 'conflicted', 'applied', 'cancelled'])),
    undefined,
  ),
});
export type ApprovalsSearch = z.infer<typeof approvalsSearch>;

export const schedulesSearch = z.object({
  /** Absent: the calendar. */
  view: z.catch(z.optional(z.literal('list')), undefined),
  /** Of the calendar: `2026-11`; absent: this one. */
  month: z.catch(z.optional(z.string().check(z.regex(/^\d{4}-(0[1-9]|1[0-2])$/))), undefined),
});
export type SchedulesSearch = z.infer<typeof schedulesSearch>;

export const releasesSearch = z.object({
  search: text,
  environment: text,
  phase: z.catch(z.optional(z.enum(phases)), undefined),
});
export type ReleasesSearch = z.infer<typeof releasesSearch>;

export const newReleaseSearch = z.object({
  /** Key of the template that it is begun from; absent: it is to be chosen. */
  template: text,
  /** Id of the release that it is to be like; counts for more. */
  from: text,
  /** Id of the draft that is edited; counts for most. */
  edit: text,
});
export type NewReleaseSearch = z.infer<typeof newReleaseSearch>;

export const peopleSearch = z.object({
  /** Absent: people. */
  tab: z.catch(z.optional(z.enum(['groups', 'programs', 'roles', 'sign-in'])), undefined),
  search: text,
});
export type PeopleSearch = z.infer<typeof peopleSearch>;

export const instancesSearch = z.object({
  /** Key of the one whose instances are shown; absent: the first that is production, else the first. */
  environment: text,
  search: text,
  /** Only those that lack the newest revision. */
  behind: yes,
  /** Of these, an empty text asks for those that have none. */
  app: text,
  /** That was deployed. */
  version: text,
  /** Its name and version. */
  sdk: text,
  /** Id of the SDK key. */
  key: text,
  relay: text,
  /** Address of the server. */
  server: text,
});
export type InstancesSearch = z.infer<typeof instancesSearch>;

export const settingsSearch = z.object({
  /** The dialog for a new project is open. */
  create: yes,
});
export type SettingsSearch = z.infer<typeof settingsSearch>;

export const graphSearch = z.object({
  environment: text,
  /** The one that is looked at: `flag:checkout`. */
  node: text,
  /** Nothing is shown but that one, what it depends on, and what depends on it. */
  only: yes,
  /** Absent: the drawing. */
  view: z.catch(z.optional(z.literal('table')), undefined),
});
export type GraphSearch = z.infer<typeof graphSearch>;

const revision = z.catch(z.optional(z.int().check(z.nonnegative())), undefined);

export const playgroundSearch = z.object({
  environment: text,
  /** JSON, as it is typed; in an address that a person wrote it is read already. */
  context: z.catch(z.optional(z.union([z.string(), z.record(z.string(), z.unknown())])), undefined),
  /** Number of the revision that is asked; absent: the newest, as it is now. */
  revision,
  /** The moment that is asked instead of a revision. */
  at: moment,
  /** Number of the one that is compared with. */
  other: revision,
  /** What the answers are narrowed to: part of a flag's key, what is answered in words, the reason. */
  search: text,
  answer: text,
  reason: text,
  /** Where two revisions are compared: also flags that answer the same. */
  same: yes,
  /** The flag whose path is shown. */
  flag: text,
});
export type PlaygroundSearch = z.infer<typeof playgroundSearch>;

export const contextsSearch = z.object({
  /** Key of the one whose contexts are shown; absent: the first. */
  environment: text,
  search: text,
  /** Absent: whoever told of them. */
  source: z.catch(z.optional(z.enum(['server', 'page'])), undefined),
});
export type ContextsSearch = z.infer<typeof contextsSearch>;

const sight = z.catch(z.optional(z.enum(['watched', 'blind', 'unwatched'])), undefined);

export const safeguardsSearch = z.object({
  /** Key of the one whose safeguards are shown; absent: the first that is production, else the first. */
  environment: text,
  /** Which flags are listed by how they are watched; absent: those that are not. */
  sight,
  /** The dialog for a new one is open. */
  create: yes,
});
export type SafeguardsSearch = z.infer<typeof safeguardsSearch>;

export const safeguardSearch = z.object({
  /** It is edited. */
  edit: yes,
});
export type SafeguardSearch = z.infer<typeof safeguardSearch>;

export const dataSourcesSearch = z.object({
  /** Key of the one that is edited. */
  source: text,
  /** The dialog for a new one is open. */
  create: yes,
});
export type DataSourcesSearch = z.infer<typeof dataSourcesSearch>;

/** What the list of flags is narrowed to. */
export const flagsSearch = z.object({
  search: text,
  type: z.catch(z.optional(z.enum(['boolean', 'string', 'number', 'object'])), undefined),
  kind: z.catch(z.optional(z.enum(['release', 'experiment', 'operational', 'permission', 'migration'])), undefined),
  /** Exactly so, as is the tag. */
  owner: text,
  tag: text,
  /** Only those that are on in this environment. */
  on: text,
  /** Only those that are off in this environment; where both are said, `on` counts. */
  off: text,
  /** Only those that outlived what was expected of them. */
  stale: yes,
  /** Only those that are killed somewhere. */
  killed: yes,
  archived: yes,
  /** Newest change first; by key otherwise. */
  sort: z.catch(z.optional(z.literal('recent')), undefined),
  /** The dialog for a new flag is open. */
  create: yes,
});
export type FlagsSearch = z.infer<typeof flagsSearch>;

export const flagSearch = z.object({
  /** Two environments, by their keys, from one of which to the other it is promoted. */
  from: text,
  to: text,
  /** Of which it is shown what is served and what watches it; absent: the first that is production, else the first. */
  environment: text,
  /** The dialog for a new safeguard is open. */
  guard: yes,
  /** Key of the environment in which one is asked whether to re-arm it, where it is killed. */
  rearm: text,
});
export type FlagSearch = z.infer<typeof flagSearch>;

/** Two environments, by their keys, that are compared. Both or neither. */
export const compareSearch = z.object({
  from: text,
  to: text,
});
export type CompareSearch = z.infer<typeof compareSearch>;

/** What the pages for people on call show. */
export const onCallSearch = z.object({
  /** Whose past kills or drills are shown; absent: those of the first environment that is production, else of the first. */
  environment: text,
});
export type OnCallSearch = z.infer<typeof onCallSearch>;

export const signalsSearch = z.object({
  /** Key of the source whose signals and bindings are shown; absent: those of the first. */
  source: text,
  /** Key of the binding that is edited. */
  binding: text,
  /** The dialog for a new binding is open. */
  bind: yes,
  /** What the inbox is narrowed to. */
  search: text,
  state: z.catch(z.optional(z.enum(['matched', 'unmatched', 'malformed'])), undefined),
});
export type SignalsSearch = z.infer<typeof signalsSearch>;
