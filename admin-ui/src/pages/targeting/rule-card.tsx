import type { Rule } from '@bunting/core';
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Copy, Ellipsis, Trash2 } from 'lucide-react';
import { memo } from 'react';
import { FindingNotes } from '../../conditions/finding-notes.tsx';
import { WhenFields } from '../../conditions/when-fields.tsx';
import { buttonShape } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { inputShape } from '../../ui/field.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { MoveItems } from '../../ui/move-items.tsx';
import { useSortableItem } from '../../ui/sortable-list.tsx';
import { ServeFields } from './serve-fields.tsx';

interface RuleCardProps {
  rule: Rule;
  /** The rule as it is served now; undefined: it is new. */
  stored: Rule | undefined;
  at: number;
  count: number;
  offVariant: string;
  /** Stays the same function, so that a key that is pressed in one rule renders only that one anew. */
  onAct: (act: RuleAct) => void;
}

/** What someone does to a rule, by its id. */
export type RuleAct =
  | { readonly kind: 'change'; readonly rule: Rule }
  | { readonly kind: 'move'; readonly id: string; readonly to: number }
  | { readonly kind: 'copy' | 'remove'; readonly id: string };

/**
 * Of more rules than these only those near the screen are laid out and painted: a key that is pressed then costs a
 * quarter. One that was not yet drawn counts as 17 rem high, as one with a single condition is.
 */
const alwaysDrawn = 20;

/** One rule: its place among the others, whom it is for, and what they get. */
export const RuleCard = memo(function RuleCard({ rule, stored, at, count, offVariant, onAct }: RuleCardProps) {
  const { ref, style, isDragging, handle } = useSortableItem(rule.id, t`Move rule ${at + 1}`);
  const onChange = (next: Rule) => onAct({ kind: 'change', rule: next });
  const { id } = rule;
  const place = t`rule ${at + 1}`;
  const path = `rules[${at}]`;
  const { name: _, ...unnamed } = rule;
  return (
    <li
      ref={ref}
      aria-label={rule.name === undefined ? t`Rule ${at + 1}` : t`Rule ${at + 1}: ${rule.name}`}
      style={style}
      className={classNames(
        'flex min-w-0 flex-col rounded-md border border-line bg-surface',
        count > alwaysDrawn && '[contain-intrinsic-block-size:auto_17rem] [content-visibility:auto]',
        isDragging && 'relative z-2 shadow-popup',
      )}
    >
      <header className="flex items-center gap-1.5 border-line border-b px-2 py-1.5">
        {handle}
        <span className="w-5 shrink-0 text-center text-ink-2 text-xs tabular-nums">{at + 1}</span>
        <input
          aria-label={t`Name of ${place}`}
          placeholder={t`Unnamed rule`}
          maxLength={200}
          value={rule.name ?? ''}
          onChange={({ target }) => onChange(target.value === '' ? unnamed : { ...rule, name: target.value })}
          className={classNames(
            inputShape,
            'h-8 flex-1 font-medium pointer-coarse:h-10 [&:not(:hover,:focus)]:border-transparent [&:not(:hover,:focus)]:shadow-none',
          )}
        />
        <Menu
          label={t`More for ${place}`}
          triggerClassName={`${buttonShape} w-8 px-0 text-ink-2 hover:bg-hover hover:text-ink pointer-coarse:w-10`}
          trigger={<Ellipsis aria-hidden />}
        >
          <MoveItems at={at} count={count} onMove={(to) => onAct({ kind: 'move', id, to })} />
          <MenuItem onSelect={() => onAct({ kind: 'copy', id })}>
            <Trans>
              <Copy aria-hidden />
              Duplicate
            </Trans>
          </MenuItem>
          <MenuItem danger onSelect={() => onAct({ kind: 'remove', id })}>
            <Trans>
              <Trash2 aria-hidden />
              Remove
            </Trans>
          </MenuItem>
        </Menu>
      </header>
      <div className="flex flex-col gap-4 p-3">
        <WhenFields
          when={rule.when}
          path={`${path}.when`}
          place={place}
          onChange={(when) => onChange({ ...rule, when })}
        />
        <div className="flex flex-col gap-2 border-line border-t pt-3">
          <p className="font-medium text-xs">
            <Trans>Serve</Trans>
          </p>
          <ServeFields
            serve={rule.serve}
            stored={stored?.serve}
            path={`${path}.serve`}
            place={place}
            offVariant={offVariant}
            onChange={(serve) => onChange({ ...rule, serve })}
          />
        </div>
        <FindingNotes at={path} exactly />
      </div>
    </li>
  );
});
