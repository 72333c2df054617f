// Settings → Plugins, as an administrator sees it: who signed a module, the warning about unsigned ones, and a
// module in quarantine, in both languages.
//
// Needs no running program: it starts hosts of its own. BUILD names the build's folder, CHROMIUM the browser.
import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { chromium } from "playwright-core";
import { PASSWORD, Stack } from "../stack.mjs";

const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let stack, browser, page;

async function open(lang) {
  await page.goto(`${stack.url}/settings/plugins?lang=${lang}`);
  const user = page.locator('input[name="user"]');
  await user.or(page.locator("section.plugin")).first().waitFor();
  if (await user.count()) {
    await user.fill("admin");
    await page.locator('input[name="password"]').fill(PASSWORD);
    await page.locator('form button[type="submit"], form button:not([type])').first().click();
    await user.waitFor({ state: "detached" });
    await page.goto(`${stack.url}/settings/plugins?lang=${lang}`);
  }
  await page.locator("section.plugin").waitFor();
  await page.evaluate(axeSource);
  const violations = await page.evaluate(async () => (await window.axe.run("main", { resultTypes: ["violations"] })).violations
    .filter(({ impact }) => ["serious", "critical"].includes(impact)).map(({ id }) => id));
  assert.deepEqual(violations, [], `axe: ${lang}`);
  return page.locator("main").innerText();
}

describe("the Plugins page", () => {
  before(async () => {
    stack = await Stack.start({ connect: false });
    browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
    page = await browser.newPage();
  });
  after(async () => {
    await browser?.close();
    await stack?.stop();
  });

  it("says who signed a module", async () => {
    const { items, unsignedAllowed } = await stack.call("GET", "/api/plugins");
    assert.equal(unsignedAllowed, false);
    for (const [lang, text] of [["en", "Signed by This build"], ["sl", "Podpisal: This build"]]) {
      const shown = await open(lang);
      assert.ok(shown.includes(text), shown);
      assert.ok(shown.includes(items[0].signedBy.fingerprint), shown);
      assert.equal(await page.locator("#unsigned-allowed").count(), 0);
    }
  });

  it("shows why a module is in quarantine, and releases it", async () => {
    await stack.host.kill("SIGTERM");
    await mkdir(join(stack.data, "quarantine"), { recursive: true });
    await writeFile(join(stack.data, "quarantine", "metakocka"), "1 create signal 11\n");
    await stack.startHost();
    assert.match(await open("sl"), /zrušil CRM, ko je ustvarjal svoj primerek \(signal 11,/);
    assert.match(await open("en"), /took the CRM down while it was making its instance \(signal 11,/);
    await page.locator('[data-action="release"]').click();
    await page.locator(".state-running").waitFor();
    assert.equal((await stack.call("GET", "/api/plugins")).items[0].state, "running");
  });

  it("warns when unsigned modules are allowed", async () => {
    await stack.host.kill("SIGTERM");
    await stack.startHost("--allow-unsigned");
    assert.match(await open("en"), /also loads modules that no trusted publisher signed/);
    assert.match(await open("sl"), /naloži tudi module, ki jih ni podpisal/);
  });
});
