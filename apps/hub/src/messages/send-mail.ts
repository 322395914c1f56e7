import { createTransport } from 'nodemailer';
import { DomainError } from '@interpulse/domain/error.ts';
import type { NotifyInput } from '@interpulse/domain/flow/notify-input.ts';
import { limits } from '@interpulse/domain/limits.ts';
import type { MessageSettings } from './message-settings.ts';
import { readSecretFile } from './read-secret-file.ts';

type Mail = Extract<NotifyInput, { by: 'mail' }>;

/**
 * Hands a mail to the server. Its Message-ID is made of `messageId`: a mail that was sent again
 * after a crash is the same one to who reads it.
 *
 * @throws DomainError `unavailable` when the server may take it later, `invalid` when it refuses,
 * `forbidden` for a domain that the configuration does not allow.
 */
export async function sendMail(
  { to, cc, subject, text }: Mail,
  messageId: string,
  settings: MessageSettings,
): Promise<void> {
  const mail = mailServerFor([...to, ...cc], settings);
  const { server, port, security, from, user, passwordFile } = mail;
  const pass = passwordFile === null ? '' : await readSecretFile(passwordFile, 'the mail password');
  const timeoutMs = limits.messageSeconds * 1000;
  const transport = createTransport({
    host: server,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(user === null ? {} : { auth: { user, pass } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // What stands in a message is text, never the name of a file or an address to fetch.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    const domain = from.split('@')[1] ?? 'localhost';
    const headers = { 'Auto-Submitted': 'auto-generated' };
    const fields = { from, to, cc, subject, text, headers };
    await transport.sendMail({ ...fields, messageId: `<${messageId}@${domain}>` });
  } catch (cause) {
    throw faultOf(cause, server);
  } finally {
    transport.close();
  }
}

/**
 * The server that takes mail to these addresses.
 * @throws DomainError `invalid` without one, `forbidden` for a domain that is not allowed.
 */
export function mailServerFor(
  addresses: readonly string[],
  { mail }: MessageSettings,
): NonNullable<MessageSettings['mail']> {
  if (mail === null) {
    throw new DomainError('invalid', 'this hub sends no mail: `mail` is not in its configuration');
  }
  const domains = addresses.map((address) => address.split('@').at(-1)?.toLowerCase() ?? '');
  const outside = domains.find((domain) => mail.domains?.includes(domain) === false);
  if (outside === undefined) return mail;
  const where = "mail.domains of the hub's configuration";
  throw new DomainError('forbidden', `no mail may go to ${outside}; it is not in ${where}`);
}

/** What a server says after its number may repeat the message: only the number is told. */
function faultOf(cause: unknown, server: string): DomainError {
  const { responseCode, code } = cause as { responseCode?: number; code?: string };
  if (code === 'EAUTH') {
    return new DomainError('unavailable', `${server} does not take the hub's user and password`);
  }
  if (responseCode !== undefined && responseCode >= 500) {
    return new DomainError('invalid', `${server} refuses the mail with ${responseCode}`);
  }
  const why = responseCode ?? code ?? 'no answer';
  return new DomainError('unavailable', `${server} does not take the mail now: ${why}`, { cause });
}
