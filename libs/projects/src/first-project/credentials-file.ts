import { randomUUID } from 'node:crypto';
import { access, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What a client needs for its first request. */
export interface Credentials {
  readonly url: string;
  readonly project_id: string;
  readonly slug: string;
  readonly live_key: string;
  readonly test_key: string;
}

const OWN_FOLDER = 0o700;
const OWN_FILE = 0o600;

/**
 * The file that keeps the first project's keys, for its owner's eyes. Beside it stands a mark from before the project is created
 * until the keys are safe: the database knows only their hashes, so a start that died in between could not read them again.
 */
export class CredentialsFile {
  private readonly mark: string;

  constructor(readonly path: string) {
    this.mark = `${path}.pending`;
  }

  /** Undefined when there is no such file, or none that can be read as what it should be. */
  async read(): Promise<Credentials | undefined> {
    try {
      return JSON.parse(await readFile(this.path, 'utf8')) as Credentials;
    } catch (error) {
      if (error instanceof SyntaxError || isMissing(error)) {
        return undefined;
      }
      throw error;
    }
  }

  /** Says that a project is about to be created. */
  async begin(): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true, mode: OWN_FOLDER });
    await this.put(this.mark, '');
  }

  /** Whether a start has begun to create a project and may not have kept its keys. */
  async isPending(): Promise<boolean> {
    return access(this.mark).then(
      () => true,
      () => false,
    );
  }

  /** Keeps the keys; the file is there as a whole or not at all. One of another database goes aside. */
  async keep(credentials: Credentials): Promise<void> {
    await rename(this.path, `${this.path}.old`).catch(unlessMissing);
    await this.put(this.path, `${JSON.stringify(credentials, null, 2)}\n`);
    await this.settle();
  }

  /** Takes the mark away. */
  async settle(): Promise<void> {
    await rm(this.mark, { force: true });
  }

  private async put(path: string, text: string): Promise<void> {
    const draft = `${path}.${randomUUID()}`;
    const file = await open(draft, 'wx', OWN_FILE);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
    await syncFolder(dirname(path));
  }
}

/** So that the new name outlives a power cut as well. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

function unlessMissing(error: unknown): void {
  if (!isMissing(error)) {
    throw error;
  }
}
