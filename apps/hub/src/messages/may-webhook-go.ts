/** Whether the configuration lets webhooks go there; plain http only to a port that is named. */
export function mayWebhookGo(url: URL, hosts: readonly string[]): boolean {
  if (url.username !== '' || url.password !== '') return false;
  return hosts.some((allowed) => {
    const [name = '', port] = allowed.split(':');
    const isPort = port === undefined ? url.port === '' : url.port === port;
    if (!isPort || (port === undefined && url.protocol !== 'https:')) return false;
    return name.startsWith('*.') ? url.hostname.endsWith(name.slice(1)) : url.hostname === name;
  });
}
