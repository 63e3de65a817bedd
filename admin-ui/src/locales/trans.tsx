import { Trans as Sentence, type TransProps } from '@lingui/react';

/** What Lingui would read in a value: a tag, or the escape of a character. */
const READ_BY_LINGUI = /[<\\]/;

/**
 * A sentence with its values as they are. Lingui looks for its tags in the finished sentence: a flag called `<b>` would lose
 * its name, and one called `<0>` would be drawn as the sentence's first link. Such a value goes in as an element instead.
 * `<Trans>` of the macros becomes this one (`runtimeConfigModule` in lingui.config.ts).
 */
export function Trans({ values, ...props }: TransProps) {
  return <Sentence {...props} {...(values && { values: Object.fromEntries(Object.entries(values).map(asItIs)) })} />;
}

function asItIs([name, value]: [string, unknown]): [string, unknown] {
  return [name, typeof value === 'string' && READ_BY_LINGUI.test(value) ? [value] : value];
}
