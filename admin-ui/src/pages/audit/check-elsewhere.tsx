import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Panel } from '../../ui/panel.tsx';

/** How the log is checked without trusting the server that shows it. */
export function CheckElsewhere() {
  return (
    <Panel title={t`Check it without this server`}>
      <div className="flex flex-col gap-3 px-4 py-3">
        <p className="max-w-200 text-ink-2">
          <Trans>
            A server sends its checkpoints where its settings say: it appends them to a file
            (BUNTING_AUDIT_CHECKPOINT_FILE), on a disk where nobody can rewrite them, or posts them to an address
            (BUNTING_AUDIT_CHECKPOINT_URL). With neither, they are only in its database, next to what they prove.
          </Trans>
        </p>
        <CodeBlock
          title={t`An export (Audit log, Export, Whole chains) against the file, with Node alone`}
          code="node verify-audit-export.mjs bunting-audit.ndjson --checkpoints checkpoints.ndjson"
        />
        <CodeBlock
          title={t`The database against the file, on the server`}
          code="npx bunting-server verify-audit --checkpoints checkpoints.ndjson"
        />
        <p className="text-ink-3 text-xs">
          <Trans>
            verify-audit-export.mjs is one file in the folder tools of @bunting/server. Both say what does not agree,
            and end with 1 then.
          </Trans>
        </p>
      </div>
    </Panel>
  );
}
