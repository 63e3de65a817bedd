import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
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
  readonly label: MessageDescriptor;
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
  readonly words: MessageDescriptor;
}

/** What the navigation, the palette and the shortcuts lead to, in order. A page that a project has once has its line here. */
export const areas: readonly Area[] = [
  {
    label: msg`Flags`,
    part: 'flags',
    icon: Flag,
    path: flagsPath,
    key: 'f',
    permission: 'flag:read',
    words: msg`features toggles list`,
  },
  {
    ...{ label: msg`Segments`, part: 'flags', icon: UsersRound, path: segmentsPath, key: 'e', permission: 'flag:read' },
    words: msg`groups users keys lists beta testers`,
  },
  {
    ...{ label: msg`Graph`, part: 'flags', icon: Network, path: graphPath, key: 'v', permission: 'flag:read' },
    words: msg`dependencies prerequisites depends uses map`,
  },
  {
    ...{
      label: msg`Playground`,
      part: 'flags',
      icon: FlaskConical,
      path: playgroundPath,
      key: 'l',
      permission: 'flag:read',
    },
    words: msg`evaluate try test context time machine history trace why`,
  },
  {
    ...{
      label: msg`Releases`,
      part: 'releases',
      icon: Rocket,
      path: releasesPath,
      key: 'r',
      permission: 'release:read',
    },
    words: msg`rollout stages progressive canary`,
  },
  {
    ...{
      label: msg`Traffic targets`,
      part: 'releases',
      icon: Split,
      path: trafficTargetsPath,
      key: 't',
      permission: 'release:read',
    },
    words: msg`load balancer haproxy nginx caddy gateway argo flagger weights canary`,
  },
  {
    ...{
      label: msg`Migration plans`,
      part: 'releases',
      icon: DatabaseZap,
      path: migrationPlansPath,
      key: 'm',
      permission: 'release:read',
    },
    words: msg`database schema expand contract backfill sql postgres`,
  },
  {
    ...{
      label: msg`Approvals`,
      part: 'releases',
      icon: ListChecks,
      path: approvalsPath,
      key: 'a',
      permission: 'flag:read',
    },
    words: msg`change requests review approve reject proposals`,
  },
  {
    ...{
      label: msg`Schedules`,
      part: 'releases',
      icon: CalendarClock,
      path: schedulesPath,
      key: 'd',
      permission: 'flag:read',
    },
    words: msg`calendar freezes planned later windows`,
  },
  {
    ...{ label: msg`On call`, part: 'operation', icon: Siren, path: onCallPath, key: 'o', permission: 'flag:read' },
    words: msg`kills killed re-arm stop the line time to kill interventions fire drills`,
  },
  {
    ...{
      label: msg`Safeguards`,
      part: 'operation',
      icon: ShieldCheck,
      path: safeguardsPath,
      key: 'h',
      permission: 'signal:read',
    },
    words: msg`guards watch evidence verdicts coverage data sources prometheus sample ratio`,
  },
  {
    ...{
      label: msg`Signals`,
      part: 'operation',
      icon: RadioTower,
      path: signalsPath,
      key: 's',
      permission: 'signal:read',
    },
    words: msg`alerts sources inbox alertmanager grafana datadog webhook`,
  },
  {
    ...{
      label: msg`Instances`,
      part: 'operation',
      icon: Server,
      path: instancesPath,
      key: 'i',
      permission: 'flag:read',
    },
    words: msg`fleet services sdk versions hosts connected behind relays who runs what`,
  },
  {
    ...{
      label: msg`Audit log`,
      part: 'project',
      icon: ScrollText,
      path: auditPath,
      key: 'u',
      permission: 'audit:read',
    },
    words: msg`changes history who verify export events`,
  },
  {
    ...{
      label: msg`Webhooks`,
      part: 'project',
      icon: Webhook,
      path: webhooksPath,
      key: 'w',
      permission: 'webhook:write',
    },
    words: msg`notifications slack teams mail deliveries`,
  },
  {
    ...{ label: msg`People`, part: 'project', icon: UserCog, path: peoplePath, key: 'p', permission: 'people:read' },
    words: msg`users groups roles grants service accounts tokens access invite members`,
  },
  {
    ...{
      label: msg`Settings`,
      part: 'project',
      icon: Settings,
      path: settingsPath,
      key: ',',
      permission: 'project:read',
    },
    words: msg`project environments rename colour order protected sampling private proof delete new`,
  },
];
