import { NestFactory } from '@nestjs/core';
import type { Type } from '@nestjs/common';
import { Database } from '#database';
import { rootModule } from '../compose';
import { readEnvironment } from '../config/environment';
import { Metrics } from '../metrics/metrics';
import { describeApi } from './api-document';
import type { ApiDocument, ApiDocumentOptions } from './api-document';
import { DiscoveryModule } from './discovery/discovery.module';

const unserved = (): never => {
  throw new Error('A document that is only made is not served.');
};

/**
 * Makes the document of modules that do not run: composed as in a service, but nothing of them is constructed, so neither
 * database nor environment is needed.
 */
export async function describeModules(modules: readonly Type[], options: ApiDocumentOptions): Promise<ApiDocument> {
  const database = Object.create(Database.prototype) as Database;
  const root = rootModule({ name: 'document', modules }, readEnvironment({}), { database, metrics: new Metrics() });
  const app = await NestFactory.create(DiscoveryModule.addTo(root, unserved), {
    preview: true,
    logger: false,
    abortOnError: false,
  });
  return describeApi(app, options);
}
