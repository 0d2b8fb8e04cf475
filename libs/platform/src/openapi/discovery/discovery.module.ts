import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import type { ApiDocument } from '../api-document';
import { API_DOCUMENT, Discovery } from './discovery';
import { DiscoveryController } from './discovery.controller';

/** The routes in which the API describes itself. */
@Module({})
export class DiscoveryModule {
  /** `document` is asked once, at the first request. */
  static forRoot(document: () => ApiDocument): DynamicModule {
    return {
      module: DiscoveryModule,
      controllers: [DiscoveryController],
      providers: [Discovery, { provide: API_DOCUMENT, useValue: document }],
    };
  }

  /** The same root module with the discovery routes beside its own. */
  static addTo(root: DynamicModule, document: () => ApiDocument): DynamicModule {
    return { ...root, imports: [...(root.imports ?? []), DiscoveryModule.forRoot(document)] };
  }
}
