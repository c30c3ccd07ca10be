// Runs a child in this process's place: same terminal, its signals passed on, its end made ours.
import { spawn } from 'node:child_process';

const SIGNALS = process.platform === 'win32' ? ['SIGINT', 'SIGBREAK'] : ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

/**
 * Starts `command` and resolves with how it ended. `tether` gives the child a channel that closes when this process is killed,
 * so that a server never outlives the command that started it. `shell` is for Windows, where npx is a script.
 */
export function run(command, args, { env = process.env, cwd, tether = false, shell = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: tether ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit', env, cwd, shell });
    const handlers = SIGNALS.map((signal) => [signal, () => child.kill(signal)]);
    for (const [signal, handler] of handlers) process.on(signal, handler);
    const done = (settle) => (...result) => {
      for (const [signal, handler] of handlers) process.removeListener(signal, handler);
      settle(...result);
    };
    child.once('error', done(reject));
    child.once('exit', done((code, signal) => resolve({ code, signal })));
  });
}

/** Ends this process as the child ended. */
export function endLike({ code, signal }) {
  if (signal !== null) process.kill(process.pid, signal);
  else process.exitCode = code ?? 1;
}
