import type { Permission } from '../../api/types.ts';

interface PermissionWords {
  /** Under which heading it stands. */
  readonly area: string;
  readonly words: string;
  /** It is of an environment, and can leave production out. */
  readonly byEnvironment?: true;
}

const flags = 'Flags';
const served = 'What is served';
const releases = 'Releases and safeguards';
const keys = 'Keys and contexts';
const review = 'Review and history';
const project = 'Projects';
const installation = 'The installation';
const byEnvironment = true;

/** Every permission, in the order in which people read them. A new one is missing here by type. */
export const permissionWords: Readonly<Record<Permission, PermissionWords>> = {
  'flag:read': { area: flags, words: 'Read flags, segments, kills, receipts and measurements' },
  'flag:write': { area: flags, words: 'Make flags; change what they are in all environments' },
  'flag:archive': { area: flags, words: 'Archive and restore flags' },
  'flag:comment': { area: flags, words: 'Comment on flags; keep views of their list' },
  'targeting:write': { area: served, words: 'Change whom a flag serves what; turn it on and off', byEnvironment },
  'segment:write': { area: served, words: 'Change segments', byEnvironment },
  'kill:engage': { area: served, words: 'Kill a flag; stop the line', byEnvironment },
  'kill:rearm': { area: served, words: 'End a kill; resume the line', byEnvironment },
  'release:read': { area: releases, words: 'Read releases' },
  'release:write': { area: releases, words: 'Start, steer and end releases', byEnvironment },
  'signal:read': { area: releases, words: 'Read signals, bindings, safeguards and what they did' },
  'safeguard:write': { area: releases, words: 'Change sources, bindings and safeguards; run fire drills' },
  'key:read': { area: keys, words: 'List SDK keys, never their secrets', byEnvironment },
  'key:write': { area: keys, words: 'Create, rotate and revoke SDK keys', byEnvironment },
  'contexts:read': { area: keys, words: 'Read sampled contexts and attributes', byEnvironment },
  'contexts:write': { area: keys, words: 'Choose what is sampled; remove samples', byEnvironment },
  'change:approve': { area: review, words: 'Approve the changes of others', byEnvironment },
  'change:bypass': { area: review, words: 'Apply a change without its approval, giving a reason', byEnvironment },
  'audit:read': { area: review, words: 'Read who changed what' },
  'history:revert': { area: review, words: 'Undo a change of the past' },
  'project:read': { area: project, words: 'See that a project is there, and its environments' },
  'project:write': { area: project, words: 'Make projects (of the installation); rename and delete them' },
  'environment:write': { area: project, words: 'Make, change and delete environments' },
  'webhook:write': { area: project, words: 'Read and change webhooks' },
  'people:read': { area: installation, words: 'List people, groups, service accounts and who has which role' },
  'people:write': { area: installation, words: 'Invite and remove people; change groups, roles and who has them' },
  'installation:write': { area: installation, words: 'Change what belongs to the whole installation' },
};

export interface PermissionArea {
  readonly title: string;
  readonly permissions: readonly Permission[];
}

const all = Object.keys(permissionWords) as Permission[];

/** The permissions under their headings. */
export const permissionAreas: readonly PermissionArea[] = [...new Set(all.map((one) => permissionWords[one].area))].map(
  (title) => ({ title, permissions: all.filter((one) => permissionWords[one].area === title) }),
);
