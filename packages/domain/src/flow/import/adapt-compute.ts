import { isJsonObject } from '../../json.ts';
import type { JsonObject } from '../../json.ts';
import { isGiven } from './foreign-reader.ts';
import type { ForeignReader } from './foreign-reader.ts';

/** Globus Compute, any version, as the input of `interpulse:compute`: each task is a job. */
export function adaptCompute(input: JsonObject, reader: ForeignReader): JsonObject {
  const label = typeof input['label'] === 'string' ? { label: input['label'] } : {};
  const given = reader.list(input, ['tasks']) ?? [input];
  if (given.length === 0) reader.problem('tasks is empty; a step runs one task or more');
  const tasks = given.map((task) => adaptTask(isJsonObject(task) ? task : {}, input, reader));
  return tasks.length === 1 ? { ...tasks[0], ...label } : { tasks, ...label };
}

function adaptTask(task: JsonObject, input: JsonObject, reader: ForeignReader): JsonObject {
  const args = task['args'] ?? [];
  if (!Array.isArray(args) || args.length > 0) {
    reader.problem('args have no names; apps take named parameters: give them as kwargs');
  }
  // The second version has the endpoint in the task, and calls the arguments payload.
  const endpoint = ['endpoint', 'endpoint_id'];
  const at = endpoint.some((field) => isGiven(input[field])) ? input : task;
  return {
    app: reader.name('apps', task, ['function', 'function_id', 'func']),
    site: reader.name('sites', at, endpoint),
    parameters: reader.object(task['kwargs'] ?? task['payload'] ?? {}, 'kwargs'),
  };
}
