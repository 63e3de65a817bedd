/** The columns of the flag table: a box to choose it by, the flag, one for each environment, its health, when it changed. */
export function gridColumns(environments: number): string {
  return `2.25rem minmax(16rem, 2fr) repeat(${environments}, minmax(10rem, 1fr)) 8rem 6.5rem`;
}

/** Below this the table scrolls sideways. */
export function gridMinWidth(environments: number): string {
  return `${2.25 + 16 + 10 * environments + 8 + 6.5}rem`;
}

/** From this width of the page on it is a table; below, each flag is a card. In px. */
const tableFromPx = 768;

/** What a row comes to before it is measured. In px. */
export function estimateRowPx(environments: number): number {
  return globalThis.innerWidth >= tableFromPx ? 49 : 76 + 34 * environments;
}

export const headCellShape = 'flex h-8.5 min-w-0 items-center px-3 font-medium text-ink-3 text-xs';
