import type { PasswordLink } from '../../api/types.ts';
import { baseUrl } from '../../base.ts';
import { CodeBlock } from '../../ui/code-block.tsx';

/** A link by which someone sets their password: to be sent to them by whatever means there are. */
export function OneTimeLink({ link: { path, expiresAt } }: { link: PasswordLink }) {
  return (
    <div className="flex flex-col gap-2">
      <CodeBlock title="One-time link, shown only here" code={`${new URL(baseUrl).origin}${path}`} />
      <p className="text-ink-3 text-xs">
        Send it to them. It works once, until {new Date(expiresAt).toLocaleString('en-GB')}, and sets their password.
      </p>
    </div>
  );
}
