import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import type { TriggerEvent } from './trigger-event.ts';

/**
 * What of an event's document goes under `input` when a trigger maps nothing, by the kind of the
 * event; what is null there is left out.
 */
export function eventInput(document: JsonObject): Pick<TriggerEvent, 'basics' | 'offered'> {
  const pick = (...names: string[]) => present(names.map((name) => [name, document[name]]));
  const inside = (name: string, member: string): Json | undefined => {
    const value = document[name];
    return isJsonObject(value) ? value[member] : value;
  };
  switch (document['kind']) {
    case 'file':
      if (document['stage'] !== 'growing') return only(pick('file', 'dataset', 'returnTo', 'shot'));
      // Not every flow has a use for these, and one with a strict schema would refuse them.
      return { basics: pick('file', 'returnTo', 'shot'), offered: pick('sizeBytes', 'frames') };
    case 'run': {
      const run = inside('run', 'number');
      const parameters = isJsonObject(document['run']) ? inside('run', 'parameters') : undefined;
      return {
        basics: {
          ...pick('instrument', 'shot', 'returnTo', 'file', 'dataset'),
          ...present(Object.entries({ run, parameters })),
        },
        offered: pick('files', 'fileCount'),
      };
    }
    case 'parameter': {
      const value = isJsonObject(document['parameter'])
        ? { value: inside('parameter', 'value') ?? null }
        : {};
      const named = { parameter: inside('parameter', 'name'), run: inside('run', 'number') };
      return only({
        ...pick('instrument', 'returnTo', 'shot'),
        ...present(Object.entries(named)),
        ...value,
      });
    }
    case 'dataset': {
      const dataset = inside('dataset', 'id');
      return only({ ...pick('file', 'returnTo', 'shot'), ...present([['dataset', dataset]]) });
    }
    case 'schedule':
      return only(pick('scheduledAt'));
    case 'webhook':
      return only('body' in document ? { body: document['body'] ?? null } : {});
    case 'flow': {
      const { status, output } = isJsonObject(document['flowRun']) ? document['flowRun'] : {};
      const told = { flowRun: inside('flowRun', 'id'), status, output };
      return only({ ...pick('dataset', 'shot'), ...present(Object.entries(told)) });
    }
    default:
      return only({});
  }
}

function only(basics: JsonObject): { basics: JsonObject } {
  return { basics };
}

function present(members: readonly (readonly [string, Json | undefined])[]): JsonObject {
  return Object.fromEntries(
    members.flatMap(([name, value]) =>
      value === undefined || value === null ? [] : [[name, value]],
    ),
  );
}
