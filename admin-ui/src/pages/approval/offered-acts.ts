import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { RequestAct } from '../../api/change-requests.ts';
import type { ChangeRequest, Permission } from '../../api/types.ts';

/** What is asked about before it is done; editing opens a dialog of its own. */
export type AskedAct = RequestAct | 'schedule';
export type Act = AskedAct | 'edit';

interface ActWords {
  readonly label: MessageDescriptor;
  /** Said when it is done. */
  readonly done: MessageDescriptor;
  /** What will happen. */
  readonly says?: MessageDescriptor;
  /** What the person is asked for besides. */
  readonly asks?: 'comment' | 'reason' | 'moment';
  /** Changes what environments serve. */
  readonly isFelt?: true;
}

export const actWords: Readonly<Record<AskedAct, ActWords>> = {
  open: { label: msg`Ask for approval`, done: msg`Approval is asked for`, says: msg`Others can read and approve it.` },
  approve: {
    ...{ label: msg`Approve`, done: msg`Approved`, asks: 'comment' },
    says: msg`You approve what it says now. If it is changed, or would lead to something else, your approval ends.`,
  },
  reject: {
    ...{ label: msg`Reject`, done: msg`Rejected`, asks: 'reason' },
    says: msg`Earlier approvals end with it. Whoever wrote it may change it and ask again.`,
  },
  apply: {
    ...{ label: msg`Apply`, done: msg`Applied`, isFelt: true },
    says: msg`All of its changes are made together, at once, and pushed to every instance.`,
  },
  'break-glass': {
    ...{ label: msg`Apply without approval`, done: msg`Applied without approval`, asks: 'reason', isFelt: true },
    says: msg`All of its changes are made at once although approvals are missing. The audit log tells of it by an event of its own.`,
  },
  schedule: {
    ...{ label: msg`Apply at a time`, done: msg`It is scheduled`, asks: 'moment' },
    says: msg`It is applied then, if it is approved by then.`,
  },
  rebase: {
    ...{ label: msg`Rebase`, done: msg`Rebased` },
    says: msg`Its changes are taken anew on what is there now. Approvals stay only if they lead to the same.`,
  },
  cancel: {
    label: msg`Give up`,
    done: msg`Given up`,
    says: msg`Nothing becomes of it any more. This cannot be undone.`,
  },
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
    reject: !isOwn && may('change:approve'),
    schedule: may('targeting:write') && (state === 'open' || state === 'approved'),
    rebase: may('targeting:write'),
    edit: may('targeting:write'),
    cancel: isOwn || may('change:approve'),
    'break-glass': may('change:bypass') && !isApproved && isApplicable && actions.includes('apply'),
  };
  const known: readonly string[] = [...actions, 'schedule', 'break-glass'];
  return (Object.keys(offered) as Act[]).filter((act) => offered[act] && known.includes(act));
}
