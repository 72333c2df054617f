// English and Slovenian.

const texts = {
  en: {
    contacts: "Contacts", products: "Products", invoices: "Invoices", inventory: "Inventory",
    settings: "Settings", plugins: "Plugins", skip: "Skip to content", logIn: "Log in", logOut: "Log out",
    user: "User", password: "Password", wrongLogin: "The user or the password is wrong.",
    tooMany: "Too many attempts. Wait a moment and try again.", unreachable: "The server cannot be reached.",
    failed: "That did not work", search: "Search", all: "All", active: "Active", inactive: "Inactive", isActive: "Active", isInactive: "Inactive",
    state: "State", previous: "Previous", next: "Next", back: "Back", none: "Nothing here yet.",
    noneFound: "Nothing matches this search.", edit: "Edit", save: "Save", cancel: "Cancel", saved: "Saved.",
    yes: "Yes", no: "No", custom: "Custom fields", noCustom: "No custom fields.", external: "In other systems",
    noExternal: "Not linked to another system.", lines: "Lines", noLines: "No lines.", created: "Created", updated: "Changed",
    details: "Details", records: "of {total}", pluginsIntro: "Modules found in the plugins folder.",
    noPlugins: "No modules were found in the plugins folder.", enable: "Enable", disable: "Disable",
    open: "Open", running: "Running", disabled: "Off", refused: "Refused", quarantined: "Quarantined",
    failedState: "Failed", version: "Version", by: "by {publisher}", notThere: "There is nothing at this address.",
    pluginOff: "This module is not running.", toPlugins: "Go to plugins", adminOnly: "Only an administrator can change this.",
    signedBy: "Signed by {name}", unsigned: "Not signed by a publisher this CRM trusts", fingerprint: "Fingerprint of the publisher's key",
    distrustedSince: "a publisher no longer trusted", release: "Release from quarantine",
    unsignedAllowed: "This CRM also loads modules that no trusted publisher signed (--allow-unsigned). Whoever can put a file into the plugins folder decides what runs here. Restart it without that setting unless you are developing a module.",
    quarantineReason: "This module took the CRM down while it was {phase} ({how}, {at}). It is not loaded until you release it.",
    phase_load: "being loaded", phase_create: "making its instance", phase_describe: "describing itself",
    phase_run: "working for the first time", phase_stop: "stopping",
    end_exit: "it ended the process", end_hung: "it hung until the CRM was told to end", end_died: "nobody saw how the CRM ended",
    language: "Language", menu: "Main navigation", working: "Working…", open_id: "Record {id}",
    name: "Name", taxNumber: "Tax number", registrationNumber: "Registration number", email: "E-mail",
    phone: "Phone", mobile: "Mobile", street: "Street", postNumber: "Post code", city: "City", country: "Country",
    isCompany: "Company", isCustomer: "Customer", isSupplier: "Supplier", code: "Code", description: "Description",
    unit: "Unit", barcode: "Barcode", price: "Price", currency: "Currency", taxRate: "Tax %", weight: "Weight",
    sellable: "Sold", purchasable: "Bought", service: "Service", number: "Number", kind: "Kind", date: "Date",
    dueDate: "Due date", contactId: "Contact", net: "Net", tax: "Tax", total: "Total", paid: "Paid",
    status: "Status", productId: "Product", warehouse: "Warehouse", amount: "Amount", reserved: "Reserved",
    free: "Free", quantity: "Quantity", discount: "Discount %",
    kind_domestic: "Domestic", kind_foreign: "Foreign", kind_retail: "Retail", kind_prepaid: "Prepaid",
    kind_credit_note: "Credit note", status_unpaid: "Unpaid", status_partly_paid: "Partly paid", status_paid: "Paid",
  },
  sl: {
    contacts: "Stiki", products: "Artikli", invoices: "Računi", inventory: "Zaloga",
    settings: "Nastavitve", plugins: "Vtičniki", skip: "Na vsebino", logIn: "Prijava", logOut: "Odjava",
    user: "Uporabnik", password: "Geslo", wrongLogin: "Uporabnik ali geslo ni pravilno.",
    tooMany: "Preveč poskusov. Počakajte trenutek in poskusite znova.", unreachable: "Strežnik ni dosegljiv.",
    failed: "Ni uspelo", search: "Išči", all: "Vsi", active: "Aktivni", inactive: "Neaktivni", isActive: "Aktiven", isInactive: "Neaktiven",
    state: "Stanje", previous: "Prejšnja", next: "Naslednja", back: "Nazaj", none: "Tu še ni ničesar.",
    noneFound: "Temu iskanju ne ustreza nič.", edit: "Uredi", save: "Shrani", cancel: "Prekliči", saved: "Shranjeno.",
    yes: "Da", no: "Ne", custom: "Polja po meri", noCustom: "Ni polj po meri.", external: "V drugih sistemih",
    noExternal: "Ni povezano z drugim sistemom.", lines: "Postavke", noLines: "Ni postavk.", created: "Ustvarjeno", updated: "Spremenjeno",
    details: "Podrobnosti", records: "od {total}", pluginsIntro: "Moduli, najdeni v mapi vtičnikov.",
    noPlugins: "V mapi vtičnikov ni modulov.", enable: "Vklopi", disable: "Izklopi",
    open: "Odpri", running: "Deluje", disabled: "Izklopljen", refused: "Zavrnjen", quarantined: "V karanteni",
    failedState: "Napaka", version: "Različica", by: "izdaja {publisher}", notThere: "Na tem naslovu ni ničesar.",
    pluginOff: "Ta modul ne deluje.", toPlugins: "Na vtičnike", adminOnly: "To lahko spremeni le skrbnik.",
    signedBy: "Podpisal: {name}", unsigned: "Ni podpisal založnik, ki mu ta CRM zaupa", fingerprint: "Prstni odtis založnikovega ključa",
    distrustedSince: "založnik, ki mu ne zaupate več", release: "Sprosti iz karantene",
    unsignedAllowed: "Ta CRM naloži tudi module, ki jih ni podpisal noben zaupanja vreden založnik (--allow-unsigned). Kdor lahko odloži datoteko v mapo vtičnikov, odloča, kaj se tu izvaja. Zaženite ga brez te nastavitve, razen če modul razvijate.",
    quarantineReason: "Ta modul je zrušil CRM, {phase} ({how}, {at}). Ne bo naložen, dokler ga ne sprostite.",
    phase_load: "ko se je nalagal", phase_create: "ko je ustvarjal svoj primerek", phase_describe: "ko je opisoval samega sebe",
    phase_run: "ko je prvič delal", phase_stop: "ko se je ustavljal",
    end_exit: "končal je proces", end_hung: "obvisel je, dokler CRM ni dobil ukaza za konec", end_died: "nihče ni videl, kako se je CRM končal",
    language: "Jezik", menu: "Glavna navigacija", working: "Poteka …", open_id: "Zapis {id}",
    name: "Naziv", taxNumber: "Davčna številka", registrationNumber: "Matična številka", email: "E-pošta",
    phone: "Telefon", mobile: "Mobilni telefon", street: "Ulica", postNumber: "Poštna številka", city: "Kraj", country: "Država",
    isCompany: "Podjetje", isCustomer: "Kupec", isSupplier: "Dobavitelj", code: "Šifra", description: "Opis",
    unit: "Enota", barcode: "Črtna koda", price: "Cena", currency: "Valuta", taxRate: "DDV %", weight: "Teža",
    sellable: "Se prodaja", purchasable: "Se nabavlja", service: "Storitev", number: "Številka", kind: "Vrsta", date: "Datum",
    dueDate: "Rok plačila", contactId: "Stik", net: "Neto", tax: "Davek", total: "Skupaj", paid: "Plačano",
    status: "Status", productId: "Artikel", warehouse: "Skladišče", amount: "Količina", reserved: "Rezervirano",
    free: "Prosto", quantity: "Količina", discount: "Popust %",
    kind_domestic: "Domači", kind_foreign: "Tuji", kind_retail: "Maloprodajni", kind_prepaid: "Predplačilni",
    kind_credit_note: "Dobropis", status_unpaid: "Neplačan", status_partly_paid: "Delno plačan", status_paid: "Plačan",
  },
};

export const lang = document.documentElement.lang === "sl" ? "sl" : "en";

/** `otherwise`: what is shown for a key that has no text. */
export function t(key, values = {}, otherwise = key) {
  const text = texts[lang][key] ?? texts.en[key] ?? otherwise;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** The text of an enumeration's value, or the value itself when it is a new one. */
export function valueText(field, value) {
  return texts[lang][`${field}_${value}`] ?? value;
}

/** The address of this page in the other language. */
export function languageHref(language) {
  const url = new URL(location.href);
  url.searchParams.set("lang", language);
  return url.pathname + url.search;
}
