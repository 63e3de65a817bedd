import { Switch as Base } from '@base-ui/react/switch';
import { classNames } from './class-names.ts';

interface SwitchProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  /** The accessible name: what is switched, and where. */
  label: string;
  disabled?: boolean;
  /** The change was asked for and is not acknowledged yet. */
  pending?: boolean;
  /** What else there is to know before it is moved: its tooltip, and read out after its name. */
  note?: string | undefined;
}

/** The target is 36 px high and wider than the track, so that a thumb on a phone hits the right one. */
export function Switch({ checked, onChange, label, disabled = false, pending = false, note }: SwitchProps) {
  return (
    <Base.Root
      checked={checked}
      onCheckedChange={onChange}
      disabled={disabled}
      aria-label={label}
      title={note}
      aria-busy={pending || undefined}
      className="group/switch -mx-1.5 -my-2 inline-flex shrink-0 rounded-md px-1.5 py-2 align-middle data-disabled:opacity-50"
    >
      <span
        className={classNames(
          'block h-4.5 w-8 rounded-full bg-idle p-0.5 transition-colors duration-150 group-data-checked/switch:bg-live',
          pending && 'animate-breathe',
        )}
      >
        <Base.Thumb className="block size-3.5 rounded-full bg-[oklch(1_0_0)] shadow-control transition-transform duration-150 ease-settle data-checked:translate-x-3.5 rtl:data-checked:-translate-x-3.5" />
      </span>
    </Base.Root>
  );
}
