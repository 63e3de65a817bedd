import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { ChangeRequestState } from '../../api/types.ts';

interface StateWords {
  readonly name: MessageDescriptor;
  /** What it means for whoever waits for it. */
  readonly says: MessageDescriptor;
  readonly look: 'plain' | 'muted' | 'danger';
}

/** The states of change requests, in words. */
export const stateWords: Readonly<Record<ChangeRequestState, StateWords>> = {
  draft: { name: msg`draft`, says: msg`Nobody is asked to approve it yet.`, look: 'muted' },
  open: { name: msg`waits for approval`, says: msg`Others read it and approve or reject it.`, look: 'plain' },
  approved: {
    name: msg`approved`,
    says: msg`Enough others approved what it says now: it can be applied.`,
    look: 'plain',
  },
  rejected: { name: msg`rejected`, says: msg`It may be changed and proposed again.`, look: 'danger' },
  conflicted: {
    ...{ name: msg`conflicted`, look: 'danger' },
    says: msg`What it changes is not what it was when it was written: rebase it on what is there now.`,
  },
  applied: { name: msg`applied`, says: msg`Its changes are made.`, look: 'muted' },
  cancelled: { name: msg`given up`, says: msg`Nothing becomes of it.`, look: 'muted' },
};

export const states = Object.keys(stateWords) as ChangeRequestState[];
