import type { Facts } from '../semantics/facts.ts';
import { interpret } from '../semantics/interpreter.ts';
import type { ImportSite } from '../semantics/moduleSource.ts';
import { nowhere } from '../semantics/moduleSource.ts';
import { RecordedValues } from '../semantics/recordedValues.ts';
import type { Environment } from '../semantics/target.ts';
import type { Module } from '../syntax/tree.ts';

/** What hints, hovers and lenses are made from: values and facts of one and the same interpretation. */
export interface ProgramValues {
  readonly facts: Facts;
  readonly values: RecordedValues;
}

/** Runs the program once more, with every value kept. */
export function programValues(
  module: Module,
  environment: Environment,
  site: ImportSite = nowhere,
): ProgramValues {
  const values = new RecordedValues();
  return { facts: interpret(module, environment, values, site), values };
}
