import type { Targeting } from '@bunting/core';
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Panel } from '../../ui/panel.tsx';
import { PrerequisiteFields } from './prerequisite-fields.tsx';
import { RuleList } from './rule-list.tsx';
import { ServeFields } from './serve-fields.tsx';
import { ServedFields } from './served-fields.tsx';
import { TargetFields } from './target-fields.tsx';

interface TargetingFormProps {
  mine: Targeting;
  /** What is served now. */
  base: Targeting;
  onChange: (change: Partial<Targeting>) => void;
}

/** The parts of a targeting, in the order in which they decide. */
export function TargetingForm({ mine, base, onChange }: TargetingFormProps) {
  const { rules = [], targets = [], prerequisites = [], defaultRule, offVariant } = mine;
  return (
    <>
      <Panel title={t`State`}>
        <ServedFields targeting={mine} onChange={onChange} />
      </Panel>
      <Panel title={t`Prerequisites`} note={t`All must hold, or the off variant is served.`}>
        <PrerequisiteFields prerequisites={prerequisites} onChange={onChange} />
      </Panel>
      <Panel title={t`Individual targets`} note={t`Tried before the rules.`}>
        <TargetFields targets={targets} onChange={onChange} />
      </Panel>
      <section aria-label={t`Targeting rules`} className="flex flex-col gap-3">
        <header className="flex flex-wrap items-baseline gap-x-3 px-1">
          <h2 className="font-semibold text-sm">
            <Trans>Rules</Trans>
          </h2>
          <p className="text-ink-3 text-xs">
            <Trans>From the top: the first that matches decides.</Trans>
          </p>
        </header>
        <RuleList
          rules={rules}
          stored={base.rules ?? []}
          offVariant={offVariant}
          onChange={(next) => onChange({ rules: next })}
        />
      </section>
      <Panel title={rules.length === 0 ? t`Everyone gets` : t`Everyone else gets`}>
        <div className="p-3">
          <ServeFields
            serve={defaultRule}
            stored={base.defaultRule}
            path="defaultRule"
            place={t`default rule`}
            offVariant={offVariant}
            onChange={(serve) => onChange({ defaultRule: serve })}
          />
        </div>
      </Panel>
    </>
  );
}
