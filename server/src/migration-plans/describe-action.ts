import type { Action } from './actions.ts';
import type { CheckStep, Step } from './definition.ts';

const MAX_LENGTH = 300;

/** What an action does, in a line for people. */
export function describeAction(action: Action): string {
  switch (action.kind) {
    case 'serve':
      return `Let the flag serve ${action.stage}${action.safe === action.stage ? '' : `, and ${action.safe} when it is killed`}`;
    case 'confirm':
      return 'Wait until every instance obeys';
    case 'settle':
      return `Wait ${action.seconds} s, until what was begun before has ended`;
    case 'check':
      if ('same' in action.check) return oneLine(`Check that both databases answer the same: ${action.check.same}`);
      return 'sql' in action.check
        ? oneLine(`Check${sideOf(action.check)}: ${action.check.sql}`)
        : `Check that reads agree: ${action.check.reads.minCompared} at least, ${action.check.reads.maxMismatchedPer100k / 1_000} % of them may differ`;
    case 'step':
      return oneLine(describeStep(action.step));
  }
}

function describeStep(step: Exclude<Step, CheckStep>): string {
  if ('sql' in step) return `SQL${sideOf(step)}: ${step.sql}`;
  if ('sequencesOf' in step)
    return `Bring the sequences of ${step.sequencesOf.join(', ')} to where the ${step.from} side has them`;
  if ('backfill' in step) return `Backfill${sideOf(step)}: ${step.backfill}`;
  return 'webhook' in step ? `Call ${step.webhook}` : `Run ${step.command}`;
}

function sideOf({ on }: { readonly on?: 'old' | 'new' }): string {
  return on === 'new' ? ' in the new database' : '';
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH - 1)}…` : line;
}
