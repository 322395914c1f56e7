import type { FlowDefinition } from '@interpulse/domain/flow/definition.ts';
import { flowLimits } from '@interpulse/domain/flow/flow-limits.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import type { NoticeSettings } from '@interpulse/domain/notice/notice-rule.ts';
import { readPlace } from '@interpulse/domain/notice/notice-place.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import { findNoticeSettings } from '@interpulse/store/notices/notice-settings.ts';
import { identityUrn } from '../action-providers/urn.ts';

/** What of the context a definition reads: it is kept with each of its flow runs. */
interface ContextUse {
  readsContext: boolean;
  /** The address of mail, which has to be looked up. */
  readsEmail: boolean;
}

const uses = new WeakMap<FlowDefinition, ContextUse>();

/**
 * Who started a flow run as `$._context` tells it in Globus' words: without `identities`,
 * `token_info` and `email` where the definition reads nothing of it. `email` is the address at
 * which its owner hears of things here, else empty.
 */
export async function whoStarted(
  db: Executor,
  definition: FlowDefinition,
  owner: { id: string; name: string },
  now: string,
): Promise<JsonObject> {
  const urn = identityUrn(owner.id);
  const who = { username: owner.name, user_id: urn };
  const use = useOf(definition);
  if (!use.readsContext) return who;
  const email = use.readsEmail ? addressIn(await findNoticeSettings(db, owner.id)) : '';
  const startedAt = Math.floor(Date.parse(now) / 1000);
  // Nobody's token is needed while it goes on: its rights are those of its owner.
  const times = { iat: startedAt, nbf: startedAt, exp: startedAt + flowLimits.waitSeconds };
  return { ...who, email, identities: [urn], token_info: times };
}

function useOf(definition: FlowDefinition): ContextUse {
  const known = uses.get(definition);
  if (known !== undefined) return known;
  const text = JSON.stringify(definition);
  const readsContext = text.includes('_context');
  // As a whole (`$._context`) it has the address too.
  const readsEmail = text.includes('email') || /_context(?![\w.])/.test(text);
  const use = { readsContext, readsEmail: readsContext && readsEmail };
  uses.set(definition, use);
  return use;
}

function addressIn({ to }: NoticeSettings): string {
  for (const place of to.map(readPlace)) if (place?.by === 'mail') return place.address;
  return '';
}
