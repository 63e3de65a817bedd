import { createLink } from '@tanstack/react-router';
import type { ComponentProps, ReactNode } from 'react';

/** A link of the sidebar; it is marked while its page, or a page under it, is shown. */
export const NavLink = createLink(function NavAnchor({
  icon,
  children,
  ...rest
}: ComponentProps<'a'> & { icon?: ReactNode }) {
  return (
    <a
      {...rest}
      className="flex min-h-6.5 items-center gap-2 rounded-sm px-2 py-0.5 text-ink-2 transition-colors hover:bg-hover hover:text-ink aria-[current=page]:bg-raised aria-[current=page]:shadow-control aria-[current=page]:font-medium aria-[current=page]:text-ink pointer-coarse:min-h-10 [&>svg]:size-3.75 [&>svg]:shrink-0 [&>svg]:text-ink-3"
    >
      {icon}
      {children}
    </a>
  );
});
