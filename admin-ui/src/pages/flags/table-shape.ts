/** The columns of the flag table: the flag, one for each environment, when it changed. */
export function gridColumns(environments: number): string {
  return `minmax(15rem, 1fr) repeat(${environments}, minmax(10.5rem, 16rem)) 6.5rem`;
}

/** Below this the table scrolls sideways. */
export function gridMinWidth(environments: number): string {
  return `${15 + 10.5 * environments + 6.5}rem`;
}

export const headCellShape = 'flex h-8.5 min-w-0 items-center px-3 font-medium text-ink-3 text-xs';
