/**
 * The project on whose behalf something happens. A project has a live side and a test side: the test side is a shadow project
 * with its own tickets and clock under the live project's configuration.
 */
export interface ProjectScope {
  /** Owner of the tickets: the live project itself, or its test shadow. */
  readonly projectId: string;
  /** Owner of the configuration (settings, types, members); equals `projectId` on the live side. */
  readonly liveProjectId: string;
  readonly isTest: boolean;
  /** How far the test side's clock runs ahead of the real one, in milliseconds; 0 on the live side. */
  readonly clockOffsetMs: number;
}
