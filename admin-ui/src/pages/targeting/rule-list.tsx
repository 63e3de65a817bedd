import type { Rule } from '@bunting/core';
import { arrayMove } from '@dnd-kit/sortable';
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Plus } from 'lucide-react';
import { useCallback, useLayoutEffect, useMemo, useRef } from 'react';
import { emptyComparison } from '../../conditions/condition-view.ts';
import { Button } from '../../ui/button.tsx';
import { SortableList } from '../../ui/sortable-list.tsx';
import { useEditor } from './editor-context.ts';
import { type RuleAct, RuleCard } from './rule-card.tsx';
import { newRuleId } from './rule-id.ts';

interface RuleListProps {
  rules: readonly Rule[];
  /** Those that are served now. */
  stored: readonly Rule[];
  offVariant: string;
  onChange: (rules: Rule[]) => void;
}

/** The rules in their order: the first that matches decides. Dragged by the handle, with the pointer or the keyboard. */
export function RuleList({ rules, stored, offVariant, onChange }: RuleListProps) {
  const { flag } = useEditor();
  const latest = useRef({ rules, onChange });
  useLayoutEffect(() => {
    latest.current = { rules, onChange };
  });
  const onAct = useCallback((act: RuleAct) => latest.current.onChange(afterAct(latest.current.rules, act)), []);
  const order = rules.map(({ id }) => id).join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: `order` stands for the ids
  const ids = useMemo(() => rules.map(({ id }) => id), [order]);
  const add = () => {
    const first = flag.variants[0]?.name ?? '';
    onChange([...rules, { id: newRuleId(), when: { all: [emptyComparison] }, serve: { variant: first } }]);
  };
  return (
    <div className="flex flex-col gap-3">
      <SortableList ids={ids} what={t`rule`} onMove={(from, to) => onChange(arrayMove([...rules], from, to))}>
        <ol aria-label={t`Rules`} className="flex flex-col gap-3">
          {rules.map((rule, at) => (
            <RuleCard
              key={rule.id}
              rule={rule}
              stored={stored.find(({ id }) => id === rule.id)}
              at={at}
              count={rules.length}
              offVariant={offVariant}
              onAct={onAct}
            />
          ))}
        </ol>
      </SortableList>
      <div>
        <Button onClick={add}>
          <Trans>
            <Plus aria-hidden />
            Add rule
          </Trans>
        </Button>
      </div>
    </div>
  );
}

function afterAct(rules: readonly Rule[], act: RuleAct): Rule[] {
  switch (act.kind) {
    case 'change':
      return rules.map((other) => (other.id === act.rule.id ? act.rule : other));
    case 'move':
      return arrayMove(
        [...rules],
        rules.findIndex(({ id }) => id === act.id),
        act.to,
      );
    case 'copy':
      return rules.flatMap((rule) => (rule.id === act.id ? [rule, { ...rule, id: newRuleId() }] : [rule]));
    case 'remove':
      return rules.filter(({ id }) => id !== act.id);
  }
}
