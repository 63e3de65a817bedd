import { Type } from '@sinclair/typebox';
import { DisplayName, Key } from '../../http/key-schema.ts';
import { BakeSeconds, RollbackWindowSeconds, StageInput, specFields } from '../spec-schemas.ts';

const { traffic: _, migration: __, ...ofTemplate } = specFields;

const fields = {
  name: DisplayName,
  description: Type.String({ maxLength: 1_000 }),
  ...ofTemplate,
  stages: Type.Array(StageInput, { minItems: 1, maxItems: 50 }),
  bakeSeconds: BakeSeconds,
  rollbackWindowSeconds: RollbackWindowSeconds,
};

export const ReleaseTemplateInput = Type.Object(fields, { $id: 'ReleaseTemplateInput', additionalProperties: false });

export const ReleaseTemplateSchema = Type.Object(
  { key: Key, isBuiltIn: Type.Boolean({ description: 'It comes with the server, and cannot be changed' }), ...fields },
  {
    $id: 'ReleaseTemplate',
    additionalProperties: false,
    description: 'A way to release. With a title, an environment, flags, traffic or a migration it makes a release',
  },
);

export const ReleaseTemplateParams = Type.Object({ project: Key, template: Key }, { additionalProperties: false });
