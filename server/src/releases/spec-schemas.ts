import { BUCKET_COUNT } from '@bunting/core';
import { Type } from '@sinclair/typebox';
import { GateSchema, MAX_GATES } from '../gates/schemas.ts';
import { Key } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';
import { refTo } from '../http/ref.ts';
import { PHASES as MIGRATION_PHASES } from '../migration-plans/phase.ts';
import { STRATEGIES, TRAFFIC_NEEDS } from './spec.ts';

const DAY_SECONDS = 86_400;

export const Share = Type.Integer({ minimum: 0, maximum: BUCKET_COUNT, description: 'In 1/100 000' });
export const PhaseOfMigration = oneOf(...MIGRATION_PHASES);

export const flagFields = {
  flag: Key,
  candidate: Type.String({ minLength: 1, maxLength: 100, description: 'The variant that is released' }),
  baseline: Type.String({ minLength: 1, maxLength: 100, description: 'What is served before, and on the way back' }),
  rule: Type.Optional(
    Type.String({ maxLength: 100, description: 'Whose subjects take part; without it: those of the default rule' }),
  ),
};

const Version = Type.String({ minLength: 1, maxLength: 200, description: 'A deploy version' });

const TrafficOfRelease = Type.Object(
  {
    target: Type.String({ minLength: 1, maxLength: 100, description: 'Key of a traffic target of the environment' }),
    candidate: Version,
    baseline: Version,
  },
  { additionalProperties: false },
);

const MigrationOfRelease = Type.Object(
  { plan: Type.String({ minLength: 1, maxLength: 100, description: 'Key of a migration plan of the environment' }) },
  { additionalProperties: false },
);

const exposureFields = {
  trafficPer100k: Type.Optional(Share),
  shadowPer100k: Type.Optional(Share),
  migrationPhase: Type.Optional(PhaseOfMigration),
};

/** What of a release is out. */
export const ExposureSchema = Type.Object(
  { flagsPer100k: Share, ...exposureFields },
  {
    additionalProperties: false,
    description:
      "The flags' candidates, requests that the candidate version answers, and requests that it gets copies of, each in " +
      '1/100 000; the phase of the migration. What the release does not move is not there',
  },
);

const stageFields = {
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  ...exposureFields,
  soakSeconds: Type.Integer({
    minimum: 0,
    maximum: 30 * DAY_SECONDS,
    description: 'How long it is watched at least, from when the exposure was seen',
  }),
  maxSeconds: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 90 * DAY_SECONDS, description: 'From when on it is late; without it: never' }),
  ),
  onLate: Type.Optional(oneOf('hold', 'abort')),
  approvals: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 10, description: 'How many others must approve before the next stage' }),
  ),
  gates: Type.Optional(
    Type.Array(refTo(GateSchema), { maxItems: MAX_GATES, description: 'All must have passed before the next stage' }),
  ),
  blind: Type.Optional(
    Type.Boolean({ description: 'Its gates are known to be too weak to see anything; else such a stage is refused' }),
  ),
};

/** As it is written: what is left out is as in the stage before. */
export const StageInput = Type.Object(
  { flagsPer100k: Type.Optional(Share), ...stageFields },
  { additionalProperties: false },
);
export const StageSchema = Type.Object({ flagsPer100k: Share, ...stageFields }, { additionalProperties: false });

/** What a release and a template have in common, but for their stages. */
export const specFields = {
  strategy: oneOf(...STRATEGIES),
  traffic: Type.Optional(TrafficOfRelease),
  migration: Type.Optional(MigrationOfRelease),
  leaseSeconds: Type.Optional(
    Type.Integer({
      minimum: 5,
      maximum: DAY_SECONDS,
      description:
        'After how long without a server that looks after it what is exposed falls back by itself; without it: never. With flags: 45 at least',
    }),
  ),
  needs: Type.Optional(
    Type.Array(oneOf(...TRAFFIC_NEEDS), {
      maxItems: TRAFFIC_NEEDS.length,
      uniqueItems: true,
      description: 'What the traffic target must be able to do',
    }),
  ),
  watch: Type.Optional(
    Type.Array(refTo(GateSchema), {
      maxItems: MAX_GATES,
      description: 'Gates that are judged in every stage and while it bakes; they only have to say no',
    }),
  ),
};

export const PointsOfNoReturn = Type.Array(
  Type.Object({ stage: Type.Integer(), reason: Type.String() }, { additionalProperties: false }),
  { description: 'Stages from which there is no way back to the baseline, by their index' },
);

export const BakeSeconds = Type.Integer({ minimum: 0, maximum: 90 * DAY_SECONDS, description: '600 unless given' });
export const RollbackWindowSeconds = Type.Integer({
  minimum: 0,
  maximum: 365 * DAY_SECONDS,
  description: 'A week unless given',
});
