import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Fragment, useState } from 'react';
import { flagAuditQuery } from '../../api/audit.ts';
import { commentOnFlag, flagCommentsQuery, refreshComments } from '../../api/flag-comments.ts';
import { useMay, useMayForCertain } from '../../api/permissions.ts';
import type { Flag, Project } from '../../api/types.ts';
import { Loaded, More } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { toastFailed } from '../../ui/toast.tsx';
import { ChangeLine } from './change-line.tsx';
import { changesBetween } from './changes-between.ts';
import { Comment } from './comment.tsx';
import { CommentForm } from './comment-form.tsx';

/** How often is asked whether someone else said something. */
const refreshMs = 15_000;

/** What people say about the flag, newest first, with what was changed in between. */
export function Discussion({ project, flag }: { project: Project; flag: Flag }) {
  const client = useQueryClient();
  const may = useMay(project.key);
  const comments = useInfiniteQuery({ ...flagCommentsQuery(project.key, flag.key), refetchInterval: refreshMs });
  const mayAudit = useMayForCertain(project.key)('audit:read');
  const trail = useInfiniteQuery({ ...flagAuditQuery(project.key, flag.key), enabled: mayAudit });
  const events = trail.data?.pages.flatMap((page) => page.items) ?? [];
  const [text, setText] = useState('');
  const send = useMutation({
    mutationFn: () => commentOnFlag(project.key, flag.key, text.trim()),
    onSuccess: () => setText(''),
    onError: (error) => toastFailed({ title: t`Your comment was not kept`, error }),
    onSettled: () => refreshComments(client, project.key, flag.key),
  });
  return (
    <Panel title={t`Discussion`}>
      {may('flag:comment') && (
        <div className="border-line border-b px-4 py-3">
          <CommentForm
            label={t`New comment`}
            send={t`Comment`}
            text={text}
            onChange={setText}
            busy={send.isPending}
            onSend={() => send.mutate()}
          />
        </div>
      )}
      <Loaded from={comments} what={t`the comments`}>
        {({ pages }) => {
          const said = pages.flatMap((page) => page.items);
          if (said.length === 0)
            return (
              <p className="px-4 py-3 text-ink-3 text-xs">
                <Trans>
                  Nobody has said anything yet. What the flag is for, who asked for it and when it can go is well kept
                  here.
                </Trans>
              </p>
            );
          return (
            <ol aria-label={t`Comments`}>
              {said.map((comment, at) => {
                const earlier = said[at + 1];
                const changes = earlier ? changesBetween(events, !trail.hasNextPage, comment, earlier) : [];
                return (
                  <Fragment key={comment.id}>
                    <Comment project={project.key} flag={flag.key} comment={comment} />
                    {changes.length > 0 && <ChangeLine project={project} changes={changes} />}
                  </Fragment>
                );
              })}
            </ol>
          );
        }}
      </Loaded>
      <More from={comments} label={t`Show older comments`} />
    </Panel>
  );
}
