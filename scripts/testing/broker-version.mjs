const CONNECT_MS = 3_000;

/**
 * Asks a broker for its version: it is there and lets us in.
 * @param {string} url
 * @returns {Promise<string>}
 */
export async function brokerVersion(url) {
  const { connect } = await import('amqplib');
  const connection = await connect(url, { timeout: CONNECT_MS });
  connection.on('error', () => undefined);
  const { version } = connection.connection.serverProperties;
  await connection.close();
  return version;
}
