/**
 * The environment of the server's programs: ours without PGPORT, PGDATA and their like, which
 * would overrule what we ask for, and with English messages, which we read.
 */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name));
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}
