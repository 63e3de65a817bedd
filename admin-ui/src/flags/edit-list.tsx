import {
  type Condition,
  describeEdit,
  type Serve,
  type ServeInput,
  type Targeting,
  type TargetingEdit,
} from '@bunting/core';
import { t } from '@lingui/core/macro';
import { ArrowRight } from 'lucide-react';
import type { Flag } from '../api/types.ts';
import { describeCondition } from './describe-condition.ts';
import { describeServe } from './describe-serve.ts';
import { firstOf } from './first-of.ts';

interface EditListProps {
  flag: Pick<Flag, 'type' | 'variants'>;
  /** What the edits are applied to. */
  base: Targeting;
  edits: readonly TargetingEdit[];
  label: string;
}

/** What edits mean, a sentence each, and where words alone say too little what was and what is to be. */
export function EditList({ flag, base, edits, label }: EditListProps) {
  const named = { rules: [...(base.rules ?? []), ...addedRules(edits)] };
  return (
    <ul aria-label={label} className="flex flex-col gap-1.5">
      {edits.map((edit, at) => {
        const detail = detailOf(edit, base, flag);
        return (
          <li key={at} className="min-w-0 border-edge border-s-2 ps-2.5">
            <p className="break-words">{describeEdit(edit, named)}</p>
            {detail && (
              <p className="flex flex-wrap items-baseline gap-x-1.5 text-ink-2 text-xs">
                {detail.before !== undefined && (
                  <>
                    <code className="min-w-0 break-words font-mono">{detail.before}</code>
                    <ArrowRight className="size-3 shrink-0 self-center text-ink-3" aria-label={t`becomes`} />
                  </>
                )}
                <code className="min-w-0 break-words font-mono text-ink">{detail.after}</code>
              </p>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function addedRules(edits: readonly TargetingEdit[]) {
  return edits.flatMap((edit) => (edit.kind === 'addRule' ? [{ ...edit.rule, serve: { variant: '' } }] : []));
}

function detailOf(edit: TargetingEdit, base: Targeting, flag: Pick<Flag, 'type' | 'variants'>) {
  const rule =
    'rule' in edit && typeof edit.rule === 'string' ? base.rules?.find(({ id }) => id === edit.rule) : undefined;
  switch (edit.kind) {
    case 'addRule':
      return { after: t`if ${words(edit.rule.when)}` };
    case 'updateRule':
      return edit.when && { before: rule && words(rule.when), after: words(edit.when) };
    case 'setRuleServe':
      return serves(rule?.serve, edit.serve, base, flag);
    case 'setDefaultServe':
      return serves(base.defaultRule, edit.serve, base, flag);
    case 'setTargets':
      return {
        before: describeTargets(base.targets ?? []),
        after: describeTargets(edit.targets),
      };
    default:
      return undefined;
  }
}

function words(when: Condition): string {
  return describeCondition(when);
}

function serves(
  before: ServeInput | undefined,
  after: ServeInput,
  { offVariant }: Targeting,
  flag: Pick<Flag, 'type' | 'variants'>,
) {
  const say = (serve: ServeInput | undefined) => {
    if (serve === undefined || ('split' in serve && 'weights' in serve.split)) return undefined;
    return describeServe(serve as Serve, flag, offVariant);
  };
  const [was, is] = [say(before), say(after)];
  return is === undefined ? undefined : { before: was, after: is };
}

function describeTargets(targets: readonly { readonly variant: string; readonly values: readonly string[] }[]): string {
  if (targets.length === 0) return t`nobody`;
  return targets
    .map(({ variant, values }) => {
      return `${variant}: ${firstOf(values)}`;
    })
    .join('; ');
}
