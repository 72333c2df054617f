// A list of the server that is shown page by page and read again as far as it is shown.
import type { Query } from "../api.js";
import type { Page } from "../types.js";

/** Few at first, so that the settings below stay in sight. */
export const FIRST = 5;
export const MORE = 20;
const MOST = 500;

export class WaitingList<T extends { id: string }> {
  items: T[] = [];
  next: string | null = null;
  private reading = 0;

  constructor(private readonly read: (query: Query) => Promise<Page<T>>) {}

  clear(): void {
    ++this.reading;
    this.items = [];
    this.next = null;
  }

  /** Everything that is shown, as it is now. Answers false when something newer was asked meanwhile. */
  async refresh(): Promise<boolean> {
    const limit = Math.min(MOST, Math.max(FIRST, this.items.length));
    return this.take(await this.ask({ limit }), []);
  }

  async more(): Promise<boolean> {
    if (this.next === null) return false;
    const before = this.items;
    return this.take(await this.ask({ limit: MORE, after: this.next }), before);
  }

  replace(item: T): void {
    this.items = this.items.map((one) => (one.id === item.id ? item : one));
  }

  private async ask(query: Query): Promise<Page<T> | null> {
    const asked = ++this.reading;
    const page = await this.read(query);
    return asked === this.reading ? page : null;
  }

  private take(page: Page<T> | null, before: T[]): boolean {
    if (page === null) return false;
    const known = new Set(page.items.map(({ id }) => id));
    this.items = [...before.filter(({ id }) => !known.has(id)), ...page.items];
    this.next = page.next;
    return true;
  }
}
