/**
 * Where a change request is. Open and approved differ by one thing: whether enough others approved what it says now. What
 * is applied or cancelled stays so.
 */
export const STATES = ['draft', 'open', 'approved', 'rejected', 'conflicted', 'applied', 'cancelled'] as const;
export type State = (typeof STATES)[number];

/** What happens to a change request. `edit` gives it new content, `rebase` takes the same anew on what is there. */
export const ACTIONS = ['open', 'edit', 'approve', 'reject', 'rebase', 'apply', 'cancel'] as const;
/** `conflict`: what it says was found not to go with what is there any more. */
export type Action = (typeof ACTIONS)[number] | 'conflict';

const OPEN: Readonly<Partial<Record<Action, State>>> = {
  edit: 'open',
  approve: 'open',
  reject: 'rejected',
  rebase: 'open',
  conflict: 'conflicted',
  apply: 'applied',
  cancel: 'cancelled',
};

/** What is not here cannot happen. `open` stands for approved, too, where enough have approved. */
const NEXT: Readonly<Record<State, Readonly<Partial<Record<Action, State>>>>> = {
  draft: { open: 'open', edit: 'draft', cancel: 'cancelled' },
  open: OPEN,
  approved: OPEN,
  rejected: { edit: 'open', cancel: 'cancelled' },
  conflicted: { edit: 'open', rebase: 'open', cancel: 'cancelled' },
  applied: {},
  cancelled: {},
};

/**
 * Where an action leads; undefined: it cannot be done in this state.
 * @param isApproved whether enough others have approved, after the action
 */
export function nextState(state: State, action: Action, isApproved: boolean): State | undefined {
  const next = NEXT[state][action];
  return next === 'open' && isApproved ? 'approved' : next;
}

/** What people can do in a state. */
export function actionsIn(state: State): (typeof ACTIONS)[number][] {
  return ACTIONS.filter((action) => NEXT[state][action] !== undefined);
}
