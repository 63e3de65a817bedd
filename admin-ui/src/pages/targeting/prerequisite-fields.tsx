import type { Prerequisite, Targeting } from '@bunting/core';
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { foundFlagsQuery } from '../../api/flags.ts';
import { FindingNotes } from '../../conditions/finding-notes.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { orOf } from '../../ui/format.ts';
import { Select } from '../../ui/select.tsx';
import { SuggestInput } from '../../ui/suggest-input.tsx';
import { useEditor } from './editor-context.ts';

interface PrerequisiteFieldsProps {
  prerequisites: readonly Prerequisite[];
  onChange: (change: Pick<Targeting, 'prerequisites'>) => void;
}

/** Flags that must answer so before this one is on. */
export function PrerequisiteFields({ prerequisites, onChange }: PrerequisiteFieldsProps) {
  const set = (next: Prerequisite[]) => onChange({ prerequisites: next });
  return (
    <div className="flex flex-col gap-2 p-3">
      {prerequisites.map((prerequisite, at) => (
        <div key={at} className="flex flex-col gap-1.5">
          <div className="flex items-start gap-1.5">
            <PrerequisiteRow
              prerequisite={prerequisite}
              at={at}
              onChange={(next) => set(prerequisites.map((other, index) => (index === at ? next : other)))}
            />
            <IconButton
              label={t`Remove prerequisite ${at + 1}`}
              onClick={() => set(prerequisites.filter((_, index) => index !== at))}
            >
              <X aria-hidden />
            </IconButton>
          </div>
          <FindingNotes at={`prerequisites[${at}]`} />
        </div>
      ))}
      <div>
        <Button look="quiet" className="-ms-2" onClick={() => set([...prerequisites, { flag: '', state: 'on' }])}>
          <Trans>
            <Plus aria-hidden />
            Prerequisite
          </Trans>
        </Button>
      </div>
    </div>
  );
}

interface PrerequisiteRowProps {
  prerequisite: Prerequisite;
  at: number;
  onChange: (prerequisite: Prerequisite) => void;
}

function PrerequisiteRow({ prerequisite, at, onChange }: PrerequisiteRowProps) {
  const { project, flag } = useEditor();
  const { flag: key, variants, values } = prerequisite;
  const found = useQuery({ ...foundFlagsQuery(project, key), placeholderData: keepPreviousData });
  const others = (found.data ?? []).filter((other) => other.key !== flag.key && other.archivedAt === null);
  const known = others.find((other) => other.key === key)?.variants.map(({ name }) => name) ?? [];
  const wanted = variants?.[0];
  const choices = [
    { value: 'on', label: t`is on` },
    { value: 'off', label: t`is off` },
    ...[...new Set([...known, ...(variants ?? [])])].map((name) => ({
      value: `serves ${name}`,
      label: t`serves ${name}`,
    })),
  ];
  const isPlain = values === undefined && (variants?.length ?? 0) <= 1;
  return (
    <div className="grid min-w-0 flex-1 gap-1.5 sm:grid-cols-[1fr_12rem]">
      <SuggestInput
        label={t`Flag of prerequisite ${at + 1}`}
        placeholder={t`flag key`}
        value={key}
        suggestions={others.map(({ key: value, name }) => ({ value, note: name === value ? undefined : name }))}
        onChange={(next) => onChange({ ...prerequisite, flag: next })}
      />
      {isPlain ? (
        <Select
          label={t`What prerequisite ${at + 1} must do`}
          value={wanted === undefined ? (prerequisite.state ?? 'on') : `serves ${wanted}`}
          options={choices}
          onChange={(next) =>
            onChange(
              next === 'on' || next === 'off'
                ? { flag: key, state: next }
                : { flag: key, variants: [next.slice('serves '.length)] },
            )
          }
        />
      ) : (
        <code className="self-center break-words font-mono text-ink-2 text-xs">
          {t`serves ${orOf((variants ?? values ?? []).map((each) => JSON.stringify(each)))}`}
        </code>
      )}
    </div>
  );
}
