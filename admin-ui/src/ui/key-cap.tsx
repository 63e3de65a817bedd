/** A key of the keyboard, as a hint beside what it does. */
export function KeyCap({ children }: { children: string }) {
  return (
    <kbd
      aria-hidden
      className="hidden h-4.5 min-w-4.5 place-items-center rounded-xs border border-current/35 px-1 font-mono text-2xs leading-none pointer-fine:grid"
    >
      {children}
    </kbd>
  );
}
