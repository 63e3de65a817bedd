import { useCallback, useState } from 'react';
import type { Flag } from '../../api/types.ts';
import { useHotkey } from '../../ui/hotkey.ts';

export interface Chosen {
  readonly keys: ReadonlySet<string>;
  /** Of those that are loaded, in the list's order. */
  readonly flags: readonly Flag[];
  readonly choose: (flag: Flag, chosen: boolean) => void;
  readonly chooseOnly: (keys: Iterable<string>) => void;
}

/**
 * The flags that someone chose, to do something with all of them. `x` chooses the one that has the focus, `X` all from
 * the one chosen before to it, Esc none.
 */
export function useChosen(flags: readonly Flag[]): Chosen {
  const [keys, setKeys] = useState<ReadonlySet<string>>(() => new Set());
  const [anchor, setAnchor] = useState<string>();
  const choose = useCallback((flag: Flag, chosen: boolean) => {
    setAnchor(flag.key);
    setKeys((before) => {
      const next = new Set(before);
      if (chosen) next.add(flag.key);
      else next.delete(flag.key);
      return next;
    });
  }, []);
  const focused = () =>
    flags[Number(document.activeElement?.closest('[data-index]')?.getAttribute('data-index') ?? -1)];
  useHotkey('x', () => {
    const flag = focused();
    if (flag) choose(flag, !keys.has(flag.key));
  });
  useHotkey('X', () => {
    const flag = focused();
    if (!flag) return;
    const from = flags.findIndex(({ key }) => key === anchor);
    const to = flags.indexOf(flag);
    const [first, last] = from < 0 ? [to, to] : [Math.min(from, to), Math.max(from, to)];
    setKeys(new Set([...keys, ...flags.slice(first, last + 1).map(({ key }) => key)]));
  });
  useHotkey('Escape', () => setKeys(new Set()));
  return {
    keys,
    flags: flags.filter(({ key }) => keys.has(key)),
    choose,
    chooseOnly: useCallback((only: Iterable<string>) => setKeys(new Set(only)), []),
  };
}
