import { t } from '@lingui/core/macro';
import type { ReactNode } from 'react';
import type { Environment } from '../../api/types.ts';
import { ProductionBand } from './production-band.tsx';

interface PageHeaderProps {
  title: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
}

/** The head of a page of the application. */
export function PageHeader({ title, actions, children }: PageHeaderProps) {
  return (
    <header className="flex flex-wrap items-center justify-between gap-x-3 gap-y-2">
      <h1 className="min-w-0 break-words py-1 font-semibold text-lg tracking-[-0.015em]">{title}</h1>
      {actions && <div className="flex min-w-0 flex-wrap items-center gap-2">{actions}</div>}
      {children && <div className="w-full">{children}</div>}
    </header>
  );
}

interface PageProps {
  /** The browser's name for it. */
  title: string;
  /** The one that what is done here changes, where the address does not name it: the frame knows of those. */
  environment?: Environment | undefined;
  children: ReactNode;
}

/** The width and the margins of every page. What says where it stands is close to its head. */
export function Page({ title, environment, children }: PageProps) {
  return (
    <>
      <ProductionBand environment={environment} />
      <div className="mx-auto flex w-full max-w-310 flex-col gap-4 px-4 py-5 sm:px-6 lg:px-8 lg:py-6 [&>nav]:-mb-3">
        <title>{t`${title} · Bunting`}</title>
        {children}
      </div>
    </>
  );
}
