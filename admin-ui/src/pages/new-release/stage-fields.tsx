import { Plus, X } from 'lucide-react';
import { Button, IconButton } from '../../ui/button.tsx';
import type { FormErrors } from '../../ui/form-errors.ts';
import { NumberInput } from '../../ui/number-input.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Select } from '../../ui/select.tsx';
import { type DraftStage, newStage, stagesOf, templates } from './release-draft.ts';

const lateOptions = [
  { value: 'hold', label: 'wait and say so' },
  { value: 'abort', label: 'abort' },
] as const;

/** A month and a quarter: what the server takes. */
const maxSoakMinutes = 30 * 1_440;
const maxLateMinutes = 90 * 1_440;

interface StageFieldsProps {
  stages: readonly DraftStage[];
  errors: FormErrors;
  onChange: (stages: readonly DraftStage[]) => void;
}

/** The stages of a release: how many people, watched for how long, and who must approve before the next. */
export function StageFields({ stages, errors, onChange }: StageFieldsProps) {
  const change = (stage: DraftStage, part: Partial<DraftStage>) =>
    onChange(stages.map((one) => (one === stage ? { ...one, ...part } : one)));
  return (
    <Panel
      title="Stages"
      note="Each is watched for at least as long as you say."
      actions={templates.map((template) => (
        <Button key={template.name} look="quiet" title={template.words} onClick={() => onChange(stagesOf(template))}>
          {template.name}
        </Button>
      ))}
    >
      <ol aria-label="Stages of the release">
        {stages.map((stage, at) => (
          <li
            key={stage.id}
            className="flex flex-wrap items-center gap-x-3 gap-y-2 border-line border-b px-4 py-2 text-ink-2 text-xs"
          >
            <span className="w-12 font-medium text-ink">Stage {at + 1}</span>
            <Box width="w-22">
              <NumberInput
                label={`Share of stage ${at + 1}`}
                value={stage.percent}
                onChange={(percent) => change(stage, { percent })}
                {...{ min: 0.001, max: 100, digits: 3, unit: '%' }}
              />
            </Box>
            <span className="flex items-center gap-1.5 max-sm:order-1">
              watch for
              <Box width="w-20">
                <NumberInput
                  label={`Minutes that stage ${at + 1} is watched`}
                  value={stage.soakMinutes}
                  onChange={(soakMinutes) => change(stage, { soakMinutes })}
                  {...{ min: 0, max: maxSoakMinutes, digits: 1 }}
                />
              </Box>
              min
            </span>
            <span className="flex items-center gap-1.5 max-sm:order-1">
              <Box width="w-16">
                <NumberInput
                  label={`Approvals after stage ${at + 1}`}
                  value={stage.approvals}
                  onChange={(approvals) => change(stage, { approvals })}
                  {...{ min: 0, max: 10 }}
                />
              </Box>
              must approve
            </span>
            <span className="flex items-center gap-1.5 max-sm:order-1">
              late after
              <Box width="w-20">
                <NumberInput
                  label={`Minutes after which stage ${at + 1} is late, 0 for never`}
                  value={stage.maxMinutes}
                  onChange={(maxMinutes) => change(stage, { maxMinutes })}
                  {...{ min: 0, max: maxLateMinutes, digits: 1 }}
                />
              </Box>
              {stage.maxMinutes === 0 ? 'min: never' : 'min: then'}
            </span>
            {stage.maxMinutes > 0 && (
              <Box width="w-36 max-sm:order-1">
                <Select
                  label={`When stage ${at + 1} is late`}
                  value={stage.onLate}
                  options={lateOptions}
                  onChange={(onLate) => change(stage, { onLate })}
                />
              </Box>
            )}
            <IconButton
              label={`Remove stage ${at + 1}`}
              disabled={stages.length === 1}
              onClick={() => onChange(stages.filter((one) => one !== stage))}
              className="ms-auto"
            >
              <X aria-hidden />
            </IconButton>
            {errors[`stages[${at}]`] && (
              <p role="alert" className="w-full text-danger-ink max-sm:order-1">
                {errors[`stages[${at}]`]}
              </p>
            )}
          </li>
        ))}
      </ol>
      <div className="flex flex-wrap items-center gap-3 px-4 py-2">
        <Button look="quiet" onClick={() => onChange(withAnother(stages))} disabled={stages.length >= 50}>
          <Plus aria-hidden />
          Add stage
        </Button>
        {errors.stages && (
          <p role="alert" className="text-danger-ink text-xs">
            {errors.stages}
          </p>
        )}
      </div>
    </Panel>
  );
}

function Box({ width, children }: { width: string; children: React.ReactNode }) {
  return <span className={width}>{children}</span>;
}

/** One more stage before the last, half way between it and the one before. */
function withAnother(stages: readonly DraftStage[]): readonly DraftStage[] {
  const last = stages.at(-1);
  const before = stages.at(-2)?.percent ?? 0;
  if (!last) return stages;
  const percent = Math.round(((before + last.percent) / 2) * 1_000) / 1_000;
  return [...stages.slice(0, -1), newStage({ percent, soakMinutes: last.soakMinutes }), last];
}
