import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import type { Gate } from '../../../api/types.ts';
import { describeGate, describePolicy } from '../../../releases/describe-gate.ts';
import { Badge } from '../../../ui/badge.tsx';
import { buttonShape, IconButton } from '../../../ui/button.tsx';
import type { FormErrors } from '../../../ui/form-errors.ts';
import { Menu, MenuItem } from '../../../ui/menu.tsx';
import { problemsAt } from '../problem-words.ts';
import { GateDialog } from './gate-dialog.tsx';
import { freshGate, type GateGround, gateKindNames, gateKinds } from './gate-kinds.ts';

/** So many gates of one stage, or that are watched. */
const mostGates = 20;

interface GateRowsProps {
  project: string;
  ground: GateGround;
  gates: readonly Gate[];
  /** Where they are judged, for people: "Stage 2". */
  place: string;
  /** The same as the API has it: `stages[1].gates`. */
  path: string;
  errors: FormErrors;
  /** What the linter says of each, by its name. */
  sees: ReadonlyMap<string, string>;
  onChange: (gates: Gate[]) => void;
}

/** Gates in plain words, each with what it would see and what is wrong with it; to be edited, taken away, added. */
export function GateRows({ project, ground, gates, place, path, errors, sees, onChange }: GateRowsProps) {
  const [edited, setEdited] = useState<{ readonly gate: Gate; readonly at: number }>();
  const save = (gate: Gate, at: number) => {
    setEdited(undefined);
    onChange(at < gates.length ? gates.map((one, other) => (other === at ? gate : one)) : [...gates, gate]);
  };
  return (
    <div className="flex min-w-0 flex-col gap-1">
      {gates.length > 0 && (
        <ul aria-label={t`Gates, ${place}`} className="flex flex-col gap-1">
          {gates.map((gate, at) => (
            <li key={at} className="flex min-w-0 items-start gap-2 rounded-sm bg-sunken py-1 ps-2.5 pe-1">
              <div className="flex min-w-0 flex-1 flex-col gap-0.5 py-1 text-xs">
                <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
                  <button
                    type="button"
                    aria-label={t`Edit gate ${gate.name}, ${place}`}
                    onClick={() => setEdited({ gate, at })}
                    className="min-w-0 break-words rounded-xs text-start font-medium text-link hover:underline"
                  >
                    {gate.name}
                  </button>
                  {gate.dryRun === true && (
                    <Badge look="muted">
                      <Trans>dry run</Trans>
                    </Badge>
                  )}
                </p>
                <p className="break-words text-ink-2">
                  {describeGate(gate)} <span className="text-ink-3">{describePolicy(gate)}</span>
                </p>
                {sees.has(gate.name) && <p className="break-words text-ink-2 tabular-nums">{sees.get(gate.name)}</p>}
                {problemsAt(errors, `${path}[${at}]`).map((problem) => (
                  <p key={problem} role="alert" className="break-words text-danger-ink">
                    {problem}
                  </p>
                ))}
              </div>
              <IconButton
                label={t`Remove gate ${gate.name}, ${place}`}
                onClick={() => onChange(gates.filter((_, other) => other !== at))}
              >
                <X aria-hidden />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      {gates.length < mostGates && (
        <div>
          <Menu
            label={t`Add gate, ${place}`}
            triggerClassName={`${buttonShape} px-2 text-ink-2 text-xs hover:bg-hover hover:text-ink`}
            trigger={
              <Trans>
                <Plus aria-hidden />
                Add gate
              </Trans>
            }
          >
            {gateKindNames.map((kind) => (
              <MenuItem key={kind} onSelect={() => setEdited({ gate: freshGate(kind, ground, ''), at: gates.length })}>
                <span className="flex max-w-80 flex-col">
                  <span>{t(gateKinds[kind].name)}</span>
                  <span className="text-ink-3 text-xs">{t(gateKinds[kind].asks)}</span>
                </span>
              </MenuItem>
            ))}
          </Menu>
        </div>
      )}
      {edited && (
        <GateDialog
          {...{ project, ground, place }}
          gate={edited.gate}
          isNew={edited.at === gates.length}
          refused={within(errors, `${path}[${edited.at}].`)}
          onClose={() => setEdited(undefined)}
          onSave={(gate) => save(gate, edited.at)}
        />
      )}
    </div>
  );
}

function within(errors: FormErrors, prefix: string): FormErrors {
  return Object.fromEntries(
    Object.entries(errors)
      .filter(([place]) => place.startsWith(prefix))
      .map(([place, message]) => [place.slice(prefix.length), message]),
  );
}
