import { Type } from '@sinclair/typebox';
import { BurnRateGate, SampleRatioGate, SequentialGate } from './kinds/counts-schemas.ts';
import { CalendarGate, HttpGate, JobGate, MigrationGate } from './kinds/step-schemas.ts';
import { MannWhitneyGate, PrometheusGate } from './kinds/value-schemas.ts';

export const GateSchema = Type.Union(
  [
    HttpGate,
    PrometheusGate,
    SequentialGate,
    BurnRateGate,
    SampleRatioGate,
    MannWhitneyGate,
    MigrationGate,
    JobGate,
    CalendarGate,
  ],
  { $id: 'Gate', description: 'What must be so before the next stage may begin, or while the release goes on' },
);

/** So many gates of one stage, or that are watched. */
export const MAX_GATES = 20;
