// Starts the ERP and the CRM, not yet connected, and runs the browser test against them.
import { spawn } from "node:child_process";
import { COMPANY, KEY, PASSWORD, Stack } from "../stack.mjs";

const stack = await Stack.start({ connect: false, erp: { products: 400, partners: 120, invoices: 200 } });
const test = spawn(process.execPath, ["--test", "first-sync.test.mjs", "plugins-page.test.mjs", "waiting.test.mjs"], {
  stdio: "inherit",
  env: {
    ...process.env,
    HOST_URL: stack.url,
    ADMIN_PASSWORD: PASSWORD,
    ERP_URL: stack.erpUrl,
    ERP_COMPANY: COMPANY,
    ERP_KEY: KEY,
    ERP_CA_FILE: stack.erpCaFile,
  },
});
process.exitCode = await new Promise((done) => test.once("exit", (code) => done(code ?? 1)));
await stack.stop();
