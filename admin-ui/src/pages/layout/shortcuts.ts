import { areas } from './areas.ts';

export interface Shortcut {
  /** Pressed together when joined by `+`, one after the other when apart. */
  readonly keys: readonly string[];
  readonly does: string;
}

/** Every shortcut there is, as the sheet shows them. */
export const shortcuts: readonly { readonly title: string; readonly items: readonly Shortcut[] }[] = [
  {
    title: 'Anywhere',
    items: [
      { keys: ['Ctrl K'], does: 'Find a flag, go somewhere, do something' },
      { keys: ['c'], does: 'New flag' },
      { keys: ['Shift K'], does: 'Kill a flag' },
      { keys: ['n'], does: 'Read messages again' },
      { keys: ['z'], does: 'Undo what a message has just told' },
      { keys: ['?'], does: 'This sheet' },
      ...areas.map(({ key, label }) => ({ keys: ['g', key], does: `Go to ${label}` })),
    ],
  },
  {
    title: 'In a list',
    items: [
      { keys: ['/'], does: 'Search; Esc empties the search, then leaves it' },
      { keys: ['j', 'k'], does: 'Next row, row before; the arrows, too, once a row has the focus' },
      { keys: ['Enter'], does: 'Open the row' },
      { keys: ['x'], does: 'Choose the row' },
      { keys: ['Shift X'], does: 'Choose all from the one chosen before' },
      { keys: ['Esc'], does: 'Choose none; in the playground, close the path' },
    ],
  },
];
