/** What a caller may do, and where it applies: a place is the installation, a project, or an environment of a project. */
export const PERMISSIONS = {
  'project:read': 'See that a project is there, its name and its environments',
  'project:write': 'Create projects (of the installation); rename and remove them',
  'environment:write': 'Create, change and remove environments',
  'flag:read': 'Read flags, segments, kills, receipts and measurements',
  'flag:write': 'Create flags; change what they are in all environments',
  'flag:archive': 'Archive and restore flags',
  'flag:comment': 'Comment on flags; keep views of their list',
  'targeting:write': 'Change whom a flag serves what in an environment, and turn it on and off',
  'segment:write': 'Change the segments of an environment',
  'kill:engage': 'Kill a flag: serve its safe variant to everyone at once; stop the line',
  'kill:rearm': 'End a kill; resume the line',
  'key:read': 'List SDK keys, never their secrets',
  'key:write': 'Create, rotate and revoke SDK keys',
  'release:read': 'Read releases',
  'release:write': 'Start, steer and end releases',
  'signal:read': 'Read sources of signals, bindings, safeguards, what they found and what they did',
  'safeguard:write': 'Change sources of signals, bindings and safeguards; run fire drills',
  'change:approve': 'Approve the change requests of others',
  'change:bypass': 'Apply a change without the approval that it needs, giving a reason',
  'audit:read': 'Read who changed what',
  'history:revert': 'Undo a change of the past',
  'contexts:read': 'Read sampled contexts and the attributes that were seen',
  'contexts:write': 'Choose what is sampled, and remove samples',
  'people:read': 'List people, groups, service accounts and who has which role',
  'people:write': 'Invite, disable and remove people; change groups, service accounts, roles and who has them',
  'webhook:write': 'Read and change webhooks and what was sent',
  'installation:write': 'Change what belongs to the whole installation, and keep it running',
} as const satisfies Readonly<Record<string, string>>;

export type Permission = keyof typeof PERMISSIONS;

/** Where something is done, by keys. Neither: in the installation itself. */
export interface Place {
  readonly project?: string;
  /** Of the project. */
  readonly environment?: string;
}

/** For messages: `environment "staging" of project "shop"`. */
export function describePlace({ project, environment }: Place): string {
  if (project === undefined) return 'this installation';
  return environment === undefined ? `project "${project}"` : `environment "${environment}" of project "${project}"`;
}
