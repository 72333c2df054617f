// Connects the sample CRM to the simulated ERP and waits for the first sync, as a person would in the panel.
import { readFile } from "node:fs/promises";

const { CRM_URL, CRM_TOKEN, ERP_URL, ERP_CA } = process.env;
const base = `${CRM_URL}/api/integrations/metakocka`;
const deadline = Date.now() + 120_000;

async function call(method, path, body) {
  const response = await fetch(base + path, {
    method,
    headers: { authorization: `Bearer ${CRM_TOKEN.trim()}`, "content-type": "application/json" },
    body: body && JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

await call("PUT", "/credentials", {
  companyId: "1",
  secretKey: "sim-secret-key-1",
  baseUrl: ERP_URL,
  caCertificate: await readFile(ERP_CA, "utf8"),
});
await call("POST", "/auto-sync", { enabled: true });

for (;;) {
  const { types, connection } = await call("GET", "/auto-sync");
  const line = Object.entries(types)
    .map(([kind, type]) => `${kind} ${type.lastRun?.counts.records ?? type.progress?.done ?? 0}${type.lastRun ? "" : "…"}`)
    .join(", ");
  if (Object.values(types).every((type) => type.lastRun)) {
    console.log(`First sync finished: ${line}`);
    break;
  }
  if (Date.now() > deadline) throw new Error(`The first sync did not finish in time: ${line}; ${connection.message ?? ""}`);
  await new Promise((resolve) => setTimeout(resolve, 250));
}
