// The client of the module's HTTP endpoints. Knows nothing of the page.
import type {
  AutoSync, ConfigPatch, Conflict, Credentials, CredentialsInput, Kind, LogItem, Page, Quarantined, Resolution, TestResult,
} from "./types.js";

export interface FieldError {
  path: string;
  message: string;
}

export type FailureKind = "network" | "signed_out" | "forbidden" | "invalid" | "server";

/** Every way a request can fail, in the terms a person is told about it. */
export class ApiError extends Error {
  constructor(
    readonly kind: FailureKind,
    readonly status: number,
    readonly detail: string,
    readonly fields: FieldError[] = [],
  ) {
    super(detail || kind);
  }
}

const READ_TIMEOUT = 20_000;
const CHANGE_TIMEOUT = 90_000;

function failureKind(status: number): FailureKind {
  if (status === 401) return "signed_out";
  if (status === 403) return "forbidden";
  if (status >= 400 && status < 500) return "invalid";
  return "server";
}

async function failure(answer: Response): Promise<ApiError> {
  let detail = "";
  let fields: FieldError[] = [];
  if (/\bjson\b/.test(answer.headers.get("content-type") ?? "")) {
    try {
      const problem = (await answer.json()) as { title?: unknown; detail?: unknown; errors?: unknown };
      detail = String(problem.detail ?? problem.title ?? "");
      if (Array.isArray(problem.errors)) {
        fields = problem.errors
          .filter((e): e is FieldError => typeof e?.path === "string")
          .map((e) => ({ path: e.path, message: String(e.message ?? "") }));
      }
    } catch {
      // A broken body tells no more than the status does.
    }
  }
  return new ApiError(failureKind(answer.status), answer.status, detail, fields);
}

export type Query = Record<string, string | number | null | undefined>;

export function queryString(query: Query): string {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") parts.set(name, String(value));
  }
  const text = parts.toString();
  return text ? `?${text}` : "";
}

export class Api {
  constructor(readonly base: string, private readonly csrf: () => string) {}

  url(path: string, query: Query = {}): string {
    return this.base.replace(/\/+$/, "") + path + queryString(query);
  }

  private async request<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T | null> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (method !== "GET") headers["X-CSRF-Token"] = this.csrf();
    const timeout = AbortSignal.timeout(method === "GET" ? READ_TIMEOUT : CHANGE_TIMEOUT);
    let answer: Response;
    try {
      answer = await fetch(this.url(path), {
        method,
        headers,
        body: body === undefined ? null : JSON.stringify(body),
        credentials: "same-origin",
        cache: "no-store",
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
    } catch (e) {
      if (signal?.aborted) throw e;
      throw new ApiError("network", 0, "");
    }
    if (answer.redirected && !/\bjson\b/.test(answer.headers.get("content-type") ?? "")) {
      throw new ApiError("signed_out", 401, ""); // sent to a login page
    }
    if (!answer.ok) throw await failure(answer);
    if (answer.status === 204) return null;
    try {
      const text = await answer.text();
      return text ? (JSON.parse(text) as T) : null;
    } catch (e) {
      if (signal?.aborted) throw e;
      throw new ApiError("server", answer.status, "");
    }
  }

  private async read<T>(path: string, signal?: AbortSignal): Promise<T> {
    const value = await this.request<T>("GET", path, undefined, signal);
    if (value === null) throw new ApiError("server", 204, "");
    return value;
  }

  autoSync(signal?: AbortSignal): Promise<AutoSync> {
    return this.read("/auto-sync", signal);
  }
  configure(patch: ConfigPatch): Promise<AutoSync | null> {
    return this.request("POST", "/auto-sync", patch);
  }
  stop(): Promise<AutoSync | null> {
    return this.request("DELETE", "/auto-sync");
  }
  startRuns(types: readonly Kind[], mode: "sync" | "full"): Promise<unknown> {
    return this.request("POST", "/runs", { types, mode });
  }
  credentials(): Promise<Credentials> {
    return this.read("/credentials");
  }
  saveCredentials(input: CredentialsInput): Promise<unknown> {
    return this.request("PUT", "/credentials", input);
  }
  removeCredentials(): Promise<unknown> {
    return this.request("DELETE", "/credentials");
  }
  /** Without input the stored credentials are tested. */
  async testCredentials(input?: CredentialsInput): Promise<TestResult> {
    const result = await this.request<TestResult>("POST", "/credentials/test", input);
    if (result === null) throw new ApiError("server", 204, "");
    return result;
  }
  conflicts(query: Query): Promise<Page<Conflict>> {
    return this.read("/conflicts" + queryString(query));
  }
  /** The conflict with the decision; null when it is carried out already. */
  async decide(id: string, resolution: Resolution): Promise<Conflict | null> {
    const answer = await this.request<{ conflict: Conflict | null }>("POST", `/conflicts/${encodeURIComponent(id)}`, { resolution });
    return answer?.conflict ?? null;
  }
  quarantine(query: Query): Promise<Page<Quarantined>> {
    return this.read("/quarantine" + queryString(query));
  }
  retry(id: string): Promise<unknown> {
    return this.request("POST", `/quarantine/${encodeURIComponent(id)}/retry`);
  }
  logs(query: Query, signal?: AbortSignal): Promise<Page<LogItem>> {
    return this.read("/logs" + queryString(query), signal);
  }
}
