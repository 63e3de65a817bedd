import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { CodeBlock } from '../../ui/code-block.tsx';

/** Codes that are shown this once. */
export function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  return (
    <>
      <CodeBlock title={t`Recovery codes`} code={codes.join('\n')} />
      <p className="mt-3 text-ink-3 text-xs">
        <Trans>Keep them where you keep passwords. They are not shown again.</Trans>
      </p>
    </>
  );
}
