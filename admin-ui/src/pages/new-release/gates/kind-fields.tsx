import type { Gate } from '../../../api/types.ts';
import type { FormErrors } from '../../../ui/form-errors.ts';
import { BurnRateFields } from './burn-rate-fields.tsx';
import { CalendarFields } from './calendar-fields.tsx';
import type { GateGround, GateKind, GateOf } from './gate-kinds.ts';
import { HttpFields } from './http-fields.tsx';
import { JobFields } from './job-fields.tsx';
import { MannWhitneyFields } from './mann-whitney-fields.tsx';
import { MigrationFields } from './migration-fields.tsx';
import { PrometheusFields } from './prometheus-fields.tsx';
import { SampleRatioFields } from './sample-ratio-fields.tsx';
import { SequentialFields } from './sequential-fields.tsx';

/** What the fields of each kind are given. */
export interface KindFieldsProps<K extends GateKind> {
  project: string;
  ground: GateGround;
  gate: GateOf<K>;
  /** By their places in the gate: `of.flag`. */
  errors: FormErrors;
  /** Undefined takes a field away. */
  change: (part: { [F in keyof GateOf<K>]?: GateOf<K>[F] | undefined }) => void;
}

interface AnyKindProps extends Omit<KindFieldsProps<GateKind>, 'gate' | 'change'> {
  gate: Gate;
  change: (part: object) => void;
}

/** What a gate asks, by its kind. */
export function KindFields({ gate, ...rest }: AnyKindProps) {
  switch (gate.kind) {
    case 'sequential':
      return <SequentialFields gate={gate} {...rest} />;
    case 'burn_rate':
      return <BurnRateFields gate={gate} {...rest} />;
    case 'sample_ratio':
      return <SampleRatioFields gate={gate} {...rest} />;
    case 'prometheus':
      return <PrometheusFields gate={gate} {...rest} />;
    case 'mann_whitney':
      return <MannWhitneyFields gate={gate} {...rest} />;
    case 'http':
      return <HttpFields gate={gate} {...rest} />;
    case 'migration':
      return <MigrationFields gate={gate} {...rest} />;
    case 'job':
      return <JobFields gate={gate} {...rest} />;
    case 'calendar':
      return <CalendarFields gate={gate} {...rest} />;
  }
}
