// What the pages know about the four kinds: fields for the detail page, columns for the list.

const text = (name) => ({ name, type: "text" });
const money = (name) => ({ name, type: "decimal", places: 2 });
const decimal = (name) => ({ name, type: "decimal" });
const flag = (name) => ({ name, type: "bool" });
const day = (name) => ({ name, type: "date" });
const reference = (name, kind) => ({ name, type: "reference", kind });
const choice = (name) => ({ name, type: "choice" });

export const lineFields = [
  text("code"), text("name"), decimal("quantity"), text("unit"), money("price"), decimal("discount"), decimal("taxRate"),
];

export const kinds = {
  contacts: {
    title: (record) => record.name,
    fields: [text("name"), text("taxNumber"), text("registrationNumber"), text("email"), text("phone"),
      text("mobile"), text("street"), text("postNumber"), text("city"), text("country"),
      flag("isCompany"), flag("isCustomer"), flag("isSupplier")],
    columns: ["name", "taxNumber", "email", "phone", "city"],
  },
  products: {
    title: (record) => record.name ?? record.code,
    fields: [text("code"), text("name"), { name: "description", type: "long" }, text("unit"), text("barcode"),
      money("price"), text("currency"), decimal("taxRate"), decimal("weight"),
      flag("sellable"), flag("purchasable"), flag("service")],
    columns: ["code", "name", "unit", "price", "currency", "taxRate"],
  },
  invoices: {
    title: (record) => record.number,
    fields: [text("number"), choice("kind"), day("date"), day("dueDate"), reference("contactId", "contacts"),
      text("currency"), money("net"), money("tax"), money("total"), money("paid"), choice("status")],
    columns: ["number", "date", "contactId", "kind", "total", "currency", "status"],
  },
  inventory: {
    title: (record, names) => names.get(record.productId) ?? record.warehouse,
    fields: [reference("productId", "products"), text("warehouse"), decimal("amount"), decimal("reserved"), decimal("free")],
    columns: ["productId", "warehouse", "amount", "reserved", "free"],
  },
};

export function fieldOf(kind, name) {
  return kinds[kind].fields.find((field) => field.name === name);
}
