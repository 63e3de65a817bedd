import {
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
  useEffect,
  useEffectEvent,
  useRef,
  useState,
} from 'react';

/** What of the drawing is seen: a point of it is at `x + scale * point`. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

const minScale = 0.04;
const maxScale = 2;
/** Of a press of a key or a button. */
const zoomStep = 1.25;
const panStepPx = 60;
/** Around the whole, when all of it is shown. */
const marginPx = 24;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Zooms so that the point of the drawing under (px, py) stays there. */
export function zoomAt({ x, y, scale }: View, factor: number, px: number, py: number): View {
  const next = Math.min(maxScale, Math.max(minScale, scale * factor));
  const ratio = next / scale;
  return { scale: next, x: px - (px - x) * ratio, y: py - (py - y) * ratio };
}

/** All of the drawing, in the middle, and never larger than it is. */
export function fit(drawing: Size, frame: Size): View {
  const across = (frame.width - 2 * marginPx) / Math.max(1, drawing.width);
  const down = (frame.height - 2 * marginPx) / Math.max(1, drawing.height);
  const scale = Math.max(minScale, Math.min(1, across, down));
  const x = (frame.width - drawing.width * scale) / 2;
  return { scale, x, y: (frame.height - drawing.height * scale) / 2 };
}

/**
 * Moves over a drawing by pointer, fingers, wheel (with Ctrl or Cmd) and keyboard: arrows, + and -, 0 for all of it.
 * Starts with all of it, and anew whenever it is another drawing.
 */
export function useView(frame: RefObject<HTMLElement | null>, drawing: Size) {
  const [view, setView] = useState<View>({ x: 0, y: 0, scale: 1 });
  const pointers = useRef(new Map<number, { x: number; y: number }>());
  const moved = useRef(false);
  const sizeOf = () => frame.current?.getBoundingClientRect() ?? new DOMRect(0, 0, 800, 600);
  const showAll = () => setView(fit(drawing, sizeOf()));
  const zoomBy = (factor: number, px = sizeOf().width / 2, py = sizeOf().height / 2) =>
    setView((now) => zoomAt(now, factor, px, py));
  const panBy = (dx: number, dy: number) => setView((now) => ({ ...now, x: now.x + dx, y: now.y + dy }));

  const showAllAnew = useEffectEvent(showAll);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another drawing is shown from its beginning
  useEffect(() => showAllAnew(), [drawing]);
  const onWheel = useEffectEvent((event: WheelEvent) => {
    // Without them the wheel scrolls the page, as everywhere.
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const { left, top } = sizeOf();
    zoomBy(Math.exp(-event.deltaY / 300), event.clientX - left, event.clientY - top);
  });
  useEffect(() => {
    const element = frame.current;
    const listen = (event: WheelEvent) => onWheel(event);
    // React listens passively, and could not keep the page from zooming.
    element?.addEventListener('wheel', listen, { passive: false });
    return () => element?.removeEventListener('wheel', listen);
  }, [frame]);

  const handlers = {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (event.button !== 0) return;
      moved.current = pointers.current.size > 0;
      pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      const before = pointers.current.get(event.pointerId);
      if (before === undefined) return;
      // Let go outside before it was a drag, of which nothing is heard here.
      if (event.buttons === 0) return void pointers.current.delete(event.pointerId);
      const now = { x: event.clientX, y: event.clientY };
      const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
      if (!moved.current && Math.hypot(now.x - before.x, now.y - before.y) < 4) return;
      if (!moved.current) event.currentTarget.setPointerCapture(event.pointerId);
      moved.current = true;
      pointers.current.set(event.pointerId, now);
      if (other === undefined) return panBy(now.x - before.x, now.y - before.y);
      const { left, top } = sizeOf();
      const apart = (point: { x: number; y: number }) => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
      zoomBy(apart(now) / apart(before), (now.x + other.x) / 2 - left, (now.y + other.y) / 2 - top);
    },
    onPointerUp(event: PointerEvent<HTMLElement>) {
      pointers.current.delete(event.pointerId);
    },
    onPointerCancel(event: PointerEvent<HTMLElement>) {
      pointers.current.delete(event.pointerId);
    },
    onKeyDown(event: KeyboardEvent<HTMLElement>) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const act = {
        ArrowLeft: () => panBy(panStepPx, 0),
        ArrowRight: () => panBy(-panStepPx, 0),
        ArrowUp: () => panBy(0, panStepPx),
        ArrowDown: () => panBy(0, -panStepPx),
        '+': () => zoomBy(zoomStep),
        '=': () => zoomBy(zoomStep),
        '-': () => zoomBy(1 / zoomStep),
        '0': showAll,
      }[event.key];
      if (act === undefined) return;
      event.preventDefault();
      act();
    },
  };
  /** Whether the press that ends now moved the drawing, and so chose nothing. */
  const wasMoved = () => moved.current;
  return { view, handlers, wasMoved, showAll, zoomIn: () => zoomBy(zoomStep), zoomOut: () => zoomBy(1 / zoomStep) };
}
