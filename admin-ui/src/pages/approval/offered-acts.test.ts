import { expect, test } from 'vitest';
import type { ChangeRequest } from '../../api/types.ts';
import { offeredActs } from './offered-acts.ts';

const open = {
  ...{ state: 'open', actions: ['edit', 'approve', 'reject', 'rebase', 'apply', 'cancel'] },
  approvals: [{ environment: 'production', required: 1, given: 0 }],
} as unknown as ChangeRequest;
const approved = {
  ...open,
  state: 'approved',
  approvals: [{ environment: 'production', required: 1, given: 1 }],
} as ChangeRequest;
const all = { may: () => true, isOwn: false, isApplicable: true };

test('nobody is offered to approve or reject what they wrote, but they may give it up', () => {
  const offered = offeredActs(open, { ...all, isOwn: true, may: (permission) => permission !== 'change:bypass' });
  expect(offered).toEqual(['schedule', 'rebase', 'edit', 'cancel']);
});

test('applying is offered once it is approved and nothing stands against it; before, only by breaking the glass', () => {
  expect(offeredActs(open, all)).toContain('break-glass');
  expect(offeredActs(open, all)).not.toContain('apply');
  expect(offeredActs(approved, all)).toContain('apply');
  expect(offeredActs(approved, { ...all, isApplicable: false })).not.toContain('apply');
  expect(offeredActs(approved, all)).not.toContain('break-glass');
});

test('whoever may change flags may say it otherwise, for as long as it is not over', () => {
  const draft = { ...open, state: 'draft', actions: ['open', 'edit', 'cancel'] } as unknown as ChangeRequest;
  const may = (permission: string) => permission === 'targeting:write';
  expect(offeredActs(draft, { ...all, may })).toEqual(['open', 'edit']);
  expect(offeredActs(open, { ...all, may: (permission) => permission === 'change:approve' })).not.toContain('edit');
});

test('who may nothing, and what is over, is offered nothing', () => {
  expect(offeredActs(open, { ...all, may: () => false })).toEqual([]);
  expect(offeredActs({ ...open, state: 'applied', actions: [] }, { ...all, isOwn: true })).toEqual([]);
});
