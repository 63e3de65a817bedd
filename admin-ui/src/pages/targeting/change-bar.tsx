import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button } from '../../ui/button.tsx';

interface ChangeBarProps {
  changes: number;
  /** What stands against saving. */
  errors: number;
  isBehind: boolean;
  /** There is JSON that cannot be served. */
  isUnfinished: boolean;
  onDiscard: () => void;
  onReview: () => void;
  onMerge: () => void;
}

/** Stays in sight for as long as something is edited and not saved. */
export function ChangeBar({ changes, errors, isBehind, isUnfinished, onDiscard, onReview, onMerge }: ChangeBarProps) {
  if (changes === 0 && !isUnfinished) return null;
  return (
    <section
      aria-label={t`Changes`}
      data-change-bar
      className="sticky bottom-3 z-3 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md bg-raised px-4 py-2.5 shadow-popup"
    >
      <p role="status" className="min-w-0 flex-1 basis-40 text-ink-2">
        {isUnfinished ? (
          <Trans>
            <strong className="font-medium text-ink">JSON that cannot be served yet</strong>, kept in this tab
          </Trans>
        ) : (
          <Trans>
            <strong className="font-medium text-ink">{plural(changes, { one: '# change', other: '# changes' })}</strong>{' '}
            not saved
          </Trans>
        )}
        {errors > 0 && (
          <span className="text-danger-ink">
            {' · '}
            {plural(errors, { one: '# error to mend first', other: '# errors to mend first' })}
          </span>
        )}
        {isBehind && (
          <span className="text-danger-ink">
            {' · '}
            <Trans>someone else saved meanwhile</Trans>
          </span>
        )}
      </p>
      <Button look="quiet" onClick={onDiscard}>
        <Trans>Discard</Trans>
      </Button>
      {isBehind ? (
        <Button look="primary" onClick={onMerge}>
          <Trans>See what changed</Trans>
        </Button>
      ) : (
        <Button look="primary" disabled={errors > 0 || isUnfinished} onClick={onReview}>
          <Trans>Review</Trans>
        </Button>
      )}
    </section>
  );
}
