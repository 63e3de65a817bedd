import { plural, t } from '@lingui/core/macro';
import { Maximize, Minus, Plus } from 'lucide-react';
import { type MouseEvent, useMemo, useRef } from 'react';
import { IconButton } from '../../ui/button.tsx';
import { GraphScene } from './graph-scene.tsx';
import { layOut } from './layout.ts';
import { type Graph, reachOf } from './reach.ts';
import { areaOf, seenIn } from './seen.ts';
import { useView } from './use-view.ts';

/** Below this scale names cannot be read. */
const readableScale = 0.45;

interface GraphCanvasProps {
  graph: Graph;
  chosen: string | undefined;
  onChoose: (id: string | undefined) => void;
}

/** What depends on what, as a drawing that one moves over. The table says the same. */
export function GraphCanvas({ graph, chosen, onChoose }: GraphCanvasProps) {
  const frame = useRef<HTMLDivElement>(null);
  const layout = useMemo(
    () =>
      layOut(
        graph.nodes.map(({ id }) => id),
        graph.dependencies,
      ),
    [graph],
  );
  const near = useMemo(() => (chosen === undefined ? undefined : reachOf(graph.dependencies, chosen)), [graph, chosen]);
  const { view, handlers, wasMoved, showAll, zoomIn, zoomOut } = useView(frame, layout);
  // The frame is never larger than the window, whose size is at hand.
  const { left, top, right, bottom } = areaOf(view, window.innerWidth, window.innerHeight);
  const seen = useMemo(
    () => seenIn(graph, layout, { left, top, right, bottom }),
    [graph, layout, left, top, right, bottom],
  );
  const choose = (event: MouseEvent) => {
    if (wasMoved()) return;
    const node = (event.target as Element).closest('[data-node]')?.getAttribute('data-node') ?? undefined;
    onChoose(node === chosen ? undefined : node);
  };
  return (
    <div className="relative overflow-hidden rounded-md border border-line bg-sunken">
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: what a press chooses, the search and the table choose too */}
      <div
        ref={frame}
        role="application"
        aria-label={t`Graph of ${plural(graph.nodes.length, { one: '# thing', other: '# things' })} and ${plural(graph.dependencies.length, { one: '# link', other: '# links' })}`}
        aria-description={t`Arrow keys move it, plus and minus zoom, 0 shows all. The table says the same.`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is moved by keys
        tabIndex={0}
        className="h-[min(70dvh,44rem)] cursor-grab touch-none select-none -outline-offset-2 active:cursor-grabbing"
        onClick={choose}
        {...handlers}
      >
        <svg aria-hidden className="size-full">
          <defs>
            <marker
              id="arrow"
              viewBox="0 0 8 8"
              refX={8}
              refY={4}
              markerWidth={7}
              markerHeight={7}
              orient="auto-start-reverse"
            >
              <path d="M 0 0 L 8 4 L 0 8 z" className="fill-edge-strong" />
            </marker>
          </defs>
          <g transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}>
            <GraphScene
              graph={seen}
              layout={layout}
              chosen={chosen}
              near={near}
              isDetailed={view.scale >= readableScale}
            />
          </g>
        </svg>
      </div>
      <div className="absolute end-2 bottom-2 flex flex-col gap-1">
        <IconButton look="secondary" label={t`Zoom in`} onClick={zoomIn}>
          <Plus aria-hidden />
        </IconButton>
        <IconButton look="secondary" label={t`Zoom out`} onClick={zoomOut}>
          <Minus aria-hidden />
        </IconButton>
        <IconButton look="secondary" label={t`Show all`} onClick={showAll}>
          <Maximize aria-hidden />
        </IconButton>
      </div>
    </div>
  );
}
