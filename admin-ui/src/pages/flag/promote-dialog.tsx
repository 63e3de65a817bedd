import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { promotionQuery } from '../../api/promotions.ts';
import type { Environment, Flag, Project, PromotionPart } from '../../api/types.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Select } from '../../ui/select.tsx';
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
  const others = (not: string) =>
    project.environments.filter(({ key }) => key !== not).map(({ key, name }) => ({ value: key, label: name }));
  return (
    <Dialog open onClose={onClose} width="wide" title={t`Promote ${flag.key}`}>
      {to.production && <div className="hazard-edge mt-3 h-1.5" aria-hidden />}
      <div className="flex items-center gap-2 px-5 pt-4">
        <div className="min-w-0 flex-1">
          <Select
            label={t`From`}
            value={from.key}
            options={others(to.key)}
            onChange={(next) => onChoose(next, to.key)}
          />
        </div>
        <ArrowRight className="size-4 shrink-0 text-ink-3" aria-hidden />
        <div className="min-w-0 flex-1">
          <Select
            label={t`To`}
            value={to.key}
            options={others(from.key)}
            onChange={(next) => onChoose(from.key, next)}
          />
        </div>
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
