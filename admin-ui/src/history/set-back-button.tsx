import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { History } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useMay } from '../api/permissions.ts';
import type { Environment } from '../api/types.ts';
import { Button } from '../ui/button.tsx';
import { formatNumber } from '../ui/format.ts';

/** Read when something is first set back: it evaluates flags. */
const SetBackDialog = lazy(async () => ({ default: (await import('./set-back-dialog.tsx')).SetBackDialog }));

interface SetBackButtonProps {
  project: string;
  flag: string;
  environment: Environment;
  /** Of the change: what was served before it is what the flag is set back to. */
  revision: number;
}

/** Offers to set a flag back to what was served before a change; nothing to who may not. */
export function SetBackButton({ project, flag, environment, revision }: SetBackButtonProps) {
  const [isOpen, setOpen] = useState(false);
  const may = useMay(project, environment.key);
  const before = revision - 1;
  if (before < 1 || !may('history:revert') || !may('targeting:write')) return null;
  return (
    <>
      <Button
        look="quiet"
        className="h-6 px-1.5 text-xs"
        aria-label={t`Set back to before this: ${flag} in ${environment.name} to revision ${formatNumber(before)}`}
        onClick={() => setOpen(true)}
      >
        <Trans>
          <History aria-hidden />
          Set back to before this
        </Trans>
      </Button>
      {isOpen && (
        <Suspense>
          <SetBackDialog {...{ project, flag, environment, revision: before }} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
