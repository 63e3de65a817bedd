import { t } from '@lingui/core/macro';
import { areas } from './areas.ts';

export interface Shortcut {
  /** Pressed together when joined by `+`, one after the other when apart. */
  readonly keys: readonly string[];
  readonly does: string;
}

/** Every shortcut there is, as the sheet shows them. */
export const listShortcuts = (): readonly { readonly title: string; readonly items: readonly Shortcut[] }[] => [
  {
    title: t`Anywhere`,
    items: [
      { keys: [t`Ctrl K`], does: t`Find a flag, go somewhere, do something` },
      { keys: ['c'], does: t`New flag` },
      { keys: [t`Shift K`], does: t`Kill a flag` },
      { keys: ['n'], does: t`Read messages again` },
      { keys: ['z'], does: t`Undo what a message has just told` },
      { keys: ['?'], does: t`This sheet` },
      ...areas.map(({ key, label }) => ({ keys: ['g', key], does: t`Go to ${t(label)}` })),
    ],
  },
  {
    title: t`In a list`,
    items: [
      { keys: ['/'], does: t`Search; Esc empties the search, then leaves it` },
      { keys: ['j', 'k'], does: t`Next row, row before; the arrows, too, once a row has the focus` },
      { keys: [t`Enter`], does: t`Open the row` },
      { keys: ['x'], does: t`Choose the row` },
      { keys: [t`Shift X`], does: t`Choose all from the one chosen before` },
      { keys: [t`Esc`], does: t`Choose none; in the playground, close the path` },
    ],
  },
];
