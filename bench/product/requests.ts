/** A whole HTTP/1.1 request as text. */
export function httpRequest(
  method: 'GET' | 'POST',
  path: string,
  { key, body }: { readonly key?: string; readonly body?: object } = {},
): string {
  const json = body === undefined ? '' : JSON.stringify(body);
  return [
    `${method} ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    ...(key === undefined ? [] : [`Authorization: Bearer ${key}`]),
    ...(body === undefined ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(json)}`]),
    '',
    json,
  ].join('\r\n');
}
