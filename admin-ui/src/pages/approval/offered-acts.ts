import type { RequestAct } from '../../api/change-requests.ts';
import type { ChangeRequest, Permission } from '../../api/types.ts';

type Act = RequestAct | 'schedule';

interface ActWords {
  readonly label: string;
  /** Said when it is done. */
  readonly done: string;
  /** What will happen. */
  readonly says: string;
  /** What the person is asked for besides. */
  readonly asks?: 'comment' | 'reason' | 'moment';
  /** Changes what environments serve. */
  readonly isFelt?: true;
}

export const actWords: Readonly<Record<Act, ActWords>> = {
  open: { label: 'Ask for approval', done: 'Approval is asked for', says: 'Others can read and approve it.' },
  approve: {
    ...{ label: 'Approve', done: 'Approved', asks: 'comment' },
    says: 'You approve what it says now. If it is changed, or would lead to something else, your approval ends.',
  },
  reject: {
    ...{ label: 'Reject', done: 'Rejected', asks: 'reason' },
    says: 'Earlier approvals end with it. Whoever wrote it may change it and ask again.',
  },
  apply: {
    ...{ label: 'Apply', done: 'Applied', isFelt: true },
    says: 'All of its changes are made together, at once, and pushed to every instance.',
  },
  'break-glass': {
    ...{ label: 'Apply without approval', done: 'Applied without approval', asks: 'reason', isFelt: true },
    says: 'All of its changes are made at once although approvals are missing. The audit log tells of it by an event of its own.',
  },
  schedule: {
    ...{ label: 'Apply at a time', done: 'It is scheduled', asks: 'moment' },
    says: 'It is applied then, if it is approved by then.',
  },
  rebase: {
    ...{ label: 'Rebase', done: 'Rebased' },
    says: 'Its changes are taken anew on what is there now. Approvals stay only if they lead to the same.',
  },
  cancel: { label: 'Give up', done: 'Given up', says: 'Nothing becomes of it any more. This cannot be undone.' },
  edit: { label: 'Edit', done: 'Changed', says: '' },
};

interface Viewer {
  readonly may: (permission: Permission) => boolean;
  /** They wrote it. */
  readonly isOwn: boolean;
  /** Nothing but approvals stands against it now. */
  readonly isApplicable: boolean;
}

/** What whoever looks at a request is offered, the likeliest first. The server decides. */
export function offeredActs({ actions, state, approvals }: ChangeRequest, { may, isOwn, isApplicable }: Viewer): Act[] {
  const isApproved = approvals.every(({ given, required }) => given >= required);
  const offered: Readonly<Record<Act, boolean>> = {
    approve: !isOwn && may('change:approve'),
    apply: may('targeting:write') && isApproved && isApplicable,
    open: may('targeting:write'),
    rebase: may('targeting:write'),
    schedule: may('targeting:write') && (state === 'open' || state === 'approved'),
    reject: !isOwn && may('change:approve'),
    'break-glass': may('change:bypass') && !isApproved && isApplicable && actions.includes('apply'),
    cancel: isOwn || may('change:approve'),
    edit: false,
  };
  const known: readonly string[] = [...actions, 'schedule', 'break-glass'];
  return (Object.keys(offered) as Act[]).filter((act) => offered[act] && known.includes(act));
}
