import { t } from '@lingui/core/macro';
import type { ReactNode } from 'react';
import { Wordmark } from '../../ui/wordmark.tsx';

interface DoorProps {
  title: string;
  text?: ReactNode;
  children: ReactNode;
}

/** A page in front of the application: sign in, set up. */
export function Door({ title, text, children }: DoorProps) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-92 flex-col px-5 pt-[14vh] pb-12">
      <title>{t`${title} · Bunting`}</title>
      <Wordmark />
      <h1 className="mt-8 font-semibold text-xl tracking-[-0.015em]">{title}</h1>
      {text && <p className="mt-1 text-ink-2">{text}</p>}
      <div className="mt-6">{children}</div>
    </main>
  );
}
