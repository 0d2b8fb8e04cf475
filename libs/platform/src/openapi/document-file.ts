import type { Type } from '@nestjs/common';
import { describeModules } from './describe-modules';

/** Where `npm start` serves, so that the committed document can be tried as it is. */
export const FILE_SERVER_URL = 'http://localhost:3000';

/** The text of docs/http/openapi.json: the document of these modules, which says of itself that it is generated. */
export async function renderDocumentFile(modules: readonly Type[]): Promise<string> {
  const document = await describeModules(modules, { serverUrl: FILE_SERVER_URL });
  const file = { 'x-generated': 'By `npm run gen` from the code. Do not edit.', ...document };
  return `${JSON.stringify(file, null, 2)}\n`;
}
