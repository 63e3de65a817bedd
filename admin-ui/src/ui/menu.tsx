import { Menu as Base } from '@base-ui/react/menu';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

interface MenuProps {
  /** The content of the button that opens it. */
  trigger: ReactNode;
  label: string;
  triggerClassName?: string;
  children: ReactNode;
}

/** A short list of things to do. */
export function Menu({ trigger, label, triggerClassName, children }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger aria-label={label} className={triggerClassName}>
        {trigger}
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} align="start" className="z-10 outline-none">
          <Base.Popup className="popup-motion max-h-(--available-height) min-w-44 overflow-y-auto rounded-md bg-raised p-1 shadow-popup outline-none">
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

interface MenuItemProps {
  onSelect: () => void;
  danger?: boolean;
  children: ReactNode;
}

export function MenuItem({ onSelect, danger = false, children }: MenuItemProps) {
  return (
    <Base.Item
      onClick={onSelect}
      className={classNames(
        'flex cursor-default select-none items-center gap-2 rounded-xs px-2 py-1.25 outline-none data-highlighted:bg-highlight pointer-coarse:py-2.5 [&_svg]:size-3.5 [&_svg]:text-ink-3',
        danger && 'text-danger-ink [&_svg]:text-danger-ink',
      )}
    >
      {children}
    </Base.Item>
  );
}
