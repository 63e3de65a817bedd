import type { Stage } from '../flags/migration-stages.ts';
import type { Check, Definition, Step } from './definition.ts';
import { before, type MigrationPhase, stageOf } from './phase.ts';
import type { Move } from './state.ts';

/** What can be done at once, and again without harm. */
export type Action =
  | { readonly kind: 'step'; readonly step: Step }
  /** The flag serves this, and to a kill `safe`. */
  | { readonly kind: 'serve'; readonly stage: Stage; readonly safe: Stage }
  /** Every instance is known to obey what is served. */
  | { readonly kind: 'confirm' }
  | { readonly kind: 'check'; readonly check: Check };

/**
 * The actions of a move, in order. Forward: what is new is made ready before code uses it, and looked at before the phase
 * counts as reached. Back: code stops using it before it is undone.
 */
export function actionsOf(definition: Definition, { direction, phase }: Pick<Move, 'direction' | 'phase'>): Action[] {
  const { up = [], down = [], verify = [] } = definition.phases[phase] ?? {};
  const steps = (list: readonly Step[]) => list.map((step) => ({ kind: 'step', step }) as const);
  const checks = verify.map((check) => ({ kind: 'check', check }) as const);
  const isDriven = definition.flag !== undefined;
  if (direction === 'down') return [...(isDriven ? serveBack(phase, before(phase)) : []), ...steps(down)];
  return [...steps(up), ...(isDriven ? serveOn(before(phase), phase) : []), ...checks];
}

const CONFIRM: Action = { kind: 'confirm' };

/** What a kill leads to is brought up first, so that never more than two neighbours can be served. */
function serveOn(from: MigrationPhase, to: MigrationPhase): Action[] {
  const [was, is] = [served(from), served(to)];
  if (was.stage === is.stage) return [];
  const settle: Action[] =
    was.safe === was.stage ? [] : [{ kind: 'serve', stage: was.stage, safe: was.stage }, CONFIRM];
  return [...settle, { kind: 'serve', ...is }, CONFIRM];
}

/** Right from wherever a move forward was turned back; what a kill leads to is taken back last. */
function serveBack(from: MigrationPhase, to: MigrationPhase): Action[] {
  const { stage, safe } = served(to);
  if (served(from).stage === stage) return [];
  const back: Action[] = [{ kind: 'serve', stage, safe: stage }, CONFIRM];
  return safe === stage ? back : [...back, { kind: 'serve', stage, safe }];
}

/**
 * What the flag of a plan serves in a phase. A kill while what is new answers lets what is old answer again: it is still
 * written. In all other phases a kill changes nothing, for the stages beside them lose writes or are no better.
 */
export function served(phase: MigrationPhase): { readonly stage: Stage; readonly safe: Stage } {
  const stage = stageOf(phase);
  return { stage, safe: phase === 'read_new' ? stageOf('shadow_read') : stage };
}
