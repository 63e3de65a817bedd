import type { Finding } from '@bunting/core';
import { createContext, useContext } from 'react';
import type { Attribute, Environment, Flag } from '../../api/types.ts';

/** What every part of the editor may look at. */
export interface Editor {
  readonly project: string;
  readonly flag: Flag;
  readonly environment: Environment;
  /** Of contexts that were seen; empty: none was, or none is told. */
  readonly attributes: readonly Attribute[];
}

const EditorContext = createContext<Editor | undefined>(undefined);

export const EditorProvider = EditorContext.Provider;

export function useEditor(): Editor {
  const editor = useContext(EditorContext);
  if (editor === undefined) throw new Error('a part of the editor is shown outside of it');
  return editor;
}

/**
 * What is wrong or doubtful about the draft, each with its place in the flag's document. Apart from the rest, since it is
 * another one with each key that is pressed: only what shows findings is then rendered anew.
 */
const FindingsContext = createContext<readonly Finding[]>([]);

export const FindingsProvider = FindingsContext.Provider;

export function useFindings(): readonly Finding[] {
  return useContext(FindingsContext);
}
