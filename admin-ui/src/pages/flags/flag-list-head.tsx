import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { Environment } from '../../api/types.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { ProtectedMark } from '../../environments/protection.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { classNames } from '../../ui/class-names.ts';
import { headCellShape } from './table-shape.ts';

interface FlagListHeadProps {
  environments: readonly Environment[];
  loaded: number;
  chosen: number;
  onChooseAll: ((all: boolean) => void) | undefined;
}

/** The names of the columns. Each cell names itself, so screen readers are told only of the box. */
export function FlagListHead({ environments, loaded, chosen, onChooseAll }: FlagListHeadProps) {
  return (
    <div className="hidden border-line border-b bg-sunken md:grid md:grid-cols-(--columns)">
      <span className="grid place-items-center">
        {onChooseAll && (
          <Checkbox
            label={t`Choose ${plural(loaded, { one: '# loaded flag', other: '# loaded flags' })}`}
            checked={chosen > 0 && chosen === loaded}
            mixed={chosen > 0 && chosen < loaded}
            onChange={onChooseAll}
          />
        )}
      </span>
      <span aria-hidden className={classNames(headCellShape, 'ps-1')}>
        <Trans>Flag</Trans>
      </span>
      {environments.map((environment) => (
        <span
          key={environment.key}
          aria-hidden
          className={classNames(
            headCellShape,
            'gap-1',
            environment.production && 'border-production-line border-x bg-production-soft',
          )}
        >
          <EnvironmentName environment={environment} />
          <ProtectedMark environment={environment} />
        </span>
      ))}
      <span aria-hidden className={headCellShape}>
        <Trans>Health</Trans>
      </span>
      <span aria-hidden className={headCellShape}>
        <Trans>Changed</Trans>
      </span>
    </div>
  );
}
