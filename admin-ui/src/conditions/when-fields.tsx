import type { Condition } from '@bunting/core';
import { ConditionGroup } from './condition-group.tsx';
import { conditionOf, topGroupOf, viewOf } from './condition-view.ts';

interface WhenFieldsProps {
  when: Condition;
  /** Where it is in its document: `rules[0].when`. */
  path: string;
  /** The same for people: "rule 1". */
  place: string;
  onChange: (when: Condition) => void;
}

/** A whole condition. One that is no group is shown as a group of one, and stays what it is until it becomes a group. */
export function WhenFields({ when, path, place, onChange }: WhenFieldsProps) {
  const top = topGroupOf(when);
  const isBare = viewOf(when).kind !== 'group';
  return (
    <ConditionGroup
      view={top}
      isBare={isBare}
      path={top.negated ? `${path}.not` : path}
      place={place}
      onChange={(view) => {
        const [only] = view.parts;
        const stays = isBare && view.parts.length === 1 && only && view.word === 'all' && !view.negated;
        onChange(stays ? only : conditionOf(view));
      }}
    />
  );
}
