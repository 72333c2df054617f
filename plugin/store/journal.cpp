#include "store/journal.hpp"

#include <array>
#include <cstdint>
#include <utility>

#include "store/cursor.hpp"
#include "store/pack.hpp"
#include "store/sql.hpp"
#include "vault/derive.hpp"

namespace metakocka::store {

namespace {

constexpr std::size_t kSaltBytes = 16;

std::string as_text(const vault::Hash& hash) {
    return {hash.begin(), hash.end()};
}

struct Row {
    JournalEntry entry;
    std::string details_hash;
    std::string hash;
    std::string sealed;
};

Row read_row(const Statement& statement) {
    return {{statement.integer(0), statement.integer(1), statement.text(2), statement.text(3), {}},
            statement.text(4),
            statement.text(5),
            statement.text(6)};
}

// The chain covers a salted hash of the details and not the details: they can be erased, or sealed again
// under another key, while it stays verifiable; and nobody can guess erased ones from the hash.
std::string hash_of(Instance& instance, const Row& row, const std::string& previous) {
    const std::string covered =
        pack({previous, std::to_string(row.entry.number), std::to_string(row.entry.at), row.entry.who,
              row.entry.what, row.details_hash});
    return as_text(instance.vault().keyed_hash("journal", covered));
}

std::string hash_of_details(Instance& instance, const std::string& salted) {
    return as_text(instance.vault().keyed_hash("journal-details", salted));
}

std::string open_salted(Instance& instance, const Row& row) {
    return instance.vault().open("journal", std::to_string(row.entry.number), row.sealed);
}

bool details_fit(Instance& instance, const Row& row) {
    if (row.sealed.empty()) return true;
    try {
        return hash_of_details(instance, open_salted(instance, row)) == row.details_hash;
    } catch (const vault::VaultError& error) {
        if (error.problem() == vault::VaultProblem::kTampered) return false;
        throw;
    }
}

}  // namespace

std::int64_t append_to_journal(Connection& connection, Instance& instance, const std::string& who,
                               const std::string& what, const std::string& details) {
    std::array<std::uint8_t, kSaltBytes> salt{};
    vault::fill_random(salt);
    const std::string salted = std::string(salt.begin(), salt.end()) + details;
    Row row;
    row.entry.number = 1;
    row.entry.at = instance.now();
    row.entry.who = who;
    row.entry.what = what;
    row.details_hash = hash_of_details(instance, salted);
    std::string previous;
    auto last = connection.use(sql::kLastJournal);
    if (last.bind(instance.name()).step()) {
        row.entry.number = last.integer(0) + 1;
        previous = last.text(1);
    }
    last.reset();
    row.hash = hash_of(instance, row, previous);
    row.sealed = instance.vault().seal("journal", std::to_string(row.entry.number), salted);
    auto add = connection.use(sql::kAddJournal);
    add.bind(instance.name(), row.entry.number, row.entry.at, who, what);
    add.bind_blob(6, row.details_hash);
    add.bind_blob(7, row.hash);
    add.bind_blob(8, row.sealed);
    add.run();
    return row.entry.number;
}

std::int64_t Journal::append(const std::string& who, const std::string& what, const std::string& details) {
    return instance_->database().write([&](Connection& connection) {
        return append_to_journal(connection, *instance_, who, what, details);
    });
}

Page<JournalEntry> Journal::list(const std::string& before, std::size_t limit) {
    const std::int64_t position = parse_position(before, kNewest);
    return instance_->database().read([&](Connection& connection) {
        auto rows = connection.use(sql::kListJournal);
        rows.bind(instance_->name(), position, with_one_more(limit));
        Page<JournalEntry> page;
        while (rows.step()) {
            Row row = read_row(rows);
            if (!row.sealed.empty()) row.entry.details = open_salted(*instance_, row).substr(kSaltBytes);
            page.items.push_back(std::move(row.entry));
        }
        end_page(page, limit, [](const JournalEntry& last) { return std::to_string(last.number); });
        return page;
    });
}

std::optional<std::int64_t> Journal::first_broken() {
    return instance_->database().read([&](Connection& connection) -> std::optional<std::int64_t> {
        auto rows = connection.use(sql::kWalkJournal);
        rows.bind(instance_->name());
        std::string previous;
        std::int64_t expected = 1;
        while (rows.step()) {
            const Row row = read_row(rows);
            if (row.entry.number != expected || row.hash != hash_of(*instance_, row, previous) ||
                !details_fit(*instance_, row)) {
                return expected;
            }
            previous = row.hash;
            ++expected;
        }
        return std::nullopt;
    });
}

}  // namespace metakocka::store
