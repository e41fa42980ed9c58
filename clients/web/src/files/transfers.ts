// SPDX-License-Identifier: MIT

import type { Transfer } from './board-files.ts';

/** The state of one transfer. */
export interface Progress {
  readonly label: string;
  /** Bytes. */
  readonly total: number;
  readonly done: number;
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  /** The error, or ''. */
  readonly error: string;
}

/** How many transfers run side by side: small files take no longer than the board, and need not wait for large ones. */
const AT_A_TIME = 4;

interface Job {
  progress: Progress;
  readonly run: (transfer: Transfer) => Promise<void>;
  readonly abort: AbortController;
  readonly finish: () => void;
}

/** Runs transfers in the order in which they were asked for, a few at a time. */
export class Transfers {
  readonly #onChange: () => void;
  #jobs: Job[] = [];
  #running = 0;

  /** @param onChange called at every change of `all` */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get busy(): boolean {
    return this.#running > 0;
  }

  get all(): readonly Progress[] {
    return this.#jobs.map((job) => job.progress);
  }

  /**
   * @param total bytes that are to come
   * @returns when it is over; `all` says whether it succeeded
   */
  add(label: string, total: number, run: (transfer: Transfer) => Promise<void>): Promise<void> {
    return new Promise((finish) => {
      const progress: Progress = { label, total, done: 0, state: 'waiting', error: '' };
      this.#jobs.push({ progress, run, abort: new AbortController(), finish });
      this.#next();
    });
  }

  /** Cancels the transfers that have not ended. */
  cancel(): void {
    for (const job of this.#jobs) {
      job.abort.abort();
      if (job.progress.state === 'waiting') {
        this.#update(job, { state: 'cancelled' });
        job.finish();
      }
    }
  }

  /** Forgets those that are over. */
  clear(): void {
    this.#jobs = this.#jobs.filter(({ progress }) => progress.state === 'waiting' || progress.state === 'running');
    this.#onChange();
  }

  #update(job: Job, change: Partial<Progress>): void {
    job.progress = { ...job.progress, ...change };
    this.#onChange();
  }

  #next(): void {
    const job = this.#running < AT_A_TIME ? this.#jobs.find(({ progress }) => progress.state === 'waiting') : undefined;
    if (job !== undefined) {
      void this.#run(job);
    }
  }

  async #run(job: Job): Promise<void> {
    this.#running += 1;
    this.#update(job, { state: 'running' });
    try {
      await job.run({ signal: job.abort.signal, onProgress: (done) => this.#update(job, { done }) });
      this.#update(job, { state: 'done', done: job.progress.total });
    } catch (error) {
      const cancelled = job.abort.signal.aborted;
      this.#update(job, { state: cancelled ? 'cancelled' : 'failed', error: cancelled ? '' : (error as Error).message });
    }
    this.#running -= 1;
    job.finish();
    this.#next();
  }
}
