import { isJsonObject, type JsonObject } from '../json.ts';
import type { App } from './app.ts';

/** The values that the schema of an app's parameters names for those that a job leaves out. */
export function defaultParameters({ parameters }: Pick<App, 'parameters'>): JsonObject {
  const { properties } = parameters;
  if (!isJsonObject(properties)) return {};
  const entries = Object.entries(properties).flatMap(([name, schema]) => {
    const value = isJsonObject(schema) ? schema['default'] : undefined;
    return value === undefined || value === null ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}
