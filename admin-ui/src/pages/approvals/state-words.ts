import type { ChangeRequestState } from '../../api/types.ts';

interface StateWords {
  readonly name: string;
  /** What it means for whoever waits for it. */
  readonly says: string;
  readonly look: 'plain' | 'muted' | 'danger';
}

/** The states of change requests, in words. */
export const stateWords: Readonly<Record<ChangeRequestState, StateWords>> = {
  draft: { name: 'draft', says: 'Nobody is asked to approve it yet.', look: 'muted' },
  open: { name: 'waits for approval', says: 'Others read it and approve or reject it.', look: 'plain' },
  approved: { name: 'approved', says: 'Enough others approved what it says now: it can be applied.', look: 'plain' },
  rejected: { name: 'rejected', says: 'It may be changed and proposed again.', look: 'danger' },
  conflicted: {
    ...{ name: 'conflicted', look: 'danger' },
    says: 'What it changes is not what it was when it was written: rebase it on what is there now.',
  },
  applied: { name: 'applied', says: 'Its changes are made.', look: 'muted' },
  cancelled: { name: 'given up', says: 'Nothing becomes of it.', look: 'muted' },
};

export const states = Object.keys(stateWords) as ChangeRequestState[];
