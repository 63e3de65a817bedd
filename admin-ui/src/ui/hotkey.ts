import { useEffectEvent, useLayoutEffect } from 'react';

/** How long the second key of a sequence is waited for. */
const sequenceMs = 1_200;

/** Runs `act` when `key` alone is pressed (held: once, unless it repeats); not while someone types, holds a modifier, or has a dialog open. */
export function useHotkey(key: string, act: () => void, { repeats = false }: { repeats?: boolean } = {}): void {
  useKeyDown((event) => {
    if (event.key !== key || (event.repeat && !repeats) || !isFree(event)) return;
    event.preventDefault();
    act();
  });
}

/** Runs `act` on Ctrl or Cmd with `key`, also while someone types. */
export function useCommandKey(key: string, act: () => void): void {
  useKeyDown((event) => {
    if (event.key.toLowerCase() !== key || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    act();
  });
}

let firstKey: { readonly key: string; readonly atMs: number } | undefined;

/** Runs what stands behind a second key when it follows `first` soon: `g` then `f`. */
export function useKeySequence(first: string, second: ReadonlyMap<string, () => void>): void {
  useKeyDown((event) => {
    if (!isFree(event)) return;
    const act = firstKey?.key === first && event.timeStamp - firstKey.atMs < sequenceMs && second.get(event.key);
    firstKey = event.key === first ? { key: first, atMs: event.timeStamp } : undefined;
    if (!act) return;
    event.preventDefault();
    act();
  });
}

function useKeyDown(onKeyDown: (event: KeyboardEvent) => void): void {
  const onKey = useEffectEvent(onKeyDown);
  // Not `useEffect`: that may run after the page is seen, and a key that is pressed at once would be lost.
  useLayoutEffect(() => {
    // A new function each: two of one component must not be taken for one.
    const listener = (event: KeyboardEvent) => onKey(event);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
}

function isFree(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return false;
  // Inside a shadow root, as an editor's, the event's own target is only its host.
  return !isTyping(event.composedPath()[0] ?? null) && !isDialogOpen();
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

function isDialogOpen(): boolean {
  // Toasts have these roles, too, but take nothing over; and one that was answered is still going out of sight.
  return document.querySelector(':is([role="dialog"], [role="alertdialog"]):not([data-toast], [data-closed])') !== null;
}
