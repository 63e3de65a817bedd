import { findBucketer } from '../bucketing/bucketer.ts';
import { compileClaim, layerHash } from '../compile/claim.ts';
import { isLapsed } from '../compile/lease.ts';
import { rangesAt } from '../compile/schedule.ts';
import { seedOf } from '../compile/split.ts';
import type { Flag, Serve, Split } from '../model.ts';
import type { Walk } from './condition-trace.ts';
import { findPlace, nameTruth } from './describe.ts';
import type { ServeTrace } from './trace.ts';

/** Finds what a rule answers with, by walking its document. */
export function traceServe(serve: Serve, flag: Flag, walk: Walk): ServeTrace {
  if (!('split' in serve)) return { variant: serve.variant };
  const { split } = serve;
  if (split.layer === undefined) return traceSplit(split, flag, walk);
  const layer = walk.ruleset.findLayer(split.layer);
  if (layer === undefined) return { variant: undefined, layer: { key: split.layer, truth: 'false', place: undefined } };
  const truth = nameTruth(compileClaim(layer, flag.key)(walk.context, walk.nowMs));
  const found = { key: split.layer, truth, place: findPlace(layerHash(layer), walk.context) };
  if (truth !== 'true') return { variant: undefined, layer: found };
  return { ...traceSplit(split, flag, walk), layer: found };
}

function traceSplit(split: Split, flag: Flag, { context, nowMs, ruleset }: Walk): ServeTrace {
  const input = { by: split.by ?? 'targetingKey', seed: seedOf(split, flag) };
  const place = findPlace(input, context, findBucketer(split.bucketer));
  const ranges = rangesAt(split, nowMs);
  const { bucket } = place;
  const held = split.held === undefined ? {} : { held: split.held };
  if (bucket === undefined) return { variant: undefined, split: { place, ranges, range: undefined, ...held } };
  const range = ranges.find(({ from, to }) => from <= bucket && bucket < to);
  const drawn = range?.variant ?? flag.offVariant;
  const { lease } = split;
  const isBack = lease?.variant === drawn && isLapsed(lease, ruleset.contactAge?.() ?? 0);
  const served = { place, ranges, range, ...held };
  if (isBack) return { variant: lease.fallback, split: { ...served, lapsed: lease } };
  return { variant: drawn, split: served };
}
