import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { commentOn, entriesQuery } from '../../api/change-requests.ts';
import type { ChangeRequest, ChangeRequestEntry } from '../../api/types.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { TextArea } from '../../ui/field.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { toastFailed } from '../../ui/toast.tsx';

const refreshMs = 5_000;

/** What was said about a change request, and a place to say more. */
export function Conversation({ project, request }: { project: string; request: ChangeRequest }) {
  const client = useQueryClient();
  const entries = useQuery({ ...entriesQuery(project, request.id), refetchInterval: refreshMs });
  const [text, setText] = useState('');
  const send = useMutation({
    mutationFn: () => commentOn(project, request.id, text.trim()),
    onSuccess: () => setText(''),
    onError: (error) => toastFailed({ title: t`Your comment was not kept`, error }),
    onSettled: () => client.invalidateQueries({ queryKey: entriesQuery(project, request.id).queryKey }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== '') send.mutate();
  };
  return (
    <Panel title={t`Conversation`}>
      <Loaded from={entries} what={t`what was said`}>
        {(items) =>
          items.length === 0 ? (
            <p className="px-4 py-3 text-ink-3 text-xs">
              <Trans>Nobody has said anything yet.</Trans>
            </p>
          ) : (
            <ol aria-label={t`What was said`}>
              {items.map((entry) => (
                <Entry key={entry.id} entry={entry} />
              ))}
            </ol>
          )
        }
      </Loaded>
      <form
        onSubmit={submit}
        aria-label={t`New comment`}
        className="flex items-end gap-2 border-line border-t px-4 py-3"
      >
        <TextArea label={t`Comment`} placeholder={t`Comment`} value={text} onChange={setText} />
        <Button type="submit" busy={send.isPending}>
          <Trans>Comment</Trans>
        </Button>
      </form>
    </Panel>
  );
}

const deeds = { comment: msg`said`, approval: msg`approved it`, rejection: msg`rejected it` } as const;

function Entry({ entry: { kind, by, body, isCurrent, createdAt } }: { entry: ChangeRequestEntry }) {
  return (
    <li className="flex flex-col gap-0.5 border-line border-b px-4 py-2.5 last:border-b-0">
      <p className="flex flex-wrap items-center gap-2 text-xs">
        <span className="font-medium">{by.name}</span>
        <span className="text-ink-2">{t(deeds[kind])}</span>
        {kind !== 'comment' && !isCurrent && (
          <Badge look="muted">
            <Trans>of what it said before</Trans>
          </Badge>
        )}
        <span className="text-ink-3">
          <RelativeTime at={createdAt} />
        </span>
      </p>
      {body !== '' && <p className="whitespace-pre-wrap break-words">{body}</p>}
    </li>
  );
}
