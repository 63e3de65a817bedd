import { Trans } from '@lingui/react/macro';
import type { Webhook } from '../../api/types.ts';
import { Badge } from '../../ui/badge.tsx';
import { wordOf } from '../../ui/code-words.ts';

/** Whether it is sent to, and whether that works. */
export function WebhookState({ webhook: { format, enabled, failingSince } }: { webhook: Webhook }) {
  return (
    <>
      <Badge look="muted">{wordOf(format)}</Badge>
      {!enabled && (
        <Badge look="danger">
          <Trans>off</Trans>
        </Badge>
      )}
      {enabled && failingSince !== null && (
        <Badge look="danger">
          <Trans>failing</Trans>
        </Badge>
      )}
    </>
  );
}
