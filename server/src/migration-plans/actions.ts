import type { Check, CheckStep, Definition, Step } from './definition.ts';
import { before, comparePhases, type MigrationPhase, stageOf } from './phase.ts';
import type { Move } from './state.ts';

/** What can be done at once, and again without harm. */
export type Action =
  | { readonly kind: 'step'; readonly step: Exclude<Step, CheckStep> }
  /** The flag serves this, and to a kill `safe`. */
  | { readonly kind: 'serve'; readonly stage: string; readonly safe: string }
  /** Every instance is known to obey what is served. */
  | { readonly kind: 'confirm' }
  /** What instances had begun before has ended. */
  | { readonly kind: 'settle'; readonly seconds: number }
  | { readonly kind: 'check'; readonly check: Check };

/**
 * The actions of a move, in order. Forward: what is new is made ready before code uses it, and looked at before the phase
 * counts as reached. Back: code stops using it before it is undone.
 */
export function actionsOf(definition: Definition, { direction, phase }: Pick<Move, 'direction' | 'phase'>): Action[] {
  const { up = [], down = [], verify = [] } = definition.phases[phase] ?? {};
  const steps = (list: readonly Step[]) =>
    list.map((step): Action => ('check' in step ? { kind: 'check', check: step.check } : { kind: 'step', step }));
  const checks = verify.map((check) => ({ kind: 'check', check }) as const);
  const { flag, settleSeconds = DEFAULT_SETTLE_SECONDS } = definition;
  const obeyed: Action[] = [{ kind: 'confirm' }, { kind: 'settle', seconds: settleSeconds }];
  const serve = (stages: readonly Served[]) =>
    flag === undefined ? [] : stages.flatMap((each): Action[] => [{ kind: 'serve', ...each }, ...obeyed]);
  if (direction === 'down') return [...serve(servedBack(definition, phase)), ...steps(down)];
  return [...steps(up), ...serve(servedOn(definition, phase)), ...checks];
}

const DEFAULT_SETTLE_SECONDS = 5;

interface Served {
  /** A stage of migrations; of replicated tables, a variant. */
  readonly stage: string;
  /** What a kill leads to. */
  readonly safe: string;
}

/** What a kill leads to is brought up first, so that never more than two neighbours can be served. */
function servedOn(definition: Definition, phase: MigrationPhase): Served[] {
  const [was, is] = [served(definition, before(phase)), served(definition, phase)];
  if (was.stage === is.stage) return [];
  return was.safe === was.stage ? [is] : [{ stage: was.stage, safe: was.stage }, is];
}

/** Right from wherever a move forward was turned back; what a kill leads to is taken back last. */
function servedBack(definition: Definition, phase: MigrationPhase): Served[] {
  const { stage, safe } = served(definition, before(phase));
  if (served(definition, phase).stage === stage) return [];
  return safe === stage
    ? [{ stage, safe }]
    : [
        { stage, safe: stage },
        { stage, safe },
      ];
}

/**
 * What the flag of a plan serves in a phase. A kill while what is new answers lets what is old answer again: it is still
 * written. In all other phases a kill changes nothing, for the stages beside them lose writes or are no better.
 */
export function served({ replication }: Pick<Definition, 'replication'>, phase: MigrationPhase): Served {
  if (replication !== undefined) {
    const variant = comparePhases(phase, 'read_new') < 0 ? replication.variants.old : replication.variants.new;
    return { stage: variant, safe: variant };
  }
  const stage = stageOf(phase);
  return { stage, safe: phase === 'read_new' ? stageOf('shadow_read') : stage };
}
