import { DomainError } from '@interpulse/domain/error.ts';
import { flowLimits } from '@interpulse/domain/flow/flow-limits.ts';
import { measureJson, type Json } from '@interpulse/domain/json.ts';
import { mendJson } from '@interpulse/domain/mend-json.ts';
import { triggerLimits } from '@interpulse/domain/trigger/trigger-limits.ts';
import { headerOf, type WebhookRequest } from './webhook-signature.ts';

/**
 * What a delivery says: JSON where it says that it is, else its text. Senders write what they like:
 * what could not be stored is replaced, so that no event is lost by it.
 * @throws DomainError invalid.
 */
export function readWebhookBody(request: WebhookRequest): Json {
  const type = headerOf(request, 'content-type') ?? '';
  const text = decoded(request.body, type);
  const body = /json/i.test(type) ? parse(text) : text;
  const { webhookBytes } = triggerLimits;
  // Bytes were counted before; what is nested without end would end the stack.
  const { depth } = measureJson(body, 2 * webhookBytes, flowLimits.stateDepth);
  if (depth > flowLimits.stateDepth) {
    throw new DomainError('invalid', 'the body of the delivery is nested too deeply');
  }
  return mendJson(body);
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new DomainError('invalid', 'the body of the delivery is no JSON', { cause });
  }
}

/** UTF-8 where nothing else is said, or something that nobody knows. */
function decoded(bytes: Uint8Array, type: string): string {
  const said = /charset\s*=\s*"?([\w.:-]+)/i.exec(type)?.[1];
  try {
    return new TextDecoder(said).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}
