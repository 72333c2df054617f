// What waits for a person in the pretend host: conflicts of every form, records set aside, and what becomes of them.
const GROUPS = [["street", "postNumber", "city", "country"], ["price", "currency", "taxRate"]];
const groupOf = (field) => GROUPS.find((group) => group.includes(field)) ?? [field];
const iso = (offsetSeconds = 0) => new Date(Date.now() + offsetSeconds * 1000).toISOString();

const field = (name, base, metakocka, crm, metakockaTakesIt = true) =>
  ({ field: name, base, metakocka, crm, policy: "manual", metakockaTakesIt });

function conflict(type, crmId, title, fields, more = {}) {
  return {
    id: `${type}.${crmId}`, type, crmId, externalId: `16000000${crmId}`, title, since: iso(-3 * 3600), what: "fields", fields,
    reason: "", changed: { metakocka: null, crm: null }, newer: null, resolution: null, ...more,
  };
}

export class Review {
  constructor(full) {
    this.conflicts = !full ? [] : [
      conflict("contacts", "17", "Čebelarstvo Žagar d.o.o.", [
        field("phone", "01 111 11 11", "01 222 22 22", "041 333 333"),
        field("street", "Slovenska cesta 1", "Dunajska cesta 22", "Tržaška cesta 120"),
        field("postNumber", "1000", "1000", "1000"),
        field("city", "Ljubljana", "Ljubljana", "Ljubljana - Vič"),
        field("country", "Slovenija", "Slovenija", "Slovenija"),
      ], { newer: "crm" }),
      conflict("contacts", "23", "Ana Novak", [field("email", null, "ana@example.si", "ana.novak@example.com")]),
      conflict("products", "1042", "Svinčnik HB", [
        field("price", "0.85", "0.85", "0.99", false), field("currency", "EUR", "EUR", "EUR", false), field("taxRate", "22", "22", "22", false),
      ]),
      conflict("contacts", "31", "Mizarstvo Kovač, izdelava pohištva po meri in notranja oprema, Peter Kovač s.p.",
        [field("mobile", "040 111 111", "040 999 999", null)], { what: "removed_in_crm" }),
      conflict("contacts", "32", null, [field("isSupplier", "false", null, "true")], { what: "removed_in_metakocka" }),
      ...Array.from({ length: 25 }, (_, i) => conflict("contacts", String(100 + i), `Stranka ${i + 1}`,
        [field("phone", null, `01 ${i}`, `02 ${i}`)])),
    ];
    this.quarantined = !full ? [] : [
      { id: "contacts.crm.77", type: "contacts", externalId: null, crmId: "77", since: iso(-86400), tries: 12,
        reason: "name is 150 characters long; Metakocka takes 100" },
      { id: "inventory.metakocka.16001_16002", type: "inventory", externalId: "16001/16002", crmId: null, since: iso(-600), tries: 1,
        reason: "productId: waits for 16001 of products, which is not in the CRM yet; it is tried again at every run" },
    ];
  }

  counts(kind) {
    const of = (list) => list.filter(({ type }) => type === kind).length;
    return { conflicts: of(this.conflicts), quarantined: of(this.quarantined) };
  }

  page(list, query) {
    const from = list.findIndex(({ id }) => id === query.get("after")) + 1;
    const items = list.slice(from, from + Number(query.get("limit") ?? 50));
    return { items, next: from + items.length < list.length ? items.at(-1).id : null };
  }

  /** The conflict with the decision; null when there is none. */
  decide(id, resolution) {
    const found = this.conflicts.find((one) => one.id === id);
    if (!found) return null;
    found.resolution = typeof resolution === "string" ? resolution
      : Object.fromEntries(Object.entries(resolution).flatMap(([name, side]) => groupOf(name).map((mate) => [mate, side])));
    return found;
  }

  /** What a finished run of this kind carries out. */
  carryOut(kind) {
    this.conflicts = this.conflicts.flatMap((one) => {
      if (one.type !== kind || one.resolution === null) return [one];
      if (typeof one.resolution === "string") return [];
      const fields = one.fields.filter((open) => !(open.field in one.resolution));
      return fields.some((open) => open.metakocka !== open.crm) ? [{ ...one, fields, resolution: null }] : [];
    });
    for (const record of this.quarantined) if (record.type === kind) ++record.tries;
  }
}
