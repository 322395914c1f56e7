import { spawn } from 'node:child_process';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import type { InterpulseClient } from '@interpulse/api/client/create-client.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { Context } from '../context.ts';
import { localTime } from '../output/quantities.ts';

/** A link that signs a browser in once. */
export interface SignInLink {
  url: string;
  expiresAt: string;
}

/**
 * Makes a {@link SignInLink} to a page; the code is behind `#`, so that no server or log sees it.
 * @throws DomainError invalid, when the page is no path of the portal.
 */
export async function makeSignInLink(
  client: InterpulseClient,
  hubUrl: string,
  page = '/',
): Promise<SignInLink> {
  if (!/^\/(?!\/)[^#]*$/.test(page)) {
    throw new DomainError('invalid', `--page is a path such as /questions, not "${page}"`);
  }
  const { code, expiresAt } = await unwrap(client.POST('/api/v1/sign-in-codes'));
  return { url: `${hubUrl}${page}#code=${encodeURIComponent(code)}`, expiresAt };
}

/** `open`. */
export async function openPortal(
  context: Context,
  options: { browser: boolean; page?: string | undefined },
): Promise<void> {
  const link = await makeSignInLink(context.client, context.connection.url, options.page);
  if (options.browser && !context.out.isJson) openBrowser(link.url);
  context.out.document(
    link,
    () => `${link.url}\n(good once, until ${localTime(link.expiresAt, context.nowAt)})`,
  );
}

/** Whether a browser opened here would be seen: not over ssh, and not without a display. */
export function hasBrowser(environment = process.env, platform = process.platform): boolean {
  if (environment['SSH_CONNECTION'] || environment['SSH_TTY'] || environment['CI']) return false;
  if (platform === 'darwin' || platform === 'win32') return true;
  return Boolean(environment['DISPLAY'] ?? environment['WAYLAND_DISPLAY']);
}

/** Opens an address in the user's browser, where there is one; failing is no fault. */
export function openBrowser(url: string): void {
  if (!hasBrowser()) return;
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(opener, [url], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
