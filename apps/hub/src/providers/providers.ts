import type { JsonObject } from '@interpulse/domain/json.ts';
import { askProvider, type ProviderAnswer } from './ask-provider.ts';
import { callbackMember, callbackScheme } from './callback-signature.ts';
import {
  chooseProvider,
  isLoopback,
  type ChosenProvider,
  type ProviderConfig,
} from './provider-config.ts';
import { providerLimits } from './provider-limits.ts';
import { createProviderTokens } from './provider-token.ts';

/** What a provider says of itself, as far as the hub goes by it. */
export interface ProviderDescription {
  callsBack: boolean;
  /** In seconds; null when it does not say. */
  maximumDeadlineSeconds: number | null;
}

/** A request to an address below a provider's. */
export interface ProviderCall {
  method: 'GET' | 'POST';
  /** Such as `/run`; empty for the provider itself. */
  path: string;
  body?: JsonObject;
  headers?: Record<string, string>;
  seconds?: number;
  signal: AbortSignal;
}

/** The action providers elsewhere that this hub may speak with. */
export interface Providers {
  choose(address: string): ChosenProvider;
  ask(url: string, config: ProviderConfig, call: ProviderCall): Promise<ProviderAnswer>;
  /** Kept for minutes; a provider without one goes as well. */
  describe(url: string, config: ProviderConfig, signal: AbortSignal): Promise<ProviderDescription>;
  /** Where a provider may call back about an action; null where it could not reach this hub. */
  callbackUrl(provider: string, actionId: string): string | null;
  /** Where others reach this hub; null before it listens. */
  ownUrl(): string | null;
  /** Called when the hub listens; what the configuration says goes before it. */
  listensAt(url: string): void;
}

const unknown: ProviderDescription = { callsBack: false, maximumDeadlineSeconds: null };

/** Puts together what the configuration says of providers. */
export function createProviders(
  configs: readonly ProviderConfig[],
  { folder, publicUrl }: { folder: string; publicUrl: string | null },
): Providers {
  const tokens = createProviderTokens(folder);
  const described = new Map<string, { what: Promise<ProviderDescription>; until: number }>();
  let ownUrl = publicUrl;

  const ask: Providers['ask'] = async (url, config, call) =>
    askProvider({
      ...call,
      url: `${url}${call.path === '' ? '/' : call.path}`,
      headers: { ...(await tokens(config, call.signal)), ...call.headers },
      seconds: call.seconds ?? providerLimits.answerSeconds,
    });

  const read = async (
    url: string,
    config: ProviderConfig,
    signal: AbortSignal,
  ): Promise<ProviderDescription> => {
    const seconds = providerLimits.introspectionSeconds;
    const call = { method: 'GET', path: '', seconds, signal } as const;
    const { status, json } = await ask(url, config, call);
    if (status !== 200 || json === undefined) throw new Error(`no description: ${status}`);
    return descriptionOf(json);
  };

  return {
    choose: (address) => chooseProvider(address, configs),
    ask,
    describe(url, config, signal) {
      const known = described.get(url);
      if (known !== undefined && known.until > performance.now()) return known.what;
      if (described.size >= providerLimits.introspections) described.clear();
      const { introspectionKeptSeconds, noIntrospectionKeptSeconds } = providerLimits;
      const entry = {
        what: read(url, config, signal).catch(() => {
          entry.until = performance.now() + noIntrospectionKeptSeconds * 1000;
          if (signal.aborted) described.delete(url);
          return unknown;
        }),
        until: performance.now() + introspectionKeptSeconds * 1000,
      };
      described.set(url, entry);
      return entry.what;
    },
    callbackUrl(provider, actionId) {
      if (ownUrl === null) return null;
      if (isLoopback(new URL(ownUrl)) && !isLoopback(new URL(provider))) return null;
      return `${ownUrl.replace(/\/+$/, '')}/action-callbacks/${actionId}`;
    },
    ownUrl: () => ownUrl,
    listensAt(url) {
      ownUrl ??= url;
    },
  };
}

function descriptionOf(json: JsonObject): ProviderDescription {
  const schemes = json[callbackMember];
  const deadline = json['maximum_deadline'];
  return {
    callsBack: Array.isArray(schemes) && schemes.includes(callbackScheme),
    maximumDeadlineSeconds: typeof deadline === 'string' ? secondsOfDuration(deadline) : null,
  };
}

/** The length of an ISO 8601 duration, with months of 30 days and years of 365. */
export function secondsOfDuration(text: string): number | null {
  const number = String.raw`(\d+(?:\.\d+)?)`;
  const part = (letter: string): string => `(?:${number}${letter})?`;
  const date = ['Y', 'M', 'W', 'D'].map(part).join('');
  const time = ['H', 'M', 'S'].map(part).join('');
  const found = new RegExp(`^P(?!$)${date}(?:T(?=\\d)${time})?$`).exec(text);
  if (found === null) return null;
  const seconds = [365 * 86_400, 30 * 86_400, 7 * 86_400, 86_400, 3600, 60, 1];
  return seconds.reduce((sum, unit, index) => sum + unit * Number(found[index + 1] ?? 0), 0);
}
