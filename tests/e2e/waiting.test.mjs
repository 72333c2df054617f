// Both ways as a person sees it: the settings, a conflict decided field by field and as a whole, a record set aside
// and tried again; by keyboard, in both languages, on a phone.
//
// Needs no running program: it starts a stack of its own. BUILD names the build's folder, CHROMIUM the browser.
// Optional: ARTIFACTS (a folder for screenshots).
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { chromium } from "playwright-core";
import { COMPANY, PASSWORD, Stack, until } from "../stack.mjs";

const PANEL = "/settings/integrations/metakocka";
const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let stack, browser, page;
const complaints = [];

const contact = (id) => stack.call("GET", `/api/contacts/${id}`);
const partner = ({ external }) => `companies/${COMPANY}/partners/${external.metakocka}`;
const section = () => page.locator('metakocka-autosync [data-section="review"]');
const conflict = ({ id }) => page.locator(`metakocka-autosync [data-conflict="contacts.${id}"]`);
const writes = () => page.locator('metakocka-autosync [data-note="writes"]').innerText();

/** The focused element inside the panel, by an attribute; "" when it is nowhere. */
const focused = (attribute) => page.evaluate((name) =>
  document.querySelector("metakocka-autosync").shadowRoot.activeElement?.getAttribute(name) ?? "", attribute);

