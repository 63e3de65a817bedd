import { Dialog } from '@base-ui/react/dialog';
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Command } from 'cmdk';
import { Flag as FlagIcon, Search } from 'lucide-react';
import { type ReactNode, useDeferredValue, useState } from 'react';
import { asApiError } from '../../api/api-error.ts';
import { foundFlagsQuery } from '../../api/flags.ts';
import { classNames } from '../../ui/class-names.ts';
import { popupShape, scrimShape, viewportShape } from '../../ui/dialog.tsx';
import { isFoundBy } from './palette-words.ts';

/** Something that the palette leads to or does. */
export interface PaletteEntry {
  readonly id: string;
  readonly label: ReactNode;
  /** What it is found by. */
  readonly words: string;
  readonly icon: ReactNode;
  readonly group: 'go' | 'do';
  readonly run: () => void;
}

interface CommandPaletteProps {
  open: boolean;
  onClose: () => void;
  project: string;
  entries: readonly PaletteEntry[];
  onFlag: (flag: string) => void;
}

/** Finds flags, pages and actions by a few letters. Arrows choose, Enter goes there. */
export function CommandPalette({ open, onClose, ...rest }: CommandPaletteProps) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={scrimShape} />
        <Dialog.Viewport className={viewportShape}>
          <Dialog.Popup aria-label={t`Find or do`} className={classNames(popupShape, 'sm:max-w-150')}>
            <Palette {...rest} onClose={onClose} />
          </Dialog.Popup>
        </Dialog.Viewport>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Palette({ project, entries, onFlag, onClose }: Omit<CommandPaletteProps, 'open'>) {
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState<string>();
  const search = useDeferredValue(typed.trim());
  const found = useQuery({ ...foundFlagsQuery(project, search), placeholderData: keepPreviousData });
  const shown = entries.filter(({ words }) => isFoundBy(typed, words));
  // Those of an earlier search may be shown until the answer comes, but only where they fit what is typed now.
  const isAnswered = search === typed.trim() && !found.isPlaceholderData;
  const flags = (found.data ?? []).filter(({ key, name }) => isAnswered || isFoundBy(typed, `${key} ${name}`));
  const values = [...shown.map(({ id }) => id), ...flags.map(({ key }) => flagValue(key))];
  const run = (act: () => void) => () => {
    onClose();
    act();
  };
  return (
    <Command
      label={t`Find or do`}
      shouldFilter={false}
      loop
      // What stands first is chosen until someone chooses: what comes later comes below it.
      value={chosen !== undefined && values.includes(chosen) ? chosen : (values[0] ?? '')}
      onValueChange={setChosen}
    >
      <div className="flex items-center gap-2.5 border-line border-b px-4">
        <Search className="size-4 shrink-0 text-ink-3" aria-hidden />
        <Command.Input
          autoFocus
          value={typed}
          onValueChange={(text) => {
            setTyped(text);
            setChosen(undefined);
          }}
          placeholder={t`Find a flag, a page or something to do`}
          className="h-12 min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-ink-3"
        />
      </div>
      <Command.List label={t`Found`} className="max-h-[min(24rem,60dvh)] overflow-y-auto p-1.5">
        {values.length === 0 && (
          <p role="presentation" className="px-4 py-8 text-center text-ink-2">
            {isAnswered ? t`Nothing is called “${typed.trim()}”.` : t`Searching …`}
          </p>
        )}
        {found.isError && (
          <p role="alert" className="px-2.5 py-2 text-danger-ink">
            <Trans>Flags cannot be searched: {asApiError(found.error).message}</Trans>
          </p>
        )}
        {(['go', 'do'] as const).map((group) => {
          const items = shown.filter((entry) => entry.group === group);
          if (items.length === 0) return null;
          return (
            <Command.Group key={group} heading={group === 'go' ? t`Go to` : t`Do`} className={groupShape}>
              {items.map(({ id, label, icon, run: act }) => (
                <Command.Item key={id} value={id} onSelect={run(act)} className={itemShape}>
                  {icon}
                  {label}
                </Command.Item>
              ))}
            </Command.Group>
          );
        })}
        <FlagGroup flags={flags} onSelect={(flag) => run(() => onFlag(flag))} />
      </Command.List>
    </Command>
  );
}

function flagValue(key: string): string {
  return `flag ${key}`;
}

interface FlagGroupProps {
  flags: readonly { readonly key: string; readonly name: string }[];
  onSelect: (flag: string) => () => void;
}

function FlagGroup({ flags, onSelect }: FlagGroupProps) {
  if (flags.length === 0) return null;
  return (
    <Command.Group heading={t`Flags`} className={groupShape}>
      {flags.map(({ key, name }) => (
        <Command.Item key={key} value={flagValue(key)} onSelect={onSelect(key)} className={itemShape}>
          <FlagIcon aria-hidden />
          <span className="min-w-0 truncate font-mono">{key}</span>
          {name !== key && <span className="min-w-0 flex-1 truncate text-ink-2 text-xs">{name}</span>}
        </Command.Item>
      ))}
    </Command.Group>
  );
}

const groupShape =
  'pb-1 [&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-ink-3';
const itemShape =
  'flex min-h-9 cursor-default select-none items-center gap-2.5 rounded-sm px-2.5 py-1 data-[selected=true]:bg-highlight pointer-coarse:min-h-11 [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-ink-3';
