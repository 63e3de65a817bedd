import type { SubjectKind } from './api/people.ts';
import type {
  ApprovalsSearch,
  AuditSearch,
  CompareSearch,
  ConnectSearch,
  ContextsSearch,
  DataSourcesSearch,
  FlagSearch,
  FlagsSearch,
  GraphSearch,
  InEnvironmentSearch,
  InstancesSearch,
  NewReleaseSearch,
  OnCallSearch,
  PeopleSearch,
  PlaygroundSearch,
  ReleasesSearch,
  SafeguardSearch,
  SafeguardsSearch,
  SchedulesSearch,
  SegmentsSearch,
  SettingsSearch,
  SignalsSearch,
} from './searches.ts';

/**
 * Every address of the application, once. `patterns` is what the route tree is made of; the functions build what
 * `<Link>` and `navigate` take. The lists keep their state (search, filters, the open dialog) in their address.
 */
export const patterns = {
  home: '/',
  setup: '/setup',
  signIn: '/sign-in',
  password: '/password',
  secondFactor: '/second-factor',
  project: '/projects/$project',
  flags: '/projects/$project/flags',
  flag: '/projects/$project/flags/$flag',
  compare: '/projects/$project/compare',
  connect: '/projects/$project/connect',
  targeting: '/projects/$project/flags/$flag/environments/$environment',
  releases: '/projects/$project/releases',
  newRelease: '/projects/$project/releases/new',
  release: '/projects/$project/releases/$release',
  trafficTargets: '/projects/$project/traffic-targets',
  trafficTarget: '/projects/$project/environments/$environment/traffic-targets/$target',
  migrationPlans: '/projects/$project/migration-plans',
  newMigrationPlan: '/projects/$project/migration-plans/new',
  migrationPlan: '/projects/$project/environments/$environment/migration-plans/$plan',
  editMigrationPlan: '/projects/$project/environments/$environment/migration-plans/$plan/edit',
  onCall: '/projects/$project/on-call',
  fireDrills: '/projects/$project/fire-drills',
  signals: '/projects/$project/signals',
  safeguards: '/projects/$project/safeguards',
  safeguard: '/projects/$project/environments/$environment/safeguards/$safeguard',
  verdict: '/projects/$project/environments/$environment/verdicts/$verdict',
  dataSources: '/projects/$project/data-sources',
  segments: '/projects/$project/segments',
  segment: '/projects/$project/environments/$environment/segments/$segment',
  approvals: '/projects/$project/approvals',
  approval: '/projects/$project/approvals/$request',
  schedules: '/projects/$project/schedules',
  schedule: '/projects/$project/schedules/$schedule',
  people: '/projects/$project/people',
  subject: '/projects/$project/people/$kind/$subject',
  playground: '/projects/$project/playground',
  contexts: '/projects/$project/contexts',
  account: '/projects/$project/account',
  webhooks: '/projects/$project/webhooks',
  webhook: '/projects/$project/webhooks/$webhook',
  audit: '/projects/$project/audit',
  auditCheckpoints: '/projects/$project/audit/checkpoints',
  auditEvent: '/projects/$project/audit/$event',
  instances: '/projects/$project/instances',
  graph: '/projects/$project/graph',
  settings: '/projects/$project/settings',
  keys: '/projects/$project/environments/$environment/keys',
} as const;

export function homePath() {
  return { to: patterns.home } as const;
}

/** `next` is where to go afterwards: a path of this application. */
export function signInPath(next?: string) {
  return { to: patterns.signIn, search: { next: next === '/' ? undefined : next } } as const;
}

export function secondFactorPath() {
  return { to: patterns.secondFactor } as const;
}

export function setupPath() {
  return { to: patterns.setup, search: {} } as const;
}

export function flagsPath(project: string, search: FlagsSearch = {}) {
  return { to: patterns.flags, params: { project }, search } as const;
}

export function flagPath(project: string, flag: string, search: FlagSearch = {}) {
  return { to: patterns.flag, params: { project, flag }, search } as const;
}

export function comparePath(project: string, search: CompareSearch = {}) {
  return { to: patterns.compare, params: { project }, search } as const;
}

/** From a flag to code that asks for it. */
export function connectPath(project: string, search: ConnectSearch = {}) {
  return { to: patterns.connect, params: { project }, search } as const;
}

/** How one environment serves the flag. */
export function targetingPath(project: string, flag: string, environment: string) {
  return { to: patterns.targeting, params: { project, flag, environment } } as const;
}

export function releasesPath(project: string, search: ReleasesSearch = {}) {
  return { to: patterns.releases, params: { project }, search } as const;
}

export function newReleasePath(project: string, search: NewReleaseSearch = {}) {
  return { to: patterns.newRelease, params: { project }, search } as const;
}

export function releasePath(project: string, release: string) {
  return { to: patterns.release, params: { project, release } } as const;
}

/** Those of one environment. */
export function trafficTargetsPath(project: string, search: InEnvironmentSearch = {}) {
  return { to: patterns.trafficTargets, params: { project }, search } as const;
}

export function trafficTargetPath(project: string, environment: string, target: string) {
  return { to: patterns.trafficTarget, params: { project, environment, target } } as const;
}