async function accessible(state) {
  await page.evaluate(axeSource);
  const violations = await page.evaluate(async () => {
    await Promise.allSettled(document.getAnimations().filter((a) => a.effect?.getComputedTiming().endTime !== Infinity).map((a) => a.finished));
    return (await window.axe.run({ include: [["metakocka-autosync"]] }, { resultTypes: ["violations"] })).violations
      .filter(({ impact }) => ["serious", "critical"].includes(impact))
      .map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.target.flat().join(" ")).join("; ")}`);
  });
  assert.deepEqual(violations, [], `axe: ${state}`);
  if (process.env.ARTIFACTS) {
    await mkdir(process.env.ARTIFACTS, { recursive: true });
    await page.screenshot({ path: join(process.env.ARTIFACTS, `waiting-${state.replaceAll(" ", "-")}.png`), fullPage: true });
  }
}

async function press(locator) {
  await locator.focus();
  await page.keyboard.press("Enter");
}

describe("what waits for a person", { concurrency: false }, () => {
  let first, second;

  before(async () => {
    stack = await Stack.start({ erp: { products: 20, partners: 10, invoices: 10 } });
    await stack.syncAll();
    browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
    page = await browser.newPage({ locale: "en-GB", viewport: { width: 1200, height: 900 } });
    page.setDefaultTimeout(20_000);
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (/content security policy/i.test(message.text())) complaints.push(message.text());
    });
    await page.goto(stack.url + PANEL);
    await page.locator('input[name="user"]').fill("admin");
    await page.locator('input[name="password"]').fill(PASSWORD);
    await page.locator('form button[type="submit"], form button:not([type])').first().click();
    await page.locator('input[name="user"]').waitFor({ state: "detached" });
    await page.goto(stack.url + PANEL);
    await page.locator("metakocka-autosync .kinds").waitFor();
  });
  after(async () => {
    await browser?.close();
    await stack?.stop();
  });

  it("shows nothing while nothing waits, and says that nothing is written", async () => {
    assert.equal(await section().count(), 0);
    assert.match(await writes(), /only reads/);
    assert.equal(await page.locator('[name="conflictPolicy.contacts.default"]').count(), 0);
    for (const kind of ["invoices", "inventory"]) {
      assert.equal(await page.locator(`[name="direction.${kind}"] option`).count(), 1, kind);
    }
  });

  it("takes direction, policy and write protection, and tells what is written then", async () => {
    await page.locator('[name="direction.contacts"]').selectOption("bidirectional");
    await page.locator('[name="conflictPolicy.contacts.default"]').selectOption("manual");
    await page.locator('[name="direction.products"]').selectOption("crm_to_metakocka");
    assert.equal(await page.locator('[name="conflictPolicy.products.default"]').count(), 0);
    await page.locator('[data-kind="products"]').getByText("Write protection is on").waitFor();
    assert.match(await writes(), /only reads/); // nothing is saved yet
    await accessible("settings");
    await page.locator('[data-action="save"]').click();
    await page.locator('[data-note="writes"]').getByText("Written to Metakocka: Contacts.").waitFor();
    await page.getByRole("switch", { name: "Write protection" }).click();
    await page.locator('[data-kind="products"]').getByText("but not their prices").waitFor();
    await page.locator('[data-action="save"]').click();
    await page.locator('[data-note="writes"]').getByText("Products, Contacts").waitFor();
    const { config } = await stack.api("GET", "/auto-sync");
    assert.deepEqual([config.direction.contacts, config.conflictPolicy.contacts.default, config.direction.products, config.writeProtection],
      ["bidirectional", "manual", "crm_to_metakocka", false]);
    await page.getByRole("switch", { name: "Write protection" }).click();
    await page.locator('[name="direction.products"]').selectOption("metakocka_to_crm");
    await page.locator('[data-action="save"]').click();
    await page.locator(".save-bar .note.ok").waitFor();
    await stack.sync("contacts");
  });

  it("lists a conflict and a record set aside as soon as a run finds them", async () => {
    const known = (await stack.records("contacts", "&active=true")).filter(({ external }) => external.metakocka);
    [first, second] = known;
    for (const one of [first, second]) {
      await stack.admin("PATCH", partner(one), { name: "Metakocka's name", phone: "01 111" });
      await stack.call("PATCH", `/api/contacts/${one.id}`, { name: "The CRM's name", phone: "02 222" });
    }
    await stack.call("POST", "/api/contacts", { name: "Long ".repeat(30) });
    await page.locator('[data-kind="contacts"] [data-action="full"]').click();
    await conflict(first).waitFor();
    const text = await conflict(first).innerText();
    for (const shown of ["Both sides changed: Name, Phone.", first.name, "Metakocka's name", "The CRM's name", "01 111", "02 222"]) {
      assert.ok(text.includes(shown), `${shown}: ${text}`);
    }
    assert.match(await section().locator("[data-quarantined]").innerText(), /100/);
    await page.locator('[data-verdict="review"]').waitFor();
    await accessible("conflicts");
  });

  it("is decided field by field with the keyboard, and the focus stays", async () => {
    await press(conflict(first).locator('[data-field="name"] [data-take="metakocka"]'));
    await conflict(first).locator('[data-field="name"]').waitFor({ state: "detached" });
    assert.notEqual(await focused("data-take"), "");
    await press(conflict(first).locator('[data-take="crm"]'));
    await conflict(first).waitFor({ state: "detached" });
    assert.notEqual(await page.evaluate(() => document.querySelector("metakocka-autosync").shadowRoot.activeElement), null);
    const { name, phone } = await contact(first.id);
    const truth = await stack.admin("GET", partner(first));
    assert.deepEqual([name, phone, truth.name, truth.phone], ["Metakocka's name", "02 222", "Metakocka's name", "02 222"]);
  });

  it("speaks Slovenian and fits a phone, in the dark as well", async () => {
    await page.locator("metakocka-autosync").evaluate((element) => element.setAttribute("lang", "sl"));
    await section().getByRole("heading", { name: "Čaka na vas" }).waitFor();
    assert.match(await conflict(second).innerText(), /Spremenjeno na obeh straneh: Naziv, Telefon\./);
    await page.setViewportSize({ width: 360, height: 740 });
    const [content, window_] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    assert.ok(content <= window_, `the page is ${content} px wide in a window of ${window_} px`);
    await page.emulateMedia({ colorScheme: "dark" });
    await accessible("phone dark");
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize({ width: 1200, height: 900 });
    await page.locator("metakocka-autosync").evaluate((element) => element.setAttribute("lang", "en"));
  });

  it("says so when somebody else was faster", async () => {
    await page.route("**/conflicts/*", (route) => route.fulfill({
      status: 409, contentType: "application/problem+json",
      body: JSON.stringify({ type: "about:blank", title: "Conflict", status: 409, detail: "A run has just ended this conflict." }),
    }));
    await conflict(second).locator(':scope > [role="group"] [data-take="crm"]').click();
    await section().getByText("This had changed meanwhile").waitFor();
    await accessible("stale");
    await page.unroute("**/conflicts/*");
  });

  it("is decided as a whole", async () => {
    await conflict(second).locator(':scope > [role="group"] [data-take="crm"]').click();
    await conflict(second).waitFor({ state: "detached" });
    assert.equal((await stack.admin("GET", partner(second))).name, "The CRM's name");
  });

  it("tries a record again, and disappears when nothing waits any more", async () => {
    const record = section().locator("[data-quarantined]");
    const id = (await record.getAttribute("data-quarantined")).split(".").pop();
    const tries = async () => (await stack.api("GET", "/quarantine")).items[0]?.tries;
    const before = await tries();
    await press(record.locator('[data-action="retry"]'));
    await until("it is tried again", async () => (await tries()) > before);
    await page.locator('[data-kind="contacts"][data-state="off"]').waitFor();
    assert.equal(await focused("data-action"), "retry");
    await stack.call("PATCH", `/api/contacts/${id}`, { name: "Short" });
    await press(record.locator('[data-action="retry"]'));
    await section().waitFor({ state: "detached" });
    assert.notEqual(await page.evaluate(() => document.querySelector("metakocka-autosync").shadowRoot.activeElement), null);
    assert.ok((await contact(id)).external.metakocka);
  });

  it("keeps the Content-Security-Policy and throws nothing", () => assert.deepEqual(complaints, []));
});
