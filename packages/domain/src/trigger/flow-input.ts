import { validateInput } from '../flow/validate-input.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { hasMapping } from './evaluate-trigger.ts';
import type { TriggerEvent } from './trigger-event.ts';

/**
 * What a flow is started with: the input that its trigger made, and of what the event offers beside
 * it what the flow's input schema lets in.
 */
export function flowInput(
  trigger: { input: JsonObject },
  event: Pick<TriggerEvent, 'offered'>,
  made: JsonObject,
  inputSchema: JsonObject,
): JsonObject {
  const { offered } = event;
  if (offered === undefined || hasMapping(trigger.input)) return made;
  let input = made;
  let faults = validateInput(inputSchema, input).length;
  for (const [name, value] of Object.entries(offered)) {
    const inner = isJsonObject(input['input']) ? input['input'] : {};
    const fuller = { ...input, input: { ...inner, [name]: value } };
    const more = validateInput(inputSchema, fuller).length;
    if (more > faults) continue;
    input = fuller;
    faults = more;
  }
  return input;
}
