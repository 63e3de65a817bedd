import { memo } from 'react';
import type { Dependency, DependencyNode } from '../../api/types.ts';
import { classNames } from '../../ui/class-names.ts';
import { type Layout, nodeHeight, nodeWidth } from './layout.ts';
import type { Graph } from './reach.ts';

interface GraphSceneProps {
  /** As much of it as is to be drawn. */
  graph: Graph;
  layout: Layout;
  /** Id of the one that is looked at. */
  chosen: string | undefined;
  /** Ids of what has to do with it; undefined: everything counts alike. */
  near: ReadonlySet<string> | undefined;
  /** Whether names can be read at this size; else they are left out. */
  isDetailed: boolean;
}

const dots: Record<DependencyNode['state'], string> = {
  on: 'fill-live',
  off: 'fill-idle',
  killed: 'fill-danger',
  missing: 'fill-danger',
  used: 'fill-series-2',
  'under-way': 'fill-accent',
};

/** Characters of a name that fit; the whole of it is the tooltip. */
const shownCharacters = 24;

/** The drawing itself, which is made anew only when something of it changes: not when it is moved. */
export const GraphScene = memo(function GraphScene({ graph, layout, chosen, near, isDetailed }: GraphSceneProps) {
  const isFaded = (...ids: string[]) => near !== undefined && !ids.every((id) => near.has(id));
  return (
    <>
      {graph.dependencies.map((dependency) => (
        <Line
          key={`${dependency.from} ${dependency.to}`}
          dependency={dependency}
          layout={layout}
          isFaded={isFaded(dependency.from, dependency.to)}
          isDetailed={isDetailed}
        />
      ))}
      {graph.nodes.map((node) => {
        const place = layout.places.get(node.id);
        if (place === undefined) return null;
        return (
          <g
            key={node.id}
            data-node={node.id}
            transform={`translate(${place.x} ${place.y})`}
            className={classNames('cursor-pointer', isFaded(node.id) && 'opacity-25')}
          >
            <title>{node.name}</title>
            <rect
              width={nodeWidth}
              height={nodeHeight}
              rx={node.kind === 'segment' ? nodeHeight / 2 : node.kind === 'release' ? 0 : 6}
              strokeWidth={node.id === chosen ? 2.5 : 1}
              strokeDasharray={node.state === 'missing' ? '4 3' : undefined}
              className={classNames('fill-raised', node.id === chosen ? 'stroke-link' : 'stroke-edge-strong')}
            />
            <circle cx={16} cy={nodeHeight / 2} r={5} className={dots[node.state]} />
            {isDetailed && (
              <text x={30} y={nodeHeight / 2} dominantBaseline="central" className="fill-ink font-mono text-xs">
                {node.name.length > shownCharacters ? `${node.name.slice(0, shownCharacters - 1)}…` : node.name}
              </text>
            )}
          </g>
        );
      })}
    </>
  );
});

interface LineProps {
  dependency: Dependency;
  layout: Layout;
  isFaded: boolean;
  /** Heads of arrows cannot be told from dust otherwise, and cost as much as their lines. */
  isDetailed: boolean;
}

/** From the right of what depends to the left of what it depends on. */
function Line({ dependency: { from, to, why }, layout, isFaded, isDetailed }: LineProps) {
  const [start, end] = [layout.places.get(from), layout.places.get(to)];
  if (start === undefined || end === undefined) return null;
  const [x1, y1] = [start.x + nodeWidth, start.y + nodeHeight / 2];
  const [x2, y2] = [end.x, end.y + nodeHeight / 2];
  const bend = Math.max(24, Math.abs(x2 - x1) / 2);
  return (
    <path
      d={`M ${x1} ${y1} C ${x1 + bend} ${y1}, ${x2 - bend} ${y2}, ${x2} ${y2}`}
      fill="none"
      strokeWidth={1.25}
      strokeDasharray={why === 'segment' ? '2 3' : why === 'off' ? '6 4' : undefined}
      markerEnd={isDetailed ? 'url(#arrow)' : undefined}
      className={classNames(why === 'release' ? 'stroke-accent' : 'stroke-edge-strong', isFaded && 'opacity-15')}
    />
  );
}
