import { Type } from '@sinclair/typebox';
import { RevisionSchema } from '../environments/schemas.ts';
import { oneOf } from '../http/literals.ts';
import { refTo } from '../http/ref.ts';

const NodeId = Type.String({ description: 'Kind and key, such as flag:checkout; of a release kind and id' });

export const DependencyNodeSchema = Type.Object(
  {
    id: NodeId,
    kind: oneOf('flag', 'segment', 'release'),
    key: Type.String({ description: "A flag's or segment's key, a release's id" }),
    name: Type.String({ description: 'The key, or the title of a release' }),
    state: oneOf('on', 'off', 'killed', 'missing', 'used', 'under-way'),
  },
  {
    $id: 'DependencyNode',
    additionalProperties: false,
    description:
      'A flag is on, off or killed, a segment used, a release under-way; what is named and not there is missing',
  },
);

export const DependencySchema = Type.Object(
  {
    from: NodeId,
    to: NodeId,
    why: oneOf('on', 'off', 'value', 'segment', 'release'),
  },
  {
    $id: 'Dependency',
    additionalProperties: false,
    description:
      'from depends on to. on, off, value: what a flag must be for another one. segment: a rule or condition asks ' +
      'whether someone is in it. release: a release holds the flag',
  },
);

export const DependenciesSchema = Type.Object(
  {
    revision: refTo(RevisionSchema),
    nodes: Type.Array(refTo(DependencyNodeSchema)),
    dependencies: Type.Array(refTo(DependencySchema)),
    alone: Type.Object(
      { flags: Type.Integer(), segments: Type.Integer() },
      {
        additionalProperties: false,
        description: 'How many depend on nothing, and nothing on them: they are not listed',
      },
    ),
  },
  { $id: 'Dependencies', additionalProperties: false },
);
