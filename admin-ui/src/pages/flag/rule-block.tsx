import type { ReactNode } from 'react';

interface RuleBlockProps {
  title: string;
  /** Whom the rule is for; the default rule is for all who are left. */
  when?: string;
  children: ReactNode;
}

/** A rule: whom it matches, and what they get. */
export function RuleBlock({ title, when, children }: RuleBlockProps) {
  return (
    <div className="flex flex-col gap-2">
      <h3 className="font-medium text-xs">
        {title}
        {when !== undefined && <span className="ml-2 break-words font-mono font-normal text-ink-2">if {when}</span>}
      </h3>
      {children}
    </div>
  );
}
