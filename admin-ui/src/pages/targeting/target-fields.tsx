import type { Target, Targeting } from '@bunting/core';
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Plus, X } from 'lucide-react';
import { FindingNotes } from '../../conditions/finding-notes.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Select } from '../../ui/select.tsx';
import { SuggestInput } from '../../ui/suggest-input.tsx';
import { TokenInput } from '../../ui/token-input.tsx';
import { useEditor } from './editor-context.ts';

interface TargetFieldsProps {
  targets: readonly Target[];
  onChange: (change: Pick<Targeting, 'targets'>) => void;
}

/** Subjects that are named one by one, and what they get. */
export function TargetFields({ targets, onChange }: TargetFieldsProps) {
  const { flag, attributes } = useEditor();
  const set = (next: Target[]) => onChange({ targets: next });
  const change = (at: number, target: Target) => set(targets.map((other, index) => (index === at ? target : other)));
  const names = flag.variants.map(({ name }) => ({ value: name, label: name }));
  return (
    <div className="flex flex-col gap-2 p-3">
      {targets.map((target, at) => (
        <div key={at} className="flex flex-col gap-1.5">
          <div className="flex items-start gap-1.5">
            <div className="grid min-w-0 flex-1 gap-1.5 sm:grid-cols-[10rem_10rem_1fr]">
              <Select
                mono
                label={t`Variant of target ${at + 1}`}
                value={target.variant}
                options={names}
                onChange={(variant) => change(at, { ...target, variant })}
              />
              <SuggestInput
                label={t`Attribute of target ${at + 1}`}
                placeholder="targetingKey"
                value={target.attribute ?? ''}
                suggestions={attributes.map(({ path, type }) => ({ value: path, note: type }))}
                onChange={(attribute) => change(at, withAttribute(target, attribute))}
              />
              <TokenInput
                label={t`Subjects of target ${at + 1}`}
                placeholder={t`user id, then Enter`}
                tokens={target.values}
                onChange={(values) => change(at, { ...target, values })}
                parse={(text) => ({ token: text })}
                show={(value) => value}
              />
            </div>
            <IconButton
              label={t`Remove target ${at + 1}`}
              onClick={() => set(targets.filter((_, index) => index !== at))}
            >
              <X aria-hidden />
            </IconButton>
          </div>
          <FindingNotes at={`targets[${at}]`} />
        </div>
      ))}
      <div>
        <Button
          look="quiet"
          className="-ms-2"
          onClick={() => set([...targets, { variant: flag.variants[0]?.name ?? '', values: [] }])}
        >
          <Trans>
            <Plus aria-hidden />
            Target
          </Trans>
        </Button>
      </div>
    </div>
  );
}

function withAttribute({ values, variant }: Target, attribute: string): Target {
  return { ...(attribute !== '' && attribute !== 'targetingKey' && { attribute }), values, variant };
}
