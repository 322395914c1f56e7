import { z } from 'zod';

const principalsSchema = z.array(z.string().regex(/^urn:globus:/)).max(100);

/** An action provider, or several under one address, that flows of this hub may use. */
const providerConfigSchema = z
  .strictObject({
    /** All addresses that begin so: `https://actions.example.org/`. */
    url: z.url({ protocol: /^https?$/ }),
    /** Sent as `Authorization: Bearer …`; one of these three, or none. */
    token: z.string().min(1).optional(),
    /** A file with the token, read anew each time; a relative one counts from the hub's folder. */
    tokenFile: z.string().min(1).optional(),
    /** OAuth client credentials (RFC 6749, 4.4). */
    oauth: z
      .strictObject({
        tokenUrl: z.url({ protocol: /^https?$/ }),
        clientId: z.string().min(1),
        clientSecretFile: z.string().min(1),
        scope: z.string().min(1).optional(),
      })
      .optional(),
    /** Without TLS, though it is not on this machine. */
    allowHttp: z.boolean().default(false),
    /** Who else may see and manage what is started there, in the provider's words for people. */
    monitorBy: principalsSchema.default([]),
    manageBy: principalsSchema.default([]),
  })
  .refine(
    ({ token, tokenFile, oauth }) => [token, tokenFile, oauth].filter(Boolean).length <= 1,
    'give one of token, tokenFile and oauth',
  );

/** See {@link providersSchema}. */
export type ProviderConfig = z.infer<typeof providerConfigSchema>;

/** The addresses elsewhere that flows of this hub may call, with what opens them. */
export const providersSchema = z.array(providerConfigSchema).max(1000);

/** An address that may be called, or why it may not. */
export type ChosenProvider = { url: string; config: ProviderConfig } | { refusal: string };

/**
 * The address of an action provider without a slash at its end, and the longest line of the
 * configuration that covers it. Members of projects write flows: what the administrator has not
 * listed is not called, or flows could reach whatever the hub can.
 */
export function chooseProvider(
  address: string,
  providers: readonly ProviderConfig[],
): ChosenProvider {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return { refusal: `${address} is no address of an action provider` };
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    const refusal = `${url.origin}${url.pathname}: give the address alone, without user, ? and #`;
    return { refusal };
  }
  const [config] = providers
    .filter((provider) => covers(provider.url, url))
    .toSorted((one, other) => other.url.length - one.url.length);
  if (config === undefined) {
    const line = `{ "url": "${url.origin}/" }`;
    const refusal =
      `${address} is no action provider that this hub may call; its administrator may add ` +
      `${line} to "providers" in the hub's configuration`;
    return { refusal };
  }
  if (url.protocol === 'http:' && !isLoopback(url) && !config.allowHttp) {
    const refusal =
      `${address} has no TLS; take https, or have the hub's administrator add ` +
      `"allowHttp": true to "providers" for ${config.url}`;
    return { refusal };
  }
  return { url: url.href.replace(/\/+$/, ''), config };
}

/** Whether an address is on this machine. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function covers(prefix: string, url: URL): boolean {
  const known = new URL(prefix);
  const path = known.pathname.replace(/\/+$/, '');
  return known.origin === url.origin && `${url.pathname}/`.startsWith(`${path}/`);
}
