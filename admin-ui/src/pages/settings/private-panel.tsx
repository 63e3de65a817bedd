import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { privateAttributesQuery, setPrivateAttributes } from '../../api/contexts.ts';
import { useMayForCertain } from '../../api/permissions.ts';
import type { Project } from '../../api/types.ts';
import { Button } from '../../ui/button.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';
import { TokenInput } from '../../ui/token-input.tsx';

/** An attribute path as conditions name it: names with a point between each two. */
const path = /^[^.]+(\.[^.]+)*$/;

function parse(text: string): { token: string } | { problem: string } {
  if (path.test(text)) return { token: text };
  return { problem: t`Enter an attribute path such as user.email: names with a point between each two.` };
}

/** Attributes that never leave the process that evaluates. */
export function PrivatePanel({ project }: { project: Project }) {
  const may = useMayForCertain(project.key);
  const client = useQueryClient();
  const query = privateAttributesQuery(project.key);
  const known = useQuery({ ...query, enabled: may('contexts:read') });
  /** What is chosen and not saved, and the version that it was begun from: what someone else adds meanwhile is not undone. */
  const [draft, setDraft] = useState<{ readonly version: number; readonly attributes: readonly string[] }>();
  const save = useMutation({
    mutationFn: ({ version, attributes }: { version: number; attributes: readonly string[] }) =>
      setPrivateAttributes(project.key, version, [...attributes]),
    onSuccess: (saved) => {
      client.setQueryData(query.queryKey, saved);
      setDraft(undefined);
      toastDone({ title: t`The private attributes are changed` });
    },
    onError: (error) => toastFailed({ title: t`The list is as it was`, error }),
    onSettled: () => client.invalidateQueries({ queryKey: query.queryKey }),
  });
  if (!may('contexts:read')) return null;
  return (
    <Panel
      title={t`Private attributes`}
      note={t`Neither their names nor their values are sent or stored; all below a path is private, too.`}
    >
      <Loaded from={known} what={t`the private attributes`}>
        {({ attributes, version }) => {
          const chosen = draft?.attributes ?? attributes;
          const adds = chosen.some((attribute) => !attributes.includes(attribute));
          if (!may('contexts:write')) {
            return <p className="px-4 py-3 font-mono text-xs">{attributes.join(', ') || t`None`}</p>;
          }
          return (
            <div className="flex flex-col gap-2 px-4 py-3">
              <TokenInput
                label={t`Private attributes`}
                placeholder="user.email"
                tokens={chosen}
                parse={parse}
                show={(attribute) => attribute}
                onChange={(next) => setDraft({ version: draft?.version ?? version, attributes: next })}
              />
              {draft && (
                <div className="flex flex-wrap items-center justify-end gap-2">
                  <p role="status" className="min-w-0 flex-1 basis-60 text-ink-2 text-xs">
                    {adds
                      ? t`The contexts that were sampled so far in all of the project's environments are deleted.`
                      : t`Reaches connected SDKs at once.`}
                  </p>
                  <Button onClick={() => setDraft(undefined)}>
                    <Trans>Discard</Trans>
                  </Button>
                  <Button look={adds ? 'danger' : 'primary'} busy={save.isPending} onClick={() => save.mutate(draft)}>
                    <Trans>Save</Trans>
                  </Button>
                </div>
              )}
            </div>
          );
        }}
      </Loaded>
    </Panel>
  );
}
