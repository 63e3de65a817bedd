import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { PasswordLink } from '../../api/types.ts';
import { baseUrl } from '../../base.ts';
import { manners } from '../../locales/locale.ts';
import { CodeBlock } from '../../ui/code-block.tsx';

/** A link by which someone sets their password: to be sent to them by whatever means there are. */
export function OneTimeLink({ link: { path, expiresAt } }: { link: PasswordLink }) {
  return (
    <div className="flex flex-col gap-2">
      <CodeBlock title={t`One-time link, shown only here`} code={`${new URL(baseUrl).origin}${path}`} />
      <p className="text-ink-3 text-xs">
        <Trans>
          Send it to them. It works once, until {new Date(expiresAt).toLocaleString(manners())}, and sets their
          password.
        </Trans>
      </p>
    </div>
  );
}
