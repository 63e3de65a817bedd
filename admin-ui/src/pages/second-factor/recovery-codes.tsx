import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { saveFile } from '../../api/download.ts';
import { sessionQuery } from '../../api/session.ts';
import { Button } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';

/** Codes that are shown this once, to be copied or kept as a file. */
export function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  const { data: user } = useQuery(sessionQuery);
  const list = codes.join('\n');
  const save = () => {
    const whose = t`Recovery codes of ${user?.email ?? ''} at ${location.host}. Each works once.`;
    saveFile(new Blob([`${whose}\n\n${list}\n`], { type: 'text/plain' }), 'bunting-recovery-codes.txt');
  };
  return (
    <>
      <CodeBlock title={t`Recovery codes`} code={list} />
      <div className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-2">
        <Button onClick={save}>
          <Trans>
            <Download aria-hidden />
            Save as text
          </Trans>
        </Button>
        <p className="min-w-0 flex-1 basis-48 text-ink-3 text-xs">
          <Trans>Keep them where you keep passwords. They are not shown again.</Trans>
        </p>
      </div>
    </>
  );
}
