// From a host that was just installed to a finished first sync, as a person does it in the browser.
//
// Needs a running host with the plugin enabled, and a running simulator (or ERP):
//   HOST_URL        http://127.0.0.1:8080
//   ADMIN_PASSWORD  of the host's user `admin` (ADMIN_USER to say otherwise)
//   ERP_URL         https://127.0.0.1:8443/rest/eshop/v1/
//   ERP_COMPANY     1
//   ERP_KEY         the company's secret key
//   ERP_CA_FILE     the PEM file of the authority that signed the ERP's certificate
// Optional: CHROMIUM, FIRST_SYNC_SECONDS (120), ARTIFACTS (a folder for screenshots).
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { chromium } from "playwright-core";

const KINDS = ["products", "invoices", "contacts", "inventory"];
const COUNTS = ["records", "created", "updated", "unchanged", "deactivated", "excluded", "conflicts", "quarantined"];
const API = "/api/integrations/metakocka";
const PANEL = "/settings/integrations/metakocka";
const LOGS = `${PANEL}/logs`;
const SYNC_DEADLINE = Number(process.env.FIRST_SYNC_SECONDS ?? 120) * 1000;
const STEP_DEADLINE = 20_000;

const missing = ["HOST_URL", "ADMIN_PASSWORD", "ERP_URL", "ERP_COMPANY", "ERP_KEY", "ERP_CA_FILE"].filter((name) => !process.env[name]);
if (missing.length) throw new Error(`Set ${missing.join(", ")}; see the head of this file.`);
const { HOST_URL, ADMIN_PASSWORD, ERP_URL, ERP_COMPANY, ERP_KEY, ERP_CA_FILE, ADMIN_USER = "admin", ARTIFACTS } = process.env;

const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser, context, page;
const complaints = [];

function watch(which) {
  which.setDefaultTimeout(STEP_DEADLINE);
  which.on("pageerror", (error) => complaints.push(`page error: ${error.message}`));
  which.on("console", (message) => {
    if (/content security policy|trusted type/i.test(message.text())) complaints.push(message.text());
  });
}

async function open(path, which = page) {
  await which.goto(new URL(path, HOST_URL).href);
}

async function login(which = page) {
  await open(PANEL, which);
  const user = which.locator('input[name="user"]');
  await user.or(which.locator("metakocka-autosync")).first().waitFor();
  if (!(await user.count())) return;
  await user.fill(ADMIN_USER);
  await which.locator('input[name="password"]').first().fill(ADMIN_PASSWORD);
  await which.locator('form:has(input[name="user"]) :is(button[type="submit"], button:not([type]), input[type="submit"])').first().click();
  await user.waitFor({ state: "detached" });
  await open(PANEL, which);
}

/** Read with the page's own session. */
function api(path, which = page) {
  return which.evaluate(async (url) => {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    return answer.json();
  }, API + path);
}

const card = (kind, which = page) => which.locator(`metakocka-autosync [data-kind="${kind}"]`);

async function axeClean(selector, state) {
  await page.evaluate(axeSource);
  const violations = await page.evaluate(async (sel) => {
    // A fade between two colours has no contrast of its own.
    await Promise.allSettled(document.getAnimations().filter((a) => a.effect?.getComputedTiming().endTime !== Infinity).map((a) => a.finished));
    const result = await window.axe.run({ include: [[sel]] }, { resultTypes: ["violations"] });
    return result.violations
      .filter((v) => v.impact === "serious" || v.impact === "critical")
      .map((v) => `${v.id} (${v.impact}): ${v.nodes.map((n) => n.target.flat().join(" ")).join("; ")}`);
  }, selector);
  assert.deepEqual(violations, [], `axe: ${state}`);
}

async function noSidewaysScroll(state) {
  const [content, window_] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  assert.ok(content <= window_, `${state}: the page is ${content} px wide in a window of ${window_} px`);
}

/** Reads both until they agree, because the panel follows the server by a moment. */
async function agrees(shown, actual, what) {
  const deadline = Date.now() + STEP_DEADLINE;
  for (;;) {
    const [a, b] = [await shown(), await actual()];
    try {
      assert.deepEqual(a, b, what);
      return b;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await page.waitForResponse((r) => r.url().includes(`${API}/auto-sync`)); // the panel's next look
    }
  }
}

