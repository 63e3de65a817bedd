import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { promotionQuery } from '../../api/promotions.ts';
import type { Environment, Flag, Project, PromotionPart } from '../../api/types.ts';
import { FromToSelect } from '../../environments/from-to-select.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { LoadingNote, Skeleton } from '../../ui/skeleton.tsx';
import { TryAgain } from '../../ui/try-again.tsx';
import { PromotionForm } from './promotion-form.tsx';
import { partOf } from './promotion-part.ts';

interface PromoteDialogProps {
  project: Project;
  flag: Flag;
  from: Environment;
  to: Environment;
  onChoose: (from: string, to: string) => void;
  onClose: () => void;
}

/** Compares how two environments serve a flag, and copies from one to the other what one chooses. */
export function PromoteDialog({ project, flag, from, to, onChoose, onClose }: PromoteDialogProps) {
  const place = { project: project.key, flag: flag.key, from: from.key, to: to.key };
  const [without, setWithout] = useState<readonly PromotionPart[]>([]);
  const all = useQuery(promotionQuery(place));
  const differing = [...new Set(all.data?.edits.map(partOf) ?? [])];
  return (
    <Dialog open onClose={onClose} width="wide" production={to.production} title={t`Promote ${flag.key}`}>
      <div className="px-5 pt-4">
        <FromToSelect environments={project.environments} from={from} to={to} onChoose={onChoose} />
      </div>
      {all.isPending && (
        <div className="flex flex-col gap-3 px-5 py-5">
          <LoadingNote what={t`the comparison`} />
          <Skeleton className="w-64" />
          <Skeleton className="w-80 max-w-full" />
        </div>
      )}
      {all.isLoadingError && (
        <div className="p-5">
          <TryAgain title={t`They cannot be compared`} error={all.error} onRetry={() => void all.refetch()} />
        </div>
      )}
      {all.data && differing.length === 0 && (
        <p role="status" className="px-5 py-5 text-ink-2">
          <Trans>
            {to.name} serves it as {from.name} does: there is nothing to promote.
          </Trans>
        </p>
      )}
      {all.data && differing.length > 0 && (
        <PromotionForm
          key={`${from.key} ${to.key}`}
          place={place}
          flag={flag}
          to={to}
          differing={differing}
          without={without}
          onLeaveOut={setWithout}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}
