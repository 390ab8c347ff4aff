import type { Comment, Module, Span } from '../tree.ts';

/** Replaces `text.slice(start, end)`. */
export interface TextChange extends Span {
  readonly text: string;
}

/** An environment variable that a file sets for the programs that are started with it. */
export interface VariableSetting extends Span {
  readonly kind: 'variable';
  readonly name: string;
  /** null: not written out. */
  readonly value: string | null;
  readonly valueSpan: Span;
  /** Sets another variable in the same way, beside this one. */
  readonly beside: (name: string, value: string) => TextChange;
}

/** Where pip or uv get packages built for CUDA alone. */
export interface CudaPackageSetting extends Span {
  readonly kind: 'cudaPackage';
  /** An index in place of PyPI, or the local version of a pinned requirement: cu121. */
  readonly how: 'index' | 'pin';
}

export type ProgramSetting = VariableSetting | CudaPackageSetting;

/** What a reader finds in a file that is not Python. */
export interface SettingsText {
  readonly settings: readonly ProgramSetting[];
  readonly comments: readonly Comment[];
  /** The text has a syntax error. */
  readonly broken?: boolean;
}

export type SettingsReader = (text: string) => SettingsText;

/** A file that is not Python, as rules see it: no statements, but settings. */
export interface SettingsModule extends Module {
  readonly settings: readonly ProgramSetting[];
  /** What begins a comment at the end of a line; null: nothing can stand there. */
  readonly lineComment: '#' | '//' | null;
  /** Is it about programs that no Mac runs? */
  readonly elsewhere: boolean;
}

export const isSettingsModule = (module: Module): module is SettingsModule => 'settings' in module;
