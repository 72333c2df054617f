#include "store/migrations.hpp"

#include <array>
#include <stdexcept>
#include <string>

#include "store/connection.hpp"

namespace crm::sample {
namespace {

// Never edit a step that was released: add one. Columns carry the names of the API's fields, so that no
// second list of names has to be kept in step. Instants are microseconds; decimals stay text; `lines`,
// `custom` and `external` are JSON.
constexpr std::array<const char*, 3> kSteps = {R"sql(
CREATE TABLE contacts (
  id INTEGER PRIMARY KEY AUTOINCREMENT, active INTEGER NOT NULL DEFAULT 1,
  createdAt INTEGER NOT NULL, updatedAt INTEGER NOT NULL,
  external TEXT NOT NULL DEFAULT '{}', custom TEXT NOT NULL DEFAULT '{}',
  name TEXT, taxNumber TEXT, registrationNumber TEXT, email TEXT, phone TEXT, mobile TEXT, street TEXT,
  postNumber TEXT, city TEXT, country TEXT, isCompany INTEGER NOT NULL DEFAULT 0,
  isCustomer INTEGER NOT NULL DEFAULT 0, isSupplier INTEGER NOT NULL DEFAULT 0);
CREATE TABLE products (
  id INTEGER PRIMARY KEY AUTOINCREMENT, active INTEGER NOT NULL DEFAULT 1,
  createdAt INTEGER NOT NULL, updatedAt INTEGER NOT NULL,
  external TEXT NOT NULL DEFAULT '{}', custom TEXT NOT NULL DEFAULT '{}',
  code TEXT, name TEXT, description TEXT, unit TEXT, barcode TEXT, price TEXT, currency TEXT, taxRate TEXT,
  weight TEXT, sellable INTEGER NOT NULL DEFAULT 0, purchasable INTEGER NOT NULL DEFAULT 0,
  service INTEGER NOT NULL DEFAULT 0);
CREATE TABLE invoices (
  id INTEGER PRIMARY KEY AUTOINCREMENT, active INTEGER NOT NULL DEFAULT 1,
  createdAt INTEGER NOT NULL, updatedAt INTEGER NOT NULL,
  external TEXT NOT NULL DEFAULT '{}', custom TEXT NOT NULL DEFAULT '{}',
  number TEXT, kind TEXT, date TEXT, dueDate TEXT, contactId INTEGER REFERENCES contacts(id), currency TEXT,
  net TEXT, tax TEXT, total TEXT, paid TEXT, status TEXT, lines TEXT NOT NULL DEFAULT '[]');
CREATE INDEX invoices_contact ON invoices (contactId);
CREATE TABLE inventory (
  id INTEGER PRIMARY KEY AUTOINCREMENT, active INTEGER NOT NULL DEFAULT 1,
  createdAt INTEGER NOT NULL, updatedAt INTEGER NOT NULL,
  external TEXT NOT NULL DEFAULT '{}', custom TEXT NOT NULL DEFAULT '{}',
  productId INTEGER REFERENCES products(id), warehouse TEXT, amount TEXT, reserved TEXT, free TEXT);
CREATE INDEX inventory_product ON inventory (productId);

-- Which record another system's id means. `external` in the record repeats it for reading.
CREATE TABLE external_link (
  kind TEXT NOT NULL, system TEXT NOT NULL, externalId TEXT NOT NULL, recordId INTEGER NOT NULL,
  PRIMARY KEY (kind, system, externalId)) WITHOUT ROWID;

-- Every change of a record in order, with who made it: what a change feed reads.
CREATE TABLE change (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, recordId INTEGER NOT NULL,
  origin TEXT NOT NULL, at INTEGER NOT NULL);

CREATE TABLE user (name TEXT PRIMARY KEY, passwordHash TEXT NOT NULL, role TEXT NOT NULL);
CREATE TABLE session (
  idHash TEXT PRIMARY KEY, user TEXT NOT NULL REFERENCES user(name) ON DELETE CASCADE, expiresAt INTEGER NOT NULL);
CREATE TABLE token (hash TEXT PRIMARY KEY, role TEXT NOT NULL, createdAt INTEGER NOT NULL);

CREATE TABLE plugin (
  id TEXT PRIMARY KEY, enabled INTEGER NOT NULL DEFAULT 0, settings TEXT NOT NULL DEFAULT '{}');
CREATE TABLE notice (
  connector TEXT NOT NULL, id TEXT NOT NULL, level TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL,
  at INTEGER NOT NULL, PRIMARY KEY (connector, id));
)sql",
                                               R"sql(
-- The change log keeps the last change of each record by each origin, so that it stays as small as the records
-- are. `external` is set when the record was deleted: what it was linked to.
ALTER TABLE change RENAME TO old_change;
CREATE TABLE change (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, recordId INTEGER NOT NULL,
  origin TEXT NOT NULL, at INTEGER NOT NULL, external TEXT, UNIQUE (kind, recordId, origin));
INSERT INTO change (sequence, kind, recordId, origin, at)
  SELECT max(sequence), kind, recordId, origin, at FROM old_change
  WHERE (kind = 'contacts' AND recordId IN (SELECT id FROM contacts))
     OR (kind = 'products' AND recordId IN (SELECT id FROM products))
     OR (kind = 'invoices' AND recordId IN (SELECT id FROM invoices))
     OR (kind = 'inventory' AND recordId IN (SELECT id FROM inventory))
  GROUP BY kind, recordId, origin;
DROP TABLE old_change;

-- The parts of the log, one for each start of the host: `since` is the last change before it.
CREATE TABLE history (
  number INTEGER PRIMARY KEY AUTOINCREMENT, part TEXT NOT NULL UNIQUE, since INTEGER NOT NULL);
INSERT INTO history (part, since) VALUES (lower(hex(randomblob(8))), 0);
)sql",
                                               R"sql(
-- Why the plugin's last start failed; empty when it did not.
ALTER TABLE plugin ADD COLUMN failure TEXT NOT NULL DEFAULT '';
)sql"};

int version_of(Connection& connection) {
    Statement& statement = connection.prepare("PRAGMA user_version");
    const ResetGuard guard(statement);
    statement.step();
    return static_cast<int>(statement.number(0));
}

}  // namespace

void migrate(Connection& connection) {
    // Taken before looking, so that two programs starting at once do not both create the tables.
    connection.execute("BEGIN IMMEDIATE");
    try {
        const auto version = static_cast<std::size_t>(version_of(connection));
        if (version > kSteps.size()) throw std::runtime_error("the database was made by a newer crm-host");
        for (std::size_t step = version; step < kSteps.size(); ++step) {
            connection.execute(kSteps[step]);
            connection.execute("PRAGMA user_version=" + std::to_string(step + 1));
        }
        connection.execute("COMMIT");
    } catch (...) {
        connection.execute("ROLLBACK");
        throw;
    }
}

}  // namespace crm::sample
