import { Popover } from '@base-ui/react/popover';
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { ListFilter } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { Environment } from '../../api/types.ts';
import type { FlagsSearch } from '../../searches.ts';
import { Button } from '../../ui/button.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { Switch } from '../../ui/switch.tsx';
import { narrowings } from './flag-filter.ts';

const types = [
  { value: 'any', label: msg`Any type` },
  { value: 'boolean', label: msg`Boolean` },
  { value: 'string', label: msg`String` },
  { value: 'number', label: msg`Number` },
  { value: 'object', label: msg`Object` },
] as const;

const kinds = [
  { value: 'any', label: msg`Any kind` },
  { value: 'release', label: msg`Release` },
  { value: 'experiment', label: msg`Experiment` },
  { value: 'operational', label: msg`Operational` },
  { value: 'permission', label: msg`Permission` },
  { value: 'migration', label: msg`Migration` },
] as const;

interface FilterMenuProps {
  environments: readonly Environment[];
  search: FlagsSearch;
  onChange: (part: FlagsSearch) => void;
}

/** Everything that the list can be narrowed by. Choices are in force at once; texts when they are entered. */
export function FilterMenu(props: FilterMenuProps) {
  const inForce = narrowings(props.search).length;
  return (
    <Popover.Root>
      <Popover.Trigger render={<Button />}>
        <Trans>
          <ListFilter aria-hidden />
          Filter
          {inForce > 0 && (
            <span className="rounded-full bg-sunken px-1.5 text-2xs text-ink-2 tabular-nums">{inForce}</span>
          )}
        </Trans>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={4} align="end" collisionPadding={12} className="z-10 outline-none">
          <Popover.Popup
            aria-label={t`Filters`}
            className="popup-motion w-80 max-w-(--available-width) rounded-md bg-raised p-4 shadow-popup outline-none"
          >
            <FilterFields {...props} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function FilterFields({ environments, search, onChange }: FilterMenuProps) {
  const state = search.on ? `on ${search.on}` : search.off ? `off ${search.off}` : 'any';
  const states = [
    { value: 'any', label: t`On or off` },
    ...environments.flatMap(({ key, name }) => [
      { value: `on ${key}`, label: t`On in ${name}` },
      { value: `off ${key}`, label: t`Off in ${name}` },
    ]),
  ];
  return (
    <div className="flex flex-col gap-3">
      <div className="grid grid-cols-2 gap-3">
        <Field label={t`Type`}>
          <Select
            value={search.type ?? 'any'}
            options={types}
            onChange={(type) => onChange({ type: type === 'any' ? undefined : type })}
          />
        </Field>
        <Field label={t`Kind`}>
          <Select
            value={search.kind ?? 'any'}
            options={kinds}
            onChange={(kind) => onChange({ kind: kind === 'any' ? undefined : kind })}
          />
        </Field>
      </div>
      <Field label={t`Status`}>
        <Select
          value={state}
          options={states}
          onChange={(chosen) => {
            const [word, environment] = chosen.split(' ');
            onChange({ on: word === 'on' ? environment : undefined, off: word === 'off' ? environment : undefined });
          }}
        />
      </Field>
      <ExactText label={t`Tag`} value={search.tag ?? ''} onEnter={(tag) => onChange({ tag: tag || undefined })} />
      <ExactText
        label={t`Owner`}
        value={search.owner ?? ''}
        onEnter={(owner) => onChange({ owner: owner || undefined })}
      />
      <Choice
        label={t`Killed`}
        text={t`Killed in any environment`}
        checked={search.killed === true}
        onChange={(killed) => onChange({ killed: killed || undefined })}
      />
      <Choice
        label={t`Stale`}
        text={t`Outlived what was expected of it`}
        checked={search.stale === true}
        onChange={(stale) => onChange({ stale: stale || undefined })}
      />
    </div>
  );
}

/** A text that must be met exactly: put in force by Enter, or when the field is left. */
function ExactText({ label, value, onEnter }: { label: string; value: string; onEnter: (text: string) => void }) {
  const [text, setText] = useState(value);
  const enter = (event?: FormEvent) => {
    event?.preventDefault();
    if (text.trim() !== value) onEnter(text.trim());
  };
  return (
    <form onSubmit={enter}>
      <Field label={label}>
        <TextInput
          value={text}
          onChange={setText}
          onBlur={() => enter()}
          autoComplete="off"
          placeholder={t`Exactly so`}
        />
      </Field>
    </form>
  );
}

interface ChoiceProps {
  label: string;
  text: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

function Choice({ label, text, checked, onChange }: ChoiceProps) {
  return (
    <div className="flex items-center gap-3">
      <Switch label={`${label}: ${text}`} checked={checked} onChange={(next) => onChange(next)} />
      <span aria-hidden>{text}</span>
    </div>
  );
}