/** Those of one environment. */
export function migrationPlansPath(project: string, search: InEnvironmentSearch = {}) {
  return { to: patterns.migrationPlans, params: { project }, search } as const;
}

export function newMigrationPlanPath(project: string, search: InEnvironmentSearch = {}) {
  return { to: patterns.newMigrationPlan, params: { project }, search } as const;
}

export function migrationPlanPath(project: string, environment: string, plan: string) {
  return { to: patterns.migrationPlan, params: { project, environment, plan } } as const;
}

export function editMigrationPlanPath(project: string, environment: string, plan: string) {
  return { to: patterns.editMigrationPlan, params: { project, environment, plan } } as const;
}

export function onCallPath(project: string, search: OnCallSearch = {}) {
  return { to: patterns.onCall, params: { project }, search } as const;
}

/** Those of the environment that on-call is shown for. */
export function fireDrillsPath(project: string, search: OnCallSearch = {}) {
  return { to: patterns.fireDrills, params: { project }, search } as const;
}

export function signalsPath(project: string, search: SignalsSearch = {}) {
  return { to: patterns.signals, params: { project }, search } as const;
}

/** Those of an environment. */
export function safeguardsPath(project: string, search: SafeguardsSearch = {}) {
  return { to: patterns.safeguards, params: { project }, search } as const;
}

/** @param safeguard its id */
export function safeguardPath(project: string, environment: string, safeguard: string, search: SafeguardSearch = {}) {
  return { to: patterns.safeguard, params: { project, environment, safeguard }, search } as const;
}

/** @param verdict its id */
export function verdictPath(project: string, environment: string, verdict: string) {
  return { to: patterns.verdict, params: { project, environment, verdict } } as const;
}

export function dataSourcesPath(project: string, search: DataSourcesSearch = {}) {
  return { to: patterns.dataSources, params: { project }, search } as const;
}

export function segmentsPath(project: string, search: SegmentsSearch = {}) {
  return { to: patterns.segments, params: { project }, search } as const;
}

export function segmentPath(project: string, environment: string, segment: string) {
  return { to: patterns.segment, params: { project, environment, segment } } as const;
}

export function approvalsPath(project: string, search: ApprovalsSearch = {}) {
  return { to: patterns.approvals, params: { project }, search } as const;
}

/** @param request its id */
export function approvalPath(project: string, request: string) {
  return { to: patterns.approval, params: { project, request } } as const;
}

export function schedulesPath(project: string, search: SchedulesSearch = {}) {
  return { to: patterns.schedules, params: { project }, search } as const;
}

/** @param schedule its id */
export function schedulePath(project: string, schedule: string) {
  return { to: patterns.schedule, params: { project, schedule } } as const;
}

export function peoplePath(project: string, search: PeopleSearch = {}) {
  return { to: patterns.people, params: { project }, search } as const;
}

/** @param subject the id of a person, a group or a program */
export function subjectPath(project: string, kind: SubjectKind, subject: string) {
  return { to: patterns.subject, params: { project, kind, subject } } as const;
}

export function playgroundPath(project: string, search: PlaygroundSearch = {}) {
  return { to: patterns.playground, params: { project }, search } as const;
}

/** Whom an environment's flags were evaluated for. */
export function contextsPath(project: string, search: ContextsSearch = {}) {
  return { to: patterns.contexts, params: { project }, search } as const;
}

export function accountPath(project: string) {
  return { to: patterns.account, params: { project } } as const;
}

export function webhooksPath(project: string) {
  return { to: patterns.webhooks, params: { project } } as const;
}

/** @param webhook its id */
export function webhookPath(project: string, webhook: string) {
  return { to: patterns.webhook, params: { project, webhook } } as const;
}

export function auditPath(project: string, search: AuditSearch = {}) {
  return { to: patterns.audit, params: { project }, search } as const;
}

export function auditCheckpointsPath(project: string) {
  return { to: patterns.auditCheckpoints, params: { project } } as const;
}

/** @param event its id */
export function auditEventPath(project: string, event: string) {
  return { to: patterns.auditEvent, params: { project, event } } as const;
}

export function instancesPath(project: string, search: InstancesSearch = {}) {
  return { to: patterns.instances, params: { project }, search } as const;
}

export function graphPath(project: string, search: GraphSearch = {}) {
  return { to: patterns.graph, params: { project }, search } as const;
}

export function settingsPath(project: string, search: SettingsSearch = {}) {
  return { to: patterns.settings, params: { project }, search } as const;
}

export function keysPath(project: string, environment: string) {
  return { to: patterns.keys, params: { project, environment } } as const;
}

/** A `next` from an address, or the home page when it would, as browsers read it, lead out of this application. */
export function safeNext(next = ''): string {
  const here = 'http://here';
  if (!next.startsWith('/') || !URL.canParse(next, here)) return patterns.home;
  const { origin, pathname, search, hash } = new URL(next, here);
  // A path that begins with two slashes would name a host.
  return origin === here && !pathname.startsWith('//') ? `${pathname}${search}${hash}` : patterns.home;
}
