import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';

interface OutdatedNoticeProps {
  /** The server's words: who has changed it, and when. */
  message: string;
  /** What they made of it is here. */
  isRead: boolean;
  onTheirs: () => void;
  onMine: () => void;
}

/** Someone else has saved the same draft: which of the two it is to be. */
export function OutdatedNotice({ message, isRead, onTheirs, onMine }: OutdatedNoticeProps) {
  return (
    <Notice title={t`Someone else has edited this draft meanwhile`}>
      <div className="flex flex-col items-start gap-2">
        <p>{message}</p>
        <div className="flex flex-wrap gap-2">
          <Button disabled={!isRead} onClick={onTheirs}>
            <Trans>Begin with theirs</Trans>
          </Button>
          <Button disabled={!isRead} onClick={onMine}>
            <Trans>Go on with mine, which replaces theirs when it is saved</Trans>
          </Button>
        </div>
      </div>
    </Notice>
  );
}
