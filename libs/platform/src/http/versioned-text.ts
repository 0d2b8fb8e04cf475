/** Content type of JSON answers. */
export const JSON_TEXT = 'application/json; charset=utf-8';

/** An answer that is JSON text already, with the version that it carries. */
export class VersionedText {
  constructor(
    readonly text: string,
    readonly version: number,
  ) {}
}