function shownFigures(kind) {
  return card(kind).evaluate((element, names) => {
    const value = (selector) => Number(element.querySelector(selector)?.value ?? NaN);
    return Object.fromEntries([
      ...names.map((name) => [name, value(`data[data-count="${name}"]`)]),
      ["linked", value('data[data-figure="linked"]')],
      ["inactive", value('data[data-figure="inactive"]')],
    ]);
  }, COUNTS);
}

function figuresOf({ lastRun, linked, inactive }) {
  return { ...Object.fromEntries(COUNTS.map((name) => [name, lastRun.counts[name]])), linked, inactive };
}

async function fillCredentials(key) {
  const form = page.locator("metakocka-autosync #companyId");
  if (!(await form.count())) await page.locator("metakocka-autosync #cred-change").click();
  await form.fill(ERP_COMPANY);
  await page.locator("#secretKey").fill(key);
  await page.locator("#installation").selectOption("own");
  await page.locator("#baseUrl").fill(ERP_URL);
  await page.locator("#caCertificate").fill(await readFile(ERP_CA_FILE, "utf8"));
}

describe("first sync", { concurrency: false }, () => {
  before(async () => {
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync"],
    });
    context = await browser.newContext({ locale: "en-GB", viewport: { width: 1200, height: 900 } });
    page = await context.newPage();
    watch(page);
  });

  after(async () => {
    await browser?.close();
  });

  let step = 0;
  afterEach(async () => {
    if (!ARTIFACTS) return;
    await mkdir(ARTIFACTS, { recursive: true });
    await page.screenshot({ path: join(ARTIFACTS, `${String(++step).padStart(2, "0")}.png`), fullPage: true });
  });

  it("logs in and finds the panel", async () => {
    await login();
    await page.locator("metakocka-autosync .kinds").waitFor();
    for (const kind of KINDS) assert.equal(await card(kind).count(), 1);
    await axeClean("metakocka-autosync", "before set-up");
  });

  it("asks for what is missing", async () => {
    if (!(await page.locator("metakocka-autosync #companyId").count())) await page.locator("#cred-change").click();
    await page.locator("#companyId").fill("");
    await page.locator("#cred-test").click();
    await page.locator('#companyId[aria-invalid="true"]').waitFor();
    assert.notEqual(await page.locator("#secretKey-error").innerText(), "");
    await axeClean("metakocka-autosync", "missing credentials");
  });

  it("tells a wrong key and what to do", async () => {
    await fillCredentials("not-the-key");
    await page.locator("#cred-test").click();
    const outcome = page.locator('[data-test="invalid_credentials"]');
    await outcome.waitFor();
    assert.match(await outcome.innerText(), /does not accept/);
    await axeClean("metakocka-autosync", "wrong key");
  });

  it("refuses a certificate nobody vouches for", async () => {
    await fillCredentials(ERP_KEY);
    await page.locator("#caCertificate").fill("");
    await page.locator("#cred-test").click();
    await page.locator('[data-test="tls"]').waitFor();
  });

  it("connects with the right key", async () => {
    await fillCredentials(ERP_KEY);
    await page.locator("#cred-test").click();
    const outcome = page.locator('[data-test="ok"]');
    await outcome.waitFor();
    assert.match(await outcome.innerText(), /Connected/);
    await page.locator('metakocka-autosync button[type="submit"]').first().click();
    await page.locator("#cred-change").waitFor();
    const stored = await api("/credentials");
    assert.equal(stored.configured, true);
    assert.equal(stored.companyId, ERP_COMPANY);
    assert.ok(!JSON.stringify(stored).includes(ERP_KEY), "the key is shown again");
  });

  it("never fills the key back", async () => {
    await page.locator("#cred-change").click();
    assert.equal(await page.locator("#secretKey").inputValue(), "");
    await page.keyboard.press("Tab"); // a keyboard reaches the way out
    await page.locator("metakocka-autosync form").first().getByRole("button", { name: "Cancel" }).click();
    await page.locator("#cred-change").waitFor();
  });

  it("runs the first sync of all four kinds", { timeout: SYNC_DEADLINE + STEP_DEADLINE }, async () => {
    const deadline = Date.now() + SYNC_DEADLINE;
    const master = page.getByRole("switch", { name: "Automatic sync" });
    if (!(await master.isChecked())) await master.click();
    await page.locator('metakocka-autosync input[name="enabled"]:checked:enabled').waitFor();
    assert.equal((await api("/auto-sync")).enabled, true);
    await axeClean("metakocka-autosync", "while syncing");
    for (const kind of KINDS) {
      const finished = page.locator(
        `metakocka-autosync [data-kind="${kind}"][data-state="idle"] :is([data-run-state="succeeded"], [data-run-state="partial"])`);
      await finished.waitFor({ timeout: Math.max(1, deadline - Date.now()) });
    }
  });

  it("shows the API's figures", async () => {
    for (const kind of KINDS) {
      const figures = await agrees(() => shownFigures(kind), async () => figuresOf((await api("/auto-sync")).types[kind]), kind);
      assert.ok(figures.records > 0, `${kind}: no records`);
      const { records, created, updated, unchanged, deactivated, excluded, conflicts, quarantined } = figures;
      assert.equal(records, created + updated + unchanged + deactivated + excluded + conflicts + quarantined, `${kind}: the counts add up`);
    }
    await axeClean("metakocka-autosync", "after the first sync");
  });

  it("starts one run for an impatient double click", async () => {
    const requests = [];
    const count = (request) => { if (request.method() === "POST" && request.url().endsWith(`${API}/runs`)) requests.push(request); };
    page.on("request", count);
    const before = (await api("/auto-sync")).types.products.lastRun.id;
    const answered = page.waitForResponse((r) => r.url().endsWith(`${API}/runs`) && r.request().method() === "POST");
    await card("products").locator('[data-action="sync"]').dblclick();
    assert.equal((await answered).status(), 202);
    await page.locator(`metakocka-autosync [data-kind="products"][data-state="idle"]:not([data-run="${before}"])`)
      .waitFor({ timeout: SYNC_DEADLINE });
    page.off("request", count);
    assert.equal(requests.length, 1);
    await agrees(() => shownFigures("products"), async () => figuresOf((await api("/auto-sync")).types.products), "second run");
    assert.equal((await shownFigures("products")).created, 0);
  });

  it("checks intervals as they are typed and saves them", async () => {
    const interval = page.locator('[name="intervals.products"]');
    for (const wrong of ["0", "1441", "1,5", ""]) {
      await interval.fill(wrong);
      await page.locator('[name="intervals.products"][aria-invalid="true"]').waitFor();
    }
    await axeClean("metakocka-autosync", "invalid interval");
    await interval.fill("45");
    await page.locator('[name="intervals.products"][aria-invalid="false"]').waitFor();
    const sent = page.waitForRequest((r) => r.method() === "POST" && r.url().endsWith(`${API}/auto-sync`));
    await page.locator('[data-action="save"]').click();
    assert.deepEqual((await sent).postDataJSON(), { intervals: { products: 45 } });
    await page.locator('.save-bar .note.ok').waitFor();
    assert.equal((await api("/auto-sync")).types.products.intervalMinutes, 45);

    await page.locator('[data-action="recommended"]').click();
    assert.equal(await interval.inputValue(), "30");
    await page.locator('[data-action="save"]').click();
    await page.locator('.save-bar .note.ok').waitFor();
    const { types } = await api("/auto-sync");
    assert.deepEqual(KINDS.map((kind) => types[kind].intervalMinutes), [30, 15, 60, 10]);
  });

  it("switches webhooks on, tells their address and asks for their secret", async () => {
    const address = await page.locator("#webhook-address").innerText();
    assert.equal(address, new URL(`${API}/webhook`, page.url()).href);
    const realTime = page.locator('[name="realTimeEnabled"]');
    assert.equal(await realTime.isChecked(), true);
    await page.locator('[name="webhooksEnabled"]').click();
    await page.locator('[data-note="webhook-secret"]').waitFor();
    await realTime.click();
    await axeClean("metakocka-autosync", "webhooks without a secret");
    await page.locator('[data-action="save"]').click();
    await page.locator('.save-bar .note.ok').waitFor();
    const { config } = await api("/auto-sync");
    assert.deepEqual([config.webhooksEnabled, config.realTimeEnabled], [true, false]);

    await fillCredentials(ERP_KEY);
    await page.locator("#webhookSecret").fill("a secret of the webhook");
    await page.locator('metakocka-autosync button[type="submit"]').first().click();
    await page.locator("#cred-change").waitFor();
    await page.locator('[data-note="webhook-secret"]').waitFor({ state: "detached" });
    const stored = await api("/credentials");
    assert.equal(stored.webhookSecret, true);
    assert.ok(!JSON.stringify(stored).includes("a secret"), "the secret is shown again");
    await page.locator("#cred-change").click();
    assert.equal(await page.locator("#webhookSecret").inputValue(), "");
    await page.locator("metakocka-autosync").getByText("keep the stored one").waitFor();
    await page.locator("metakocka-autosync .form").getByText("Cancel").click();
  });

  it("speaks Slovenian", async () => {
    await page.locator("metakocka-autosync").evaluate((element) => element.setAttribute("lang", "sl"));
    await page.getByRole("heading", { name: "Nadzor samodejnega usklajevanja" }).waitFor();
    assert.match(await card("invoices").innerText(), /Računi/);
    await axeClean("metakocka-autosync", "Slovenian");
  });

  it("fits a phone, in the dark as well", async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await noSidewaysScroll("panel");
    await page.emulateMedia({ colorScheme: "dark" });
    await axeClean("metakocka-autosync", "phone, dark");
    await page.emulateMedia({ colorScheme: "light" });
  });

  it("shows, filters and exports the logs", async () => {
    await page.setViewportSize({ width: 1200, height: 900 });
    await open(LOGS);
    const element = page.locator("metakocka-autosync-logs");
    await element.evaluate((e) => e.setAttribute("lang", "en"));
    await element.locator(".entry").first().waitFor();
    await axeClean("metakocka-autosync-logs", "logs");

    const filtered = page.waitForResponse((r) => r.url().includes(`${API}/logs?`) && r.url().includes("type=products"));
    await element.locator('select[name="type"]').selectOption("products");
    const { items } = await (await filtered).json();
    assert.ok(items.length > 0);
    assert.ok(items.every((item) => item.type === "products"));
    await page.waitForFunction((ids) => {
      const shown = [...document.querySelector("metakocka-autosync-logs").shadowRoot.querySelectorAll(".entry")];
      return JSON.stringify(shown.map((e) => e.dataset.id)) === ids;
    }, JSON.stringify(items.map((item) => String(item.id))));

    for (const format of ["csv", "jsonl"]) {
      const href = await element.locator(`[data-export="${format}"]`).getAttribute("href");
      assert.match(href, /type=products/);
      const text = await page.evaluate(async (url) => {
        const answer = await fetch(url);
        if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
        return answer.text();
      }, href);
      assert.ok(text.length > 0);
      if (format === "jsonl") {
        for (const line of text.trim().split("\n")) assert.equal(JSON.parse(line).type, "products");
      }
    }

    await element.locator('[name="q"]').fill("no entry has this text žšč");
    await page.waitForFunction(() =>
      document.querySelector("metakocka-autosync-logs").shadowRoot.querySelectorAll(".entry").length === 0);
    await axeClean("metakocka-autosync-logs", "no entries");
    await element.locator('[data-action="clear"]').click();
    await element.locator(".entry").first().waitFor();

    await page.setViewportSize({ width: 360, height: 740 });
    await noSidewaysScroll("logs");
    await axeClean("metakocka-autosync-logs", "logs on a phone");
    await page.setViewportSize({ width: 1200, height: 900 });
  });

  it("says so when the session has ended", async () => {
    await open(PANEL);
    await page.locator("metakocka-autosync .kinds").waitFor();
    await page.locator("metakocka-autosync").evaluate((e) => e.setAttribute("lang", "en"));
    await context.clearCookies();
    await page.locator("metakocka-autosync").getByText("Your session has ended").waitFor();
    await axeClean("metakocka-autosync", "signed out");
  });

  it("keeps the strict Content-Security-Policy and throws nothing", () => {
    assert.deepEqual(complaints, []);
  });
});
