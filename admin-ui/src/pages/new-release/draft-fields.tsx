import { t } from '@lingui/core/macro';
import { Plus, X } from 'lucide-react';
import type { ReleaseLint } from '../../api/types.ts';
import type { ReleaseSpec } from '../../releases/release-spec.ts';
import { Button } from '../../ui/button.tsx';
import type { FormErrors } from '../../ui/form-errors.ts';
import { Panel } from '../../ui/panel.tsx';
import { AfterFields } from './after-fields.tsx';
import { FlagFields } from './flag-fields.tsx';
import { GateRows } from './gates/gate-rows.tsx';
import { MigrationFields } from './migration-fields.tsx';
import { isOfFlags, withMigration, withTraffic } from './release-draft.ts';
import { StageFields } from './stage-fields.tsx';
import { TrafficFields } from './traffic-fields.tsx';

interface DraftFieldsProps {
  project: string;
  draft: ReleaseSpec;
  errors: FormErrors;
  lint: ReleaseLint | undefined;
  onChange: (draft: ReleaseSpec) => void;
}

const nothingSeen: ReadonlyMap<string, string> = new Map();

/** All that a release is made of, part by part. */
export function DraftFields({ project, draft, errors, lint, onChange }: DraftFieldsProps) {
  const { strategy, traffic, migration, environment, watch = [] } = draft;
  const set = (part: Partial<ReleaseSpec>) => onChange({ ...draft, ...part });
  return (
    <>
      {traffic && <TrafficFields {...{ project, draft, traffic, errors }} onChange={set} />}
      {migration && (
        <MigrationFields
          {...{ project, environment, errors, plan: migration.plan }}
          onChange={(plan) => set({ migration: { plan } })}
        />
      )}
      <FlagFields {...{ project, draft, errors, onChange }} />
      {strategy !== 'flag_only' && (
        <div className="flex flex-wrap gap-2">
          <Part
            name="traffic"
            isThere={traffic !== undefined}
            isNeeded={!isOfFlags(strategy) && strategy !== 'migration'}
            onChange={(isMoved) => onChange(withTraffic(draft, isMoved))}
          />
          <Part
            name="a migration"
            isThere={migration !== undefined}
            isNeeded={strategy === 'migration'}
            onChange={(isMoved) => onChange(withMigration(draft, isMoved))}
          />
        </div>
      )}
      <StageFields {...{ project, draft, errors, lint, onChange }} />
      <Panel
        title={t`Watched all the way`}
        note={t`Judged in every stage and while it bakes; they only have to say no.`}
      >
        <div className="px-4 py-2.5">
          <GateRows
            {...{ project, ground: draft, gates: watch, place: t`all the way`, path: 'watch', errors }}
            sees={nothingSeen}
            onChange={(next) => set({ watch: next.length === 0 ? undefined : next })}
          />
        </div>
      </Panel>
      <AfterFields {...{ draft, errors }} onChange={set} />
      <p className="text-ink-3 text-xs">{t`Also set in JSON: the strategy, which comes with the way that was chosen.`}</p>
    </>
  );
}

interface PartProps {
  name: string;
  isThere: boolean;
  /** The strategy lives from it. */
  isNeeded: boolean;
  onChange: (isThere: boolean) => void;
}

/** Takes up, or leaves out, what a release may move besides. */
function Part({ name, isThere, isNeeded, onChange }: PartProps) {
  if (isNeeded) return null;
  const Sign = isThere ? X : Plus;
  return (
    <Button look="quiet" onClick={() => onChange(!isThere)}>
      <Sign aria-hidden />
      {isThere ? t`Leave ${name} out` : t`Move ${name} as well`}
    </Button>
  );
}
