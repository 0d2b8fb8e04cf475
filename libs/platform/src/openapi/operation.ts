import type { Schema } from './schema-object';

/** A parameter of an operation, or a reference to a shared one. */
export interface Parameter {
  $ref?: string;
  name?: string;
  in?: string;
  required?: boolean;
  description?: string;
  schema?: Schema;
  example?: unknown;
}

/** Bodies by their media types. */
export type Content = Record<string, { schema?: Schema; example?: unknown; examples?: object }>;

/** One answer of an operation. */
export interface Response {
  description: string;
  headers?: Record<string, object>;
  content?: Content;
}

/** An operation as the scanner leaves it, and as it is completed here. */
export interface Operation {
  operationId?: string;
  tags?: string[];
  summary?: string;
  description?: string;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content?: Content };
  responses: Record<string, Response>;
  security?: Record<string, string[]>[];
}
