import { t } from '@lingui/core/macro';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { ChevronRight } from 'lucide-react';
import { type KeyboardEvent, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react';
import { Badge } from '../../ui/badge.tsx';
import { classNames } from '../../ui/class-names.ts';
import { useHotkey } from '../../ui/hotkey.ts';
import type { AnswerRow } from './answer-rows.ts';

interface AnswerListProps {
  rows: readonly AnswerRow[];
  /** The flag whose path is shown. */
  shown: string | undefined;
  onShow: (flag: string) => void;
}

/** A row that was not measured yet, in pixels. */
const rowPx = 41;
/** Of Page Up and Page Down. */
const pageRows = 12;

/**
 * What every flag answers, of which only the rows in sight exist. `j`, `k` and the arrows move the focus from row to row;
 * one row is reached by Tab. When the path of a flag is closed, its row has the focus again.
 */
export function AnswerList({ rows, shown, onShow }: AnswerListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState<string>();
  const found = rows.findIndex(({ flag }) => flag === (current ?? shown));
  const at = found === -1 ? 0 : found;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 8,
    getItemKey: (index) => rows[index]?.flag ?? index,
    // The row that Tab leads to is there wherever the list was scrolled, so that the focus is never lost.
    rangeExtractor: (range) => [...new Set([...defaultRangeExtractor(range), at])].sort((a, b) => a - b),
    useFlushSync: false,
  });

  // The row that is to have the focus: keys may come faster than rows are drawn.
  const wanted = useRef<number>(undefined);
  const focusWanted = () => {
    const row = scroller.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"] button`);
    if (!row) return;
    row.focus({ preventScroll: true });
    wanted.current = undefined;
  };
  useLayoutEffect(() => {
    if (wanted.current !== undefined) focusWanted();
  });
  const goTo = (index: number) => {
    const to = Math.min(Math.max(index, 0), rows.length - 1);
    wanted.current = to;
    setCurrent(rows[to]?.flag);
    virtual.scrollToIndex(to, { align: 'auto' });
    focusWanted();
  };
  const step = (by: number) => {
    const focused = scroller.current?.contains(document.activeElement)
      ? document.activeElement?.closest('[data-index]')?.getAttribute('data-index')
      : undefined;
    const { startIndex = 0, endIndex = 0 } = virtual.range ?? {};
    const isInSight = found !== -1 && startIndex <= at && at <= endIndex;
    const from = wanted.current ?? (focused ? Number(focused) : isInSight ? at : undefined);
    // Nothing was reached yet, or it was scrolled away: to the first row that is in sight.
    goTo(from === undefined ? startIndex : from + by);
  };
  useHotkey('j', () => step(1), { repeats: true });
  useHotkey('k', () => step(-1), { repeats: true });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => step(1),
      ArrowUp: () => step(-1),
      PageDown: () => step(pageRows),
      PageUp: () => step(-pageRows),
      Home: () => goTo(0),
      End: () => goTo(rows.length - 1),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  };

  const focusRow = useEffectEvent((flag: string) => {
    const index = rows.findIndex((row) => row.flag === flag);
    if (index === -1 || document.activeElement !== document.body) return;
    setCurrent(flag);
    wanted.current = index;
    focusWanted();
    document.activeElement?.scrollIntoView({ block: 'nearest' });
  });
  const wasShown = useRef(shown);
  useEffect(() => {
    const before = wasShown.current;
    wasShown.current = shown;
    // Who closed it by a key or its button was in it: the focus has gone with it.
    if (before !== undefined && shown === undefined) focusRow(before);
  }, [shown]);

  return (
    <div ref={scroller} className="max-h-[min(37.5rem,55dvh)] overflow-y-auto">
      <ul aria-label={t`Answers`} className="relative" style={{ height: virtual.getTotalSize() }} onKeyDown={onKeyDown}>
        {virtual.getVirtualItems().map(({ index, key, start }) => {
          const row = rows[index];
          return (
            row && (
              <li
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                aria-posinset={index + 1}
                aria-setsize={rows.length}
                className="absolute inset-x-0 top-0 border-line border-b"
                style={{ transform: `translateY(${start}px)` }}
              >
                <RowButton
                  row={row}
                  isShown={shown === row.flag}
                  isReached={index === at}
                  onShow={() => {
                    setCurrent(row.flag);
                    onShow(row.flag);
                  }}
                />
              </li>
            )
          );
        })}
      </ul>
    </div>
  );
}

interface RowButtonProps {
  row: AnswerRow;
  isShown: boolean;
  /** By Tab. */
  isReached: boolean;
  onShow: () => void;
}

function RowButton({ row: { flag, answer, words, was }, isShown, isReached, onShow }: RowButtonProps) {
  return (
    <button
      type="button"
      aria-expanded={isShown}
      tabIndex={isReached ? 0 : -1}
      onClick={onShow}
      className={classNames(
        'flex min-h-10 w-full flex-wrap items-center gap-x-3 gap-y-0.5 px-4 py-1.5 text-start -outline-offset-2 hover:bg-hover',
        isShown && 'bg-sunken',
      )}
    >
      <span className="min-w-0 flex-1 basis-40 truncate font-mono">{flag}</span>
      {was !== undefined && was !== words && (
        <code className="min-w-0 max-w-full truncate text-ink-3 text-xs line-through">{was}</code>
      )}
      <code className="min-w-0 max-w-full truncate font-medium text-xs">{words}</code>
      {answer && <Badge look={answer.errorCode === undefined ? 'muted' : 'danger'}>{answer.reason}</Badge>}
      <ChevronRight aria-hidden className="size-3.5 text-ink-3 max-sm:hidden" />
    </button>
  );
}
