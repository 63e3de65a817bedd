import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

interface FactTableProps {
  /** What its rows are, for those who do not see what it stands below. */
  caption: string;
  columns: readonly string[];
  /** Rows: `<tr>`, the first cell of each names it, a `<th scope="row">`. */
  children: ReactNode;
  /** It reaches from edge to edge of a panel. */
  isInset?: boolean;
}

/** A small table to be read, not searched: no sorting, no pages. */
export function FactTable({ caption, columns, children, isInset = false }: FactTableProps) {
  return (
    <table
      className={classNames(
        'w-full text-xs [&_th]:text-start [&_tr>*]:py-1.5 [&_tr]:border-line [&_tr]:border-b [&_tr]:align-top [&_tr]:break-inside-avoid [&>tbody>tr:last-child]:border-b-0',
        isInset ? '[&_tr>*]:px-4' : '[&_tr>*]:pe-3',
      )}
    >
      <caption className="sr-only">{caption}</caption>
      <thead className="text-ink-3">
        <tr>
          {columns.map((title) => (
            <th key={title} scope="col" className="font-medium">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}
