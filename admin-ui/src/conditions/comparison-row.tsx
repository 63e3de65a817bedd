import type { Comparison, Json, Operator } from '@bunting/core';
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Checkbox } from '../ui/checkbox.tsx';
import { Select } from '../ui/select.tsx';
import { SuggestInput } from '../ui/suggest-input.tsx';
import { ComparisonValues, ValueKind } from './comparison-values.tsx';
import { factsOf, isList, operatorsFor } from './operators.ts';
import { useSurroundings } from './surroundings.ts';

interface ComparisonRowProps {
  comparison: Comparison;
  negated: boolean;
  /** Where it stands, for accessible names: "condition 2 of rule 1". */
  place: string;
  onChange: (comparison: Comparison, negated: boolean) => void;
}

const elementChoices = [
  { value: 'any', label: msg`any element` },
  { value: 'all', label: msg`every element` },
] as const;

/** An attribute, how it is compared, and with what. */
export function ComparisonRow({ comparison, negated, place, onChange }: ComparisonRowProps) {
  const { attributes } = useSurroundings();
  const { attribute, operator, values, ignoreCase = false, elements } = comparison;
  const type = attributes.find(({ path }) => path === attribute)?.type;
  const facts = factsOf(operator);
  const change = (part: Partial<Comparison>) => onChange(cleaned({ ...comparison, ...part }), negated);
  const choose = (chosen: string) => {
    const not = chosen.startsWith('not ');
    onChange(cleaned({ ...comparison, operator: chosen.replace(/^not /, '') as Operator }), not);
  };
  const choices = operatorsFor(type, operator).flatMap((each) => [
    { value: each.operator as string, label: each.words },
    { value: `not ${each.operator}`, label: each.negated },
  ]);
  return (
    <div className="flex min-w-0 flex-1 flex-col gap-1.5">
      <div className="grid gap-1.5 sm:grid-cols-[minmax(8rem,3fr)_minmax(9rem,2fr)_minmax(10rem,6fr)]">
        <SuggestInput
          label={t`Attribute of ${place}`}
          placeholder={t`attribute`}
          value={attribute}
          suggestions={suggestions(attributes)}
          onChange={(next) => change({ attribute: next, ...elementsFor(attributes, next, elements) })}
        />
        <div className="flex min-w-0 gap-1.5">
          {(elements !== undefined || isList(type)) && (
            <Select
              label={t`Which elements, ${place}`}
              value={elements ?? 'any'}
              options={elementChoices}
              onChange={(next) => change({ elements: next })}
            />
          )}
          <Select
            label={t`Operator of ${place}`}
            value={negated ? `not ${operator}` : operator}
            options={choices}
            onChange={choose}
          />
        </div>
        {facts?.values !== 'none' && (
          <ComparisonValues
            values={values}
            form={facts?.values ?? 'text'}
            example={facts?.example}
            type={type}
            place={place}
            onChange={(next: Json[]) => change({ values: next })}
          />
        )}
      </div>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5 empty:hidden">
        {facts?.values === 'same' && (
          <ValueKind values={values} type={type} place={place} onChange={(next) => change({ values: next })} />
        )}
        {facts?.folds && values.some((value) => typeof value === 'string') && (
          // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox is in it, under a component's name
          <label className="flex w-fit items-center gap-2 text-ink-2 text-xs">
            <Checkbox
              label={t`Ignore case, ${place}`}
              checked={ignoreCase}
              onChange={(next) => change({ ignoreCase: next })}
            />
            <span aria-hidden>
              <Trans>Ignore case</Trans>
            </span>
          </label>
        )}
      </div>
      <AttributeNote path={attribute} type={type} operator={operator} />
    </div>
  );
}

/** Says when an attribute was never seen, or never as what the operator compares: probably a typing mistake. */
function AttributeNote({ path, type, operator }: { path: string; type: string | undefined; operator: Operator }) {
  const { attributes, environment } = useSurroundings();
  if (path === '' || path === 'targetingKey' || attributes.length === 0) return null;
  if (type === undefined) {
    return (
      <p className="text-ink-2 text-xs">
        <Trans>
          No context with <code className="font-mono">{path}</code> was seen in {environment.name} in the last 30 days.
        </Trans>
      </p>
    );
  }
  if (operatorsFor(type, 'present').some((facts) => facts.operator === operator)) return null;
  return (
    <p className="text-ink-2 text-xs">
      <Trans>
        <code className="font-mono">{path}</code> was seen as {type}: this comparison is unknown for it, and matches
        nobody.
      </Trans>
    </p>
  );
}

function suggestions(attributes: readonly { path: string; type: string }[]) {
  const seen = attributes.map(({ path, type }) => ({ value: path, note: type }));
  return attributes.some(({ path }) => path === 'targetingKey')
    ? seen
    : [{ value: 'targetingKey', note: 'string' }, ...seen];
}

/** Another attribute that is no list is not asked for its elements. */
function elementsFor(
  attributes: readonly { path: string; type: string }[],
  path: string,
  present: Comparison['elements'],
): { elements?: Comparison['elements'] } {
  const type = attributes.find((attribute) => attribute.path === path)?.type;
  if (type === undefined) return {};
  return { elements: isList(type) ? (present ?? 'any') : undefined };
}

/** Without what is not said, and without values where none are asked for. */
function cleaned({ attribute, operator, values, ignoreCase, elements }: LooseComparison): Comparison {
  return {
    ...{ attribute, operator, values: factsOf(operator)?.values === 'none' ? [] : values },
    ...(ignoreCase === true && factsOf(operator)?.folds && { ignoreCase }),
    ...(elements !== undefined && factsOf(operator)?.values !== 'none' && { elements }),
  };
}

type LooseComparison = { [Key in keyof Comparison]: Comparison[Key] | undefined } & Pick<
  Comparison,
  'attribute' | 'operator' | 'values'
>;
