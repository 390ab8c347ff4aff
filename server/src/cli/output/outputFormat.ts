import { relative } from 'node:path';
import type { Applicability } from '../../rules/finding.ts';
import type { CheckedFile, CheckedFinding, Place } from '../run/checkedFile.ts';

/** What a run has to say. */
export interface Report {
  readonly files: readonly CheckedFile[];
  readonly allow: Applicability;
  readonly quiet: boolean;
  readonly color: boolean;
}

/** The whole text for stdout. */
export type OutputFormat = (report: Report) => string;

/** Every finding with its file. */
export const allFindings = (
  report: Report,
): { readonly file: CheckedFile; readonly finding: CheckedFinding }[] =>
  report.files.flatMap((file) => file.findings.map((finding) => ({ file, finding })));

/** `row:column`, for a notebook `cell 3:row:column`. */
export const positionText = ({ cell, location }: Place): string =>
  `${cell === null ? '' : `cell ${cell}:`}${location.row}:${location.column}`;

export const shownPath = (path: string): string => relative('.', path) || path;

/** `path:row:column` as every terminal can open it. */
export const placeText = (path: string, place: Place): string =>
  `${shownPath(path)}:${positionText(place)}`;

/**
 * Tools that know no cells are given the first line of the file, which exists: rows in a cell are
 * not rows of the notebook's JSON.
 */
export const lineOf = (place: Place): { row: number; column: number } =>
  place.cell === null ? place.location : { row: 1, column: 1 };

export const endOf = (place: Place): { row: number; column: number } =>
  place.cell === null ? place.end : { row: 1, column: 1 };

/** For tools that know no cells the message says which one it is. */
export const messageWithCell = ({ cell, location, message }: CheckedFinding): string =>
  cell === null ? message : `cell ${cell}, line ${location.row}: ${message}`;
