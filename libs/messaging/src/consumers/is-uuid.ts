const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text is a UUID, which is what the database takes as an id. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
