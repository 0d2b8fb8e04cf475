import { ChaosProxy } from './chaos-proxy';
import type { Tap } from './chaos-proxy';

/** Which COMMIT is lost, and whether the server has done it by then. */
export interface LostCommit {
  /** A text that the transaction has sent; its connection is the one that is cut. */
  readonly after: string;
  readonly isDone: boolean;
}

const COMMIT = Buffer.from('COMMIT\0');

/** Cuts connections to a database at a COMMIT, so that their client cannot know what became of it. */
export class LostCommits {
  private loss: (LostCommit & { readonly done: () => void }) | undefined;

  /** Opens a way to the server of `databaseUrl` on which commits can be lost. */
  async openWay(databaseUrl: string): Promise<ChaosProxy> {
    return ChaosProxy.open(databaseUrl, (reset) => this.tap(reset));
  }

  /** Cuts a connection at its COMMIT; resolves when that has happened. */
  async lose(commit: LostCommit): Promise<void> {
    await new Promise<void>((resolve) => {
      this.loss = { ...commit, done: resolve };
    });
  }

  private tap(reset: () => void): Tap {
    let transaction = Buffer.alloc(0);
    let answers: Buffer | undefined;
    const cut = () => {
      reset();
      this.loss?.done();
      this.loss = undefined;
      return null;
    };
    return {
      toClient: (answer) => {
        if (!answers) {
          return answer;
        }
        // Nothing of it reaches the client. The server's answer to COMMIT is the same word.
        answers = Buffer.concat([answers, answer]);
        return answers.includes(COMMIT) ? cut() : null;
      },
      toServer: (request) => {
        transaction = Buffer.concat([transaction, request]);
        const isLost = this.loss !== undefined && endsWithCommit(transaction) && transaction.includes(this.loss.after);
        if (isLost && !this.loss?.isDone) {
          return cut();
        }
        if (isLost) {
          answers = Buffer.alloc(0);
        }
        if (endsWithCommit(transaction)) {
          transaction = Buffer.alloc(0);
        }
        return request;
      },
    };
  }
}

function endsWithCommit(sent: Buffer): boolean {
  return sent.subarray(-COMMIT.length).equals(COMMIT);
}
