import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { trySample } from '../../api/signals.ts';
import type { SignalSource } from '../../api/types.ts';
import { Button } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Field, TextArea } from '../../ui/field.tsx';
import { TryAgain } from '../../ui/try-again.tsx';
import { ForeseenList } from './foreseen-list.tsx';
import { readLabels } from './read-labels.ts';

const example = 'alertname=CheckoutErrors\nflag=new-checkout\nenvironment=production';

/** Lets the server make a message as the vendor would send it, and says what it would lead to now. */
export function SampleDialog({ source, onClose }: { source: SignalSource; onClose: () => void }) {
  const [text, setText] = useState(example);
  const [problem, setProblem] = useState<string>();
  const attempt = useMutation({ mutationFn: (labels: Record<string, string>) => trySample(source.key, labels) });
  return (
    <Dialog
      open
      onClose={onClose}
      width="wide"
      title={t`A sample of ${source.name}`}
      description={t`A message as ${source.vendor} sends it, made here. Nothing is done, and nothing recorded.`}
    >
      <form
        noValidate
        aria-label={t`Sample`}
        onSubmit={(event) => {
          event.preventDefault();
          const read = readLabels(text);
          if ('problem' in read) return setProblem(read.problem);
          attempt.mutate(read.labels);
        }}
      >
        <div className="flex flex-col gap-4 px-5 py-4">
          <Field label={t`Labels`} hint={t`name=value, one a line.`} error={problem}>
            <TextArea
              mono
              rows={4}
              value={text}
              onChange={(next) => {
                setText(next);
                setProblem(undefined);
              }}
            />
          </Field>
          {attempt.isError && (
            <TryAgain
              title={t`It could not be tried`}
              error={attempt.error}
              onRetry={() => attempt.mutate(attempt.variables)}
            />
          )}
          {attempt.data && (
            <section aria-label={t`If it came now`} aria-live="polite" className="flex min-w-0 flex-col gap-3">
              <ForeseenList tried={attempt.data} />
              <details className="text-xs">
                <summary className="w-fit cursor-pointer rounded-xs text-ink-3 hover:text-ink">
                  <Trans>The message</Trans>
                </summary>
                <div className="mt-1.5">
                  <CodeBlock title={t`Body`} code={attempt.data.body} />
                </div>
              </details>
            </section>
          )}
        </div>
        <DialogActions>
          <Button onClick={onClose}>
            <Trans>Close</Trans>
          </Button>
          <Button type="submit" look="primary" busy={attempt.isPending}>
            <Trans>Try it</Trans>
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
