import { type SubmitEvent, useState } from 'react';
import type { FormErrors } from './form-errors.ts';

interface FormOptions<Values, Ready> {
  initial: Values;
  /** Reads what was typed: either all of it is fine, or these are the errors. */
  check: (values: Values) => { ok: true; ready: Ready } | { ok: false; errors: FormErrors };
  /** Sends it. What it throws is turned into messages by `explain`. */
  submit: (ready: Ready) => Promise<void>;
  explain: (error: unknown) => FormErrors;
}

/** The state of a form: what was typed, what is wrong with it, and whether it is on its way. */
export function useForm<Values, Ready>({ initial, check, submit, explain }: FormOptions<Values, Ready>) {
  const [values, setValues] = useState(initial);
  const [errors, setErrors] = useState<FormErrors>({});
  const [busy, setBusy] = useState(false);

  const change = (part: Partial<Values>) => {
    setValues((current) => ({ ...current, ...part }));
    // An error that is being mended says nothing any more.
    setErrors({});
  };
  const onSubmit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const checked = check(values);
    if (!checked.ok) return setErrors(checked.errors);
    setErrors({});
    setBusy(true);
    try {
      await submit(checked.ready);
    } catch (error) {
      setErrors(explain(error));
    } finally {
      setBusy(false);
    }
  };
  return { values, change, errors, busy, onSubmit };
}
