// Asks again and again, one request at a time; rests while the page is hidden.

export interface PollerOptions<T> {
  read: (signal: AbortSignal) => Promise<T>;
  /** Milliseconds until the next question; null stops until `now()` is called. */
  pause: () => number | null;
  done: (value: T) => void;
  failed: (error: unknown) => void;
}

export class Poller<T> {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private request: AbortController | null = null;
  private started = false;

  constructor(private readonly options: PollerOptions<T>) {}

  start(): void {
    if (this.started) return;
    this.started = true;
    document.addEventListener("visibilitychange", this.visibility);
    void this.now();
  }

  stop(): void {
    this.started = false;
    document.removeEventListener("visibilitychange", this.visibility);
    this.drop();
  }

  /** Forgets an answer under way: it was asked before something changed. */
  drop(): void {
    clearTimeout(this.timer);
    this.request?.abort();
    this.request = null;
  }

  async now(): Promise<void> {
    if (!this.started) return;
    this.drop();
    const request = new AbortController();
    this.request = request;
    try {
      const value = await this.options.read(request.signal);
      if (this.request !== request) return;
      this.options.done(value);
    } catch (error) {
      if (this.request !== request) return;
      this.options.failed(error);
    }
    this.request = null;
    this.plan();
  }

  private plan(): void {
    const pause = this.options.pause();
    if (!this.started || document.hidden || pause === null) return;
    this.timer = setTimeout(() => void this.now(), pause);
  }

  private readonly visibility = (): void => {
    if (document.hidden) clearTimeout(this.timer);
    else if (this.request === null && this.options.pause() !== null) void this.now();
  };
}
