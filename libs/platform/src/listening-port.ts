import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/**
 * Finds out, before anything else is begun, whether a port can be listened on; port 0 finds a free one.
 * @param name the variable of the environment that chose the port.
 * @throws {Error} with a sentence for the terminal.
 */
export async function choosePort(name: string, port: number): Promise<number> {
  const probe = createServer();
  try {
    const listening = once(probe, 'listening');
    probe.listen(port);
    await listening;
    return (probe.address() as AddressInfo).port;
  } catch (error) {
    throw portError(error, name, port);
  } finally {
    probe.close();
  }
}

/** The error of a listening that failed, as a sentence that names the mend where there is one. */
export function portError(error: unknown, name: string, port: number): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new Error(
        `Port ${port} is taken by another program. Stop it, or choose another one: ${name}=${port < 65_535 ? port + 1 : port - 1}.`,
      );
    case 'EACCES':
      return new Error(
        `Port ${port} may be used by root alone. Choose one above 1023, for example: ${name}=${port + 8000}.`,
      );
    default:
      return error;
  }
}
