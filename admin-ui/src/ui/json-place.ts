import { jsonLanguage } from '@codemirror/lang-json';

/** Something that is wrong with a JSON document, and where: `phases.backfill.up[0].from`. */
export interface JsonProblem {
  readonly path: string;
  readonly message: string;
}

/** Half-open, in UTF-16 units. */
interface Span {
  readonly from: number;
  readonly to: number;
}

type Node = ReturnType<typeof jsonLanguage.parser.parse>['topNode'];

/**
 * Where a path is in a text of JSON: its value, or its name where the value is an object or a list. Of what is not there,
 * the nearest thing around it; the beginning, when nothing of it is.
 */
export function placeIn(text: string, path: string): Span {
  let value = jsonLanguage.parser.parse(text).topNode.firstChild;
  let span: Span = { from: value?.from ?? 0, to: Math.min(text.length, (value?.from ?? 0) + 1) };
  for (const part of path.match(/[^.[\]]+/g) ?? []) {
    const inner = value === null ? undefined : step(text, value, part);
    if (inner === undefined) break;
    ({ value, span } = inner);
  }
  return span;
}

/** Counted from 1. */
export function lineOf(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}

function step(text: string, node: Node, part: string): { readonly value: Node; readonly span: Span } | undefined {
  if (node.name === 'Array') {
    const value = childrenOf(node)[Number(part)];
    if (value === undefined) return undefined;
    return { value, span: { from: value.from, to: isNested(value) ? value.from + 1 : value.to } };
  }
  for (const property of node.getChildren('Property')) {
    const name = property.getChild('PropertyName');
    const value = property.lastChild;
    if (name === null || value === null || text.slice(name.from + 1, name.to - 1) !== part) continue;
    const { from, to } = isNested(value) ? name : value;
    return { value, span: { from, to } };
  }
  return undefined;
}

/** Without brackets and what is no JSON. */
function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (/^[A-Z]/.test(child.name)) children.push(child);
  }
  return children;
}

function isNested({ name }: Node): boolean {
  return name === 'Object' || name === 'Array';
}
