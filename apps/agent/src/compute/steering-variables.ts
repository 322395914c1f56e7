/**
 * What makes a loader, a shell, an interpreter or a library run something else than the program
 * that was named: bash even runs commands within the value of BASH_ENV. No list is complete; these
 * are the names that need no help from the program.
 */
const steering = new RegExp(
  [
    '^(?:LD|DYLD|BASH|PERL|PERL5|RUBY|JAVA|JDK|LUA|JULIA|GIT|TCL|OMPI|PMIX|PRTE)_',
    '^(?:PERL|RUBY|LUA|MATLAB|TCL)[A-Z0-9]*$',
    // Python's that do no harm are common.
    '^PYTHON(?!(?:UNBUFFERED|HASHSEED|OPTIMIZE|UTF8|IOENCODING|DONTWRITEBYTECODE)$)',
    '^(?:NODE_(?:OPTIONS|PATH|COMPILE_CACHE)|R_(?:PROFILE|ENVIRON|LIBS).*)$',
    '^(?:PATH|HOME|SHELL|ENV|IFS|PS4|SHELLOPTS|BASHOPTS|CLASSPATH|GCONV_PATH|LOCPATH)$',
    '^(?:_JAVA_OPTIONS|INTERPULSE_NODE|XDG_CONFIG_HOME)$',
    '_(?:PRELOAD|PLUGIN_PATH)$',
  ].join('|'),
);

/** Those of a job's variables by which it could run other programs than its app's. */
export function steeringVariables(environment: Readonly<Record<string, string>>): string[] {
  return Object.keys(environment).filter((name) => steering.test(name));
}
