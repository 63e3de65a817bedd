import { Type } from '@sinclair/typebox';
import { EnvironmentSchema } from '../environments/schemas.ts';
import { DisplayName, Key, Timestamp } from '../http/key-schema.ts';
import { refTo } from '../http/ref.ts';
import { LineStopSchema } from '../line/schemas.ts';

export const ProjectSchema = Type.Object(
  {
    key: Key,
    name: DisplayName,
    version: Type.Integer({ description: 'For If-Match' }),
    createdAt: Timestamp,
    flagCount: Type.Integer({ description: 'Flags that are not archived' }),
    lineStopped: Type.Optional(refTo(LineStopSchema)),
    environments: Type.Array(refTo(EnvironmentSchema)),
  },
  { $id: 'Project', additionalProperties: false },
);

export const ProjectInput = Type.Object(
  { key: Key, name: DisplayName },
  { $id: 'ProjectInput', additionalProperties: false },
);

export const ProjectPatch = Type.Object({ name: DisplayName }, { $id: 'ProjectPatch', additionalProperties: false });

export const ProjectParams = Type.Object({ project: Key }, { additionalProperties: false });
