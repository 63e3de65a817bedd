import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react';
import { useHotkey } from '../../ui/hotkey.ts';
import { Skeleton } from '../../ui/skeleton.tsx';

interface VirtualRowsProps<Item> {
  label: string;
  /** Those that are loaded, from the first on. */
  items: readonly Item[];
  /** How many there are in all; places of those that are not loaded are held. */
  count: number;
  keyOf: (item: Item) => string;
  /** What a row comes to before it is measured. */
  estimatePx: number;
  isBusy: boolean;
  /** The list was scrolled near the end of what is loaded. */
  onNearEnd: () => void;
  children: (item: Item) => ReactNode;
}

/** Rows that are asked for ahead of what is seen: on most screens not before someone scrolls. */
const ahead = 30;

/**
 * A long list of which only the rows near the screen exist. The page scrolls, not the list. `j` and `k`, and the arrows
 * within it, move the focus from row to row: to the first link of each.
 */
export function VirtualRows<Item>({
  label,
  items,
  count,
  keyOf,
  estimatePx,
  isBusy,
  onNearEnd,
  children,
}: VirtualRowsProps<Item>) {
  const list = useRef<HTMLUListElement>(null);
  const [topPx, setTopPx] = useState(0);
  // What stands above may grow and shrink: looked at after every rendering, set only when it moved.
  useLayoutEffect(() => {
    if (list.current) setTopPx(Math.round(list.current.getBoundingClientRect().top + window.scrollY));
  });
  const rows = useWindowVirtualizer({
    count,
    estimateSize: () => estimatePx,
    overscan: 8,
    scrollMargin: topPx,
    scrollPaddingStart: 56,
    scrollPaddingEnd: 72,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
    useFlushSync: false,
  });
  const shown = rows.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? 0;
  const askForMore = useEffectEvent(onNearEnd);
  useEffect(() => {
    if (!isBusy && items.length < count && lastShown >= items.length - ahead) askForMore();
  }, [isBusy, items.length, count, lastShown]);

  // The row that is to have the focus: keys may come faster than rows are drawn.
  const wanted = useRef<number>(undefined);
  const focusWanted = () => {
    const link = list.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"] a`);
    if (!link) return;
    link.focus({ preventScroll: true });
    wanted.current = undefined;
  };
  useLayoutEffect(() => {
    if (wanted.current !== undefined) focusWanted();
  });
  const move = (step: 1 | -1) => {
    const focused = document.activeElement?.closest('[data-index]');
    const at = focused && list.current?.contains(focused) ? Number(focused.getAttribute('data-index')) : undefined;
    const from = wanted.current ?? at;
    // From elsewhere: to the first row that is in sight.
    const firstInSight = rows.range?.startIndex ?? 0;
    const to = from === undefined ? firstInSight : Math.min(Math.max(from + step, 0), items.length - 1);
    wanted.current = to;
    rows.scrollToIndex(to, { align: 'auto' });
    focusWanted();
  };
  useHotkey('j', () => move(1), { repeats: true });
  useHotkey('k', () => move(-1), { repeats: true });

  return (
    <ul
      ref={list}
      aria-label={label}
      aria-busy={isBusy}
      className="relative"
      style={{ height: rows.getTotalSize() }}
      onKeyDown={(event) => {
        const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : undefined;
        if (step === undefined || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        move(step);
      }}
    >
      {shown.map(({ index, key, start }) => {
        const item = items[index];
        return (
          <li
            key={key}
            ref={rows.measureElement}
            data-index={index}
            aria-posinset={index + 1}
            aria-setsize={count}
            className="absolute inset-x-0 top-0"
            style={{ transform: `translateY(${start - topPx}px)` }}
          >
            {item === undefined ? <Place heightPx={estimatePx} /> : children(item)}
          </li>
        );
      })}
    </ul>
  );
}

/** Holds the place of a row that is not loaded yet. */
function Place({ heightPx }: { heightPx: number }) {
  return (
    <div className="flex items-center border-line border-b px-10" style={{ height: heightPx }}>
      <Skeleton className="w-48" />
    </div>
  );
}
