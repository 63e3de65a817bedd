import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { deleteFlagComment, editFlagComment, refreshComments } from '../../api/flag-comments.ts';
import { useMay } from '../../api/permissions.ts';
import { sessionQuery } from '../../api/session.ts';
import type { FlagComment } from '../../api/types.ts';
import { manners } from '../../locales/locale.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { toastFailed } from '../../ui/toast.tsx';
import { CommentForm } from './comment-form.tsx';

/** One comment; who wrote it can change and delete it, who looks after the project can delete it. */
export function Comment({ project, flag, comment }: { project: string; flag: string; comment: FlagComment }) {
  const { id, author, body, createdAt, editedAt } = comment;
  const client = useQueryClient();
  const { data: user } = useQuery(sessionQuery);
  const may = useMay(project);
  const [text, setText] = useState<string>();
  const [asking, setAsking] = useState(false);
  const onSettled = () => refreshComments(client, project, flag);
  const edit = useMutation({
    mutationFn: (next: string) => editFlagComment(project, flag, id, next),
    onSuccess: () => setText(undefined),
    onError: (error) => toastFailed({ title: t`Your comment is as it was`, error }),
    onSettled,
  });
  const remove = useMutation({
    mutationFn: () => deleteFlagComment(project, flag, id),
    onSuccess: () => setAsking(false),
    onError: (error) => toastFailed({ title: t`The comment was not deleted`, error }),
    onSettled,
  });
  const isMine = may('flag:comment') && user?.id === author.id;
  const mayDelete = isMine || (may('flag:comment') && may('project:write'));
  return (
    <li className="group/comment flex flex-col gap-1 border-line border-b px-4 py-2.5 last:border-b-0">
      <div className="flex min-h-7 flex-wrap items-center gap-x-2 text-xs">
        <span className="min-w-0 break-words font-medium">{author.name}</span>
        <span className="text-ink-3">
          <RelativeTime at={createdAt} />
          {editedAt !== null && (
            <span title={new Date(editedAt).toLocaleString(manners())}>
              {' · '}
              <Trans>edited</Trans>
            </span>
          )}
        </span>
        {text === undefined && (
          <span className="ms-auto flex">
            {isMine && (
              <IconButton label={t`Edit your comment`} onClick={() => setText(body)}>
                <Pencil aria-hidden />
              </IconButton>
            )}
            {mayDelete && (
              <IconButton label={t`Delete the comment of ${author.name}`} onClick={() => setAsking(true)}>
                <Trash2 aria-hidden />
              </IconButton>
            )}
          </span>
        )}
      </div>
      {text === undefined ? (
        <p dir="auto" className="whitespace-pre-wrap break-words">
          {body}
        </p>
      ) : (
        <CommentForm
          label={t`Edit the comment`}
          send={t`Save`}
          text={text}
          onChange={setText}
          busy={edit.isPending}
          onSend={() => edit.mutate(text.trim())}
        >
          <Button look="quiet" onClick={() => setText(undefined)}>
            <Trans>Cancel</Trans>
          </Button>
        </CommentForm>
      )}
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => remove.mutate()}
        busy={remove.isPending}
        look="danger"
        title={t`Delete the comment?`}
        confirmLabel={t`Delete`}
      >
        <p>
          <Trans>It goes from this page for everyone. What it said stays in the audit log.</Trans>
        </p>
      </ConfirmDialog>
    </li>
  );
}
