import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button } from '../../ui/button.tsx';
import { MomentInput } from '../../ui/moment-input.tsx';

interface MomentFieldProps {
  /** ISO 8601; undefined: none is asked. */
  value: string | undefined;
  onChange: (moment: string | undefined) => void;
}

/** Chooses a moment of the past, for who knows when something was seen and not what was served then. */
export function MomentField({ value, onChange }: MomentFieldProps) {
  return (
    <div className="flex flex-col gap-1">
      <div className="flex min-h-8 items-center gap-2">
        <span className="font-medium text-xs">
          <Trans>At a moment</Trans>
        </span>
        {value !== undefined && (
          <Button look="quiet" onClick={() => onChange(undefined)}>
            <Trans>Now</Trans>
          </Button>
        )}
      </div>
      <span className="flex items-center gap-2 text-ink-3 text-xs">
        <MomentInput label={t`At a moment, in UTC`} value={value} onChange={onChange} />
        <Trans>UTC</Trans>
      </span>
    </div>
  );
}
