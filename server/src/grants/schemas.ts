import { Type } from '@sinclair/typebox';
import { Key, Timestamp } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';
import { PageQuery } from '../http/page.ts';

export const Id = Type.String({ maxLength: 100 });
const SubjectKind = oneOf('user', 'group', 'service-account');
const Nullable = Type.Union([Key, Type.Null()]);

export const GrantSchema = Type.Object(
  {
    id: Id,
    subject: Type.Object({ kind: SubjectKind, id: Id, name: Type.String() }, { additionalProperties: false }),
    role: Key,
    project: Nullable,
    environment: Nullable,
    createdAt: Timestamp,
  },
  { $id: 'Grant', additionalProperties: false },
);

export const GrantInput = Type.Object(
  {
    subject: Type.Object({ kind: SubjectKind, id: Id }, { additionalProperties: false }),
    role: Key,
    project: Type.Optional(Type.Unsafe<string>({ ...Key, description: 'Without one: in the whole installation' })),
    environment: Type.Optional(Type.Unsafe<string>({ ...Key, description: 'Of the project; without one: all of it' })),
  },
  { $id: 'GrantInput', additionalProperties: false },
);

export const GrantQuery = Type.Object(
  {
    ...PageQuery,
    user: Type.Optional(Id),
    group: Type.Optional(Id),
    serviceAccount: Type.Optional(Id),
    project: Type.Optional(Key),
    role: Type.Optional(Key),
  },
  { additionalProperties: false },
);

export const GrantParams = Type.Object({ grant: Id }, { additionalProperties: false });
