import { t } from '@lingui/core/macro';
import { useState } from 'react';
import type { Gate } from '../../../api/types.ts';
import { describeGate, describePolicy } from '../../../releases/describe-gate.ts';
import { ActOrCancel } from '../../../ui/act-or-cancel.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field, TextInput } from '../../../ui/field.tsx';
import type { FormErrors } from '../../../ui/form-errors.ts';
import { type GateGround, gateKinds, missingOfGate } from './gate-kinds.ts';
import { GateTrial } from './gate-trial.tsx';
import { KindFields } from './kind-fields.tsx';
import { PolicyFields } from './policy-fields.tsx';

interface GateDialogProps {
  project: string;
  ground: GateGround;
  /** As it is now, or a fresh one. */
  gate: Gate;
  isNew: boolean;
  /** Where it is judged: "Stage 2". */
  place: string;
  /** What the server says against it, by its places in the gate. */
  refused: FormErrors;
  onClose: () => void;
  onSave: (gate: Gate) => void;
}

/** Edits a gate: what it asks, what follows, and what it would say now. */
export function GateDialog({
  project,
  ground,
  gate: initial,
  isNew,
  place,
  refused,
  onClose,
  onSave,
}: GateDialogProps) {
  const [gate, setGate] = useState(initial);
  const [errors, setErrors] = useState(refused);
  const change = (part: object) => {
    setGate({ ...gate, ...part } as Gate);
    setErrors({});
  };
  const save = () => {
    const missing = missingOfGate(gate);
    if (Object.keys(missing).length > 0) return setErrors(missing);
    onSave(gate);
  };
  const isWhole = Object.keys(missingOfGate(gate)).length === 0;
  return (
    <Dialog
      open
      onClose={onClose}
      width="wide"
      title={isNew ? t`New gate: ${t(gateKinds[gate.kind].name)}` : t`Gate ${initial.name}`}
      description={`${place}. ${t(gateKinds[gate.kind].asks)}`}
    >
      <form
        noValidate
        aria-label={t`Gate`}
        onSubmit={(event) => {
          event.preventDefault();
          // A dialog is within the form of the release for React, though not for the page.
          event.stopPropagation();
          save();
        }}
      >
        <div className="flex flex-col gap-4 px-5 py-4">
          <Field label={t`Name`} error={errors.name}>
            <TextInput autoFocus value={gate.name} maxLength={100} onChange={(name) => change({ name })} />
          </Field>
          <KindFields {...{ project, ground, gate, errors, change }} />
          <PolicyFields {...{ gate, errors, change }} />
          {isWhole && (
            <p className="break-words text-ink-2 text-xs">
              {describeGate(gate)} {describePolicy(gate)}
            </p>
          )}
          <GateTrial {...{ project, ground, gate }} disabled={!isWhole} />
        </div>
        <ActOrCancel onCancel={onClose}>{isNew ? t`Add gate` : t`Save gate`}</ActOrCancel>
      </form>
    </Dialog>
  );
}
