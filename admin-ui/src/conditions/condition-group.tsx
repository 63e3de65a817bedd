import type { Condition } from '@bunting/core';
import type { MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Plus, X } from 'lucide-react';
import { buttonShape, IconButton } from '../ui/button.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { Select } from '../ui/select.tsx';
import { type ConditionView, conditionOf, emptyComparison, viewOf } from './condition-view.ts';
import { FindingNotes } from './finding-notes.tsx';
import { PartFields } from './part-fields.tsx';

type GroupView = ConditionView & { kind: 'group' };

interface ConditionGroupProps {
  view: GroupView;
  path: string;
  place: string;
  onChange: (view: GroupView) => void;
  /** Absent at the top of a rule. */
  onRemove?: () => void;
  /** At the top of a rule that is no group itself: its one part stands where the rule's condition does. */
  isBare?: boolean;
}

const words = [
  { value: 'all', label: msg`All of these hold` },
  { value: 'any', label: msg`Any of these holds` },
  { value: 'not any', label: msg`None of these holds` },
  { value: 'not all', label: msg`Not all of these hold` },
] as const;

const additions: readonly { readonly label: MessageDescriptor; readonly condition: Condition }[] = [
  { label: msg`Attribute`, condition: emptyComparison },
  { label: msg`Segment`, condition: { segment: '' } },
  { label: msg`Time`, condition: { during: {} } },
  { label: msg`Group`, condition: { any: [emptyComparison] } },
];

/** Conditions under one word. */
export function ConditionGroup({ view, path, place, onChange, onRemove, isBare = false }: ConditionGroupProps) {
  const { word, negated, parts } = view;
  const setParts = (next: Condition[]) => onChange({ ...view, parts: next });
  return (
    <fieldset aria-label={t`Group: ${place}`} className="flex min-w-0 flex-col gap-2">
      <div className="flex items-center gap-1.5">
        <div className="w-48">
          <Select
            label={t`How the conditions of ${place} go together`}
            value={`${negated ? 'not ' : ''}${word}` as const}
            options={words}
            onChange={(next) =>
              onChange({ ...view, negated: next.startsWith('not '), word: next.endsWith('all') ? 'all' : 'any' })
            }
          />
        </div>
        {onRemove && (
          <IconButton label={t`Remove the group ${place}`} onClick={onRemove}>
            <X aria-hidden />
          </IconButton>
        )}
      </div>
      <div className="flex min-w-0 flex-col gap-2 border-line border-s-2 ps-2.5">
        {parts.map((part, at) => (
          <ConditionPart
            key={at}
            condition={part}
            path={isBare ? path : `${path}.${word}[${at}]`}
            place={t`condition ${at + 1} of ${place}`}
            onChange={(next) => setParts(parts.map((other, index) => (index === at ? next : other)))}
            onRemove={() => setParts(parts.filter((_, index) => index !== at))}
          />
        ))}
        {parts.length === 0 && (
          <p className="text-ink-2 text-xs">
            {(word === 'all') === negated
              ? t`Nobody matches: there is no condition.`
              : t`Everyone matches: there is no condition.`}
          </p>
        )}
        <div>
          <Menu
            label={t`Add a condition to ${place}`}
            triggerClassName={`${buttonShape} -ms-2 text-ink-2 hover:bg-hover hover:text-ink`}
            trigger={
              <Trans>
                <Plus aria-hidden />
                Condition
              </Trans>
            }
          >
            {additions.map(({ label, condition }) => (
              <MenuItem key={t(label)} onSelect={() => setParts([...parts, condition])}>
                {t(label)}
              </MenuItem>
            ))}
          </Menu>
        </div>
        {!isBare && <FindingNotes at={path} exactly />}
      </div>
    </fieldset>
  );
}

interface ConditionPartProps {
  condition: Condition;
  /** Where it is in the flag's document: `rules[0].when.all[1]`. */
  path: string;
  /** The same for people: "condition 2 of rule 1". */
  place: string;
  onChange: (condition: Condition) => void;
  onRemove: () => void;
}

/** One condition among others, whatever its kind. */
function ConditionPart({ condition, path, place, onChange, onRemove }: ConditionPartProps) {
  const view = viewOf(condition);
  const change = (next: ConditionView) => onChange(conditionOf(next));
  if (view.kind === 'group') {
    return (
      <ConditionGroup
        view={view}
        path={view.negated ? `${path}.not` : path}
        place={place}
        onChange={change}
        onRemove={onRemove}
      />
    );
  }
  return (
    <div className="flex flex-col gap-1.5 rounded-sm border border-line bg-canvas p-2">
      <div className="flex items-start gap-1.5">
        <PartFields view={view} place={place} onChange={change} />
        <IconButton label={t`Remove ${place}`} onClick={onRemove}>
          <X aria-hidden />
        </IconButton>
      </div>
      <FindingNotes at={path} />
    </div>
  );
}
