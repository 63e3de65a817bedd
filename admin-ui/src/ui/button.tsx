import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';

const looks = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover',
  secondary: 'bg-raised text-ink border border-edge shadow-control hover:bg-hover',
  quiet: 'text-ink-2 hover:bg-hover hover:text-ink',
  danger: 'bg-danger text-on-accent hover:bg-danger-hover',
  production: 'bg-production text-on-production hover:bg-production-hover',
} as const;

export type ButtonLook = keyof typeof looks;

interface ButtonProps extends ComponentProps<'button'> {
  look?: ButtonLook;
  /** Work is under way: the button is held until it ends. */
  busy?: boolean;
}

export const buttonShape =
  'inline-flex h-8 shrink-0 select-none items-center justify-center gap-1.5 rounded-sm px-3 font-medium text-sm whitespace-nowrap transition-colors duration-100 pointer-coarse:h-10 disabled:opacity-50 [&_svg]:size-3.75 [&_svg]:shrink-0';

export function Button({
  look = 'secondary',
  busy = false,
  type = 'button',
  className,
  disabled,
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={classNames(buttonShape, looks[look], busy && 'animate-breathe', className)}
      {...rest}
    />
  );
}

interface IconButtonProps extends Omit<ButtonProps, 'aria-label' | 'busy'> {
  /** What it does, for those who do not see the icon; also its tooltip. */
  label: string;
}

/** A square button that shows only an icon. */
export function IconButton({ label, look = 'quiet', type = 'button', className, ...rest }: IconButtonProps) {
  return (
    <button
      type={type}
      aria-label={label}
      title={label}
      className={classNames(buttonShape, looks[look], 'w-8 px-0 pointer-coarse:w-10', className)}
      {...rest}
    />
  );
}
