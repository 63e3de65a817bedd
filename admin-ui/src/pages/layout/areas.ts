import {
  CalendarClock,
  DatabaseZap,
  Flag,
  FlaskConical,
  ListChecks,
  type LucideIcon,
  Network,
  RadioTower,
  Rocket,
  ScrollText,
  Server,
  Settings,
  ShieldCheck,
  Siren,
  Split,
  UserCog,
  UsersRound,
  Webhook,
} from 'lucide-react';
import type { Permission } from '../../api/types.ts';
import {
  approvalsPath,
  auditPath,
  flagsPath,
  graphPath,
  instancesPath,
  migrationPlansPath,
  onCallPath,
  peoplePath,
  playgroundPath,
  releasesPath,
  safeguardsPath,
  schedulesPath,
  segmentsPath,
  settingsPath,
  signalsPath,
  trafficTargetsPath,
  webhooksPath,
} from '../../paths.ts';

export const areaParts = ['flags', 'releases', 'operation', 'project'] as const;

/** A part of the application that a project has once. */
export interface Area {
  readonly label: string;
  /** What it has to do with: the navigation keeps those of one part together. */
  readonly part: (typeof areaParts)[number];
  readonly icon: LucideIcon;
  readonly path: (
    project: string,
  ) => ReturnType<
    | typeof flagsPath
    | typeof releasesPath
    | typeof trafficTargetsPath
    | typeof migrationPlansPath
    | typeof onCallPath
    | typeof signalsPath
    | typeof safeguardsPath
    | typeof auditPath
    | typeof segmentsPath
    | typeof approvalsPath
    | typeof schedulesPath
    | typeof peoplePath
    | typeof playgroundPath
    | typeof webhooksPath
    | typeof instancesPath
    | typeof graphPath
    | typeof settingsPath
  >;
  /** Pressed after `g`, it leads there. */
  readonly key: string;
  /** Who lacks it is not shown the area. */
  readonly permission: Permission;
  /** Further words by which the palette finds it. */
  readonly words: string;
}

/** What the navigation, the palette and the shortcuts lead to, in order. A page that a project has once has its line here. */
export const areas: readonly Area[] = [
  {
    label: 'Flags',
    part: 'flags',
    icon: Flag,
    path: flagsPath,
    key: 'f',
    permission: 'flag:read',
    words: 'features toggles list',
  },
  {
    ...{ label: 'Segments', part: 'flags', icon: UsersRound, path: segmentsPath, key: 'e', permission: 'flag:read' },
    words: 'groups users keys lists beta testers',
  },
  {
    ...{ label: 'Graph', part: 'flags', icon: Network, path: graphPath, key: 'v', permission: 'flag:read' },
    words: 'dependencies prerequisites depends uses map',
  },
  {
    ...{
      label: 'Playground',
      part: 'flags',
      icon: FlaskConical,
      path: playgroundPath,
      key: 'l',
      permission: 'flag:read',
    },
    words: 'evaluate try test context time machine history trace why',
  },
  {
    ...{ label: 'Releases', part: 'releases', icon: Rocket, path: releasesPath, key: 'r', permission: 'release:read' },
    words: 'rollout stages progressive canary',
  },
  {
    ...{
      label: 'Traffic targets',
      part: 'releases',
      icon: Split,
      path: trafficTargetsPath,
      key: 't',
      permission: 'release:read',
    },
    words: 'load balancer haproxy nginx caddy gateway argo flagger weights canary',
  },
  {
    ...{
      label: 'Migration plans',
      part: 'releases',
      icon: DatabaseZap,
      path: migrationPlansPath,
      key: 'm',
      permission: 'release:read',
    },
    words: 'database schema expand contract backfill sql postgres',
  },
  {
    ...{
      label: 'Approvals',
      part: 'releases',
      icon: ListChecks,
      path: approvalsPath,
      key: 'a',
      permission: 'flag:read',
    },
    words: 'change requests review approve reject proposals',
  },
  {
    ...{
      label: 'Schedules',
      part: 'releases',
      icon: CalendarClock,
      path: schedulesPath,
      key: 'd',
      permission: 'flag:read',
    },
    words: 'calendar freezes planned later windows',
  },
  {
    ...{ label: 'On call', part: 'operation', icon: Siren, path: onCallPath, key: 'o', permission: 'flag:read' },
    words: 'kills killed re-arm stop the line time to kill interventions fire drills',
  },
  {
    ...{
      label: 'Safeguards',
      part: 'operation',
      icon: ShieldCheck,
      path: safeguardsPath,
      key: 'h',
      permission: 'signal:read',
    },
    words: 'guards watch evidence verdicts coverage data sources prometheus sample ratio',
  },
  {
    ...{
      label: 'Signals',
      part: 'operation',
      icon: RadioTower,
      path: signalsPath,
      key: 's',
      permission: 'signal:read',
    },
    words: 'alerts sources inbox alertmanager grafana datadog webhook',
  },
  {
    ...{ label: 'Instances', part: 'operation', icon: Server, path: instancesPath, key: 'i', permission: 'flag:read' },
    words: 'fleet services sdk versions hosts connected behind relays who runs what',
  },
  {
    ...{ label: 'Audit log', part: 'project', icon: ScrollText, path: auditPath, key: 'u', permission: 'audit:read' },
    words: 'changes history who verify export events',
  },
  {
    ...{ label: 'Webhooks', part: 'project', icon: Webhook, path: webhooksPath, key: 'w', permission: 'webhook:write' },
    words: 'notifications slack teams mail deliveries',
  },
  {
    ...{ label: 'People', part: 'project', icon: UserCog, path: peoplePath, key: 'p', permission: 'people:read' },
    words: 'users groups roles grants service accounts tokens access invite members',
  },
  {
    ...{ label: 'Settings', part: 'project', icon: Settings, path: settingsPath, key: ',', permission: 'project:read' },
    words: 'project environments rename colour order protected sampling private proof delete new',
  },
];
