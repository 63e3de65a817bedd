import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { CreatedKey } from '../../api/types.ts';
import { baseUrl } from '../../base.ts';
import { connectCode } from '../../flags/connect-code.ts';
import { Button } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { DialogActions } from '../../ui/dialog.tsx';

/** A new key's secret, once. */
export function KeySecret({ created, onDone }: { created: CreatedKey; onDone: () => void }) {
  return (
    <>
      <div className="flex flex-col gap-4 px-5 py-4">
        <div className="flex items-center gap-2 rounded-sm border border-edge bg-sunken p-1.5 ps-3">
          <output aria-label={t`Secret`} className="min-w-0 flex-1 select-all break-all font-mono text-xs">
            {created.secret}
          </output>
          <CopyButton text={created.secret} label={t`Copy secret`} />
        </div>
        {created.kind === 'server' && (
          <CodeBlock
            title={t`Connect a service, with the secret in BUNTING_SDK_KEY`}
            code={connectCode('node', { url: baseUrl, flag: 'new-checkout', type: 'boolean' })}
          />
        )}
      </div>
      <DialogActions>
        <Button look="primary" onClick={onDone}>
          <Trans>I have stored it</Trans>
        </Button>
      </DialogActions>
    </>
  );
}
