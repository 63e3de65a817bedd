import { Trans } from '@lingui/react/macro';
import type { Webhook } from '../../api/types.ts';
import { wordOf } from '../../locales/code-words.ts';
import { Badge } from '../../ui/badge.tsx';

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
