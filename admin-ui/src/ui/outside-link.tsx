interface OutsideLinkProps {
  /** As another system gave it: anything but a web address is not shown. */
  href: string | null | undefined;
  children: string;
}

/** A link to a page of another system, in a tab of its own. */
export function OutsideLink({ href, children }: OutsideLinkProps) {
  if (!href || !/^https?:\/\//i.test(href)) return null;
  return (
    <a href={href} rel="noreferrer" target="_blank" className="rounded-xs text-link underline">
      {children}
    </a>
  );
}
