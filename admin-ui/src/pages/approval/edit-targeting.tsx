import type { Targeting } from '@bunting/core';
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { SlidersHorizontal } from 'lucide-react';
import { useState } from 'react';
import { sessionQuery } from '../../api/session.ts';
import type { ChangeRequest, FlagEnvironment } from '../../api/types.ts';
import { targetingPath } from '../../paths.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { keepDraft, readDraft } from '../targeting/kept-draft.ts';

interface EditTargetingProps {
  project: string;
  request: ChangeRequest;
  flag: string;
  environment: string;
  /** What is there now, and what the request makes of it. */
  state: FlagEnvironment;
  base: Targeting;
  mine: Targeting;
}

/** Leads to the editor of targeting, with what the request proposes there as the draft: reviewing it changes the request. */
export function EditTargeting({ project, request, flag, environment, state, base, mine }: EditTargetingProps) {
  const navigate = useNavigate();
  const { data: user } = useQuery(sessionQuery);
  const [isAsking, setAsking] = useState(false);
  if (!user) return null;
  const place = { user: user.id, project, flag, environment };
  const go = () => void navigate(targetingPath(project, flag, environment));
  const begin = () => {
    const { id, title, version } = request;
    keepDraft(place, { version: state.version, base, mine, comment: '', request: { id, title, version } });
    go();
  };
  const ask = () => {
    const kept = readDraft(place)?.request;
    if (kept?.id === request.id && kept.version === request.version) go();
    else if (readDraft(place) === undefined) begin();
    else setAsking(true);
  };
  return (
    <>
      <Button onClick={ask}>
        <Trans>
          <SlidersHorizontal aria-hidden />
          Edit what it proposes
        </Trans>
      </Button>
      <ConfirmDialog
        open={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={begin}
        look="danger"
        title={t`Discard your draft of ${flag}?`}
        confirmLabel={t`Discard it and edit this`}
      >
        <p>
          <Trans>You have begun to edit it here, and have not saved that. One draft of it is kept in this tab.</Trans>
        </p>
      </ConfirmDialog>
    </>
  );
}
