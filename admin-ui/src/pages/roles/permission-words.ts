import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { Permission } from '../../api/types.ts';

interface PermissionWords {
  /** Under which heading it stands. */
  readonly area: MessageDescriptor;
  readonly words: MessageDescriptor;
  /** It is of an environment, and can leave production out. */
  readonly byEnvironment?: true;
}

const flags = msg`Flags`;
const served = msg`What is served`;
const releases = msg`Releases and safeguards`;
const keys = msg`Keys and contexts`;
const review = msg`Review and history`;
const project = msg`Projects`;
const installation = msg`The installation`;
const byEnvironment = true;

/** Every permission, in the order in which people read them. A new one is missing here by type. */
export const permissionWords: Readonly<Record<Permission, PermissionWords>> = {
  'flag:read': { area: flags, words: msg`Read flags, segments, kills, receipts and measurements` },
  'flag:write': { area: flags, words: msg`Make flags; change what they are in all environments` },
  'flag:archive': { area: flags, words: msg`Archive and restore flags` },
  'flag:comment': { area: flags, words: msg`Comment on flags; keep views of their list` },
  'targeting:write': { area: served, words: msg`Change whom a flag serves what; turn it on and off`, byEnvironment },
  'segment:write': { area: served, words: msg`Change segments`, byEnvironment },
  'kill:engage': { area: served, words: msg`Kill a flag; stop the line`, byEnvironment },
  'kill:rearm': { area: served, words: msg`End a kill; resume the line`, byEnvironment },
  'release:read': { area: releases, words: msg`Read releases` },
  'release:write': { area: releases, words: msg`Start, steer and end releases`, byEnvironment },
  'signal:read': { area: releases, words: msg`Read signals, bindings, safeguards and what they did` },
  'safeguard:write': { area: releases, words: msg`Change sources, bindings and safeguards; run fire drills` },
  'key:read': { area: keys, words: msg`List SDK keys, never their secrets`, byEnvironment },
  'key:write': { area: keys, words: msg`Create, rotate and revoke SDK keys`, byEnvironment },
  'contexts:read': { area: keys, words: msg`Read sampled contexts and attributes`, byEnvironment },
  'contexts:write': { area: keys, words: msg`Choose what is sampled; remove samples`, byEnvironment },
  'change:approve': { area: review, words: msg`Approve the changes of others`, byEnvironment },
  'change:bypass': { area: review, words: msg`Apply a change without its approval, giving a reason`, byEnvironment },
  'audit:read': { area: review, words: msg`Read who changed what` },
  'history:revert': { area: review, words: msg`Undo a change of the past` },
  'project:read': { area: project, words: msg`See that a project is there, and its environments` },
  'project:write': { area: project, words: msg`Make projects (of the installation); rename and delete them` },
  'environment:write': { area: project, words: msg`Make, change and delete environments` },
  'webhook:write': { area: project, words: msg`Read and change webhooks` },
  'people:read': { area: installation, words: msg`List people, groups, service accounts and who has which role` },
  'people:write': { area: installation, words: msg`Invite and remove people; change groups, roles and who has them` },
  'installation:write': { area: installation, words: msg`Change what belongs to the whole installation` },
};

export interface PermissionArea {
  readonly title: MessageDescriptor;
  readonly permissions: readonly Permission[];
}

const all = Object.keys(permissionWords) as Permission[];

/** The permissions under their headings. */
export const permissionAreas: readonly PermissionArea[] = [...new Set(all.map((one) => permissionWords[one].area))].map(
  (title) => ({ title, permissions: all.filter((one) => permissionWords[one].area === title) }),
);
