// Store's reading half.
#include "store/store.hpp"

#include <algorithm>

#include "store/error.hpp"
#include "store/places.hpp"
#include "store/sql.hpp"

namespace metakocka::store {

namespace {

// The current row of a statement that selects the columns of sql::kFindLink.
void read_link(const Statement& row, sync::Link& link) {
    link.crm_id = row.view(0);
    const std::string_view fingerprint = row.view(1);
    if (fingerprint.size() != link.fingerprint.size()) {
        throw StoreError(StoreProblem::kInput, "a stored fingerprint has the wrong length");
    }
    std::copy(fingerprint.begin(), fingerprint.end(), link.fingerprint.begin());
    link.active = row.integer(2) != 0;
    link.unchanged_at = row.integer(3);
    link.changed_at = row.integer(4);
}

}  // namespace

std::vector<std::optional<sync::Link>> Store::find_links(RecordKind kind,
                                                         const std::vector<std::string>& erp_ids) {
    return instance_->database().read([&](Connection& connection) {
        std::vector<std::optional<sync::Link>> links(erp_ids.size());
        auto find = connection.use(sql::kFindLink);
        find.bind(instance_->name(), static_cast<int>(kind));
        for (std::size_t i = 0; i < erp_ids.size(); ++i) {
            find.bind_one(3, erp_ids[i]);
            if (find.step()) {
                read_link(find, links[i].emplace());
                links[i]->erp_id = erp_ids[i];
            }
            find.reset();
        }
        return links;
    });
}

std::vector<std::optional<sync::Link>> Store::find_links_by_crm(RecordKind kind,
                                                                const std::vector<std::string>& crm_ids) {
    return instance_->database().read([&](Connection& connection) {
        std::vector<std::optional<sync::Link>> links(crm_ids.size());
        auto find = connection.use(sql::kFindLinkByCrm);
        find.bind(instance_->name(), static_cast<int>(kind));
        for (std::size_t i = 0; i < crm_ids.size(); ++i) {
            find.bind_one(3, crm_ids[i]);
            if (find.step()) {
                read_link(find, links[i].emplace());
                links[i]->erp_id = find.view(5);
            }
            find.reset();
        }
        return links;
    });
}

std::vector<sync::Link> Store::active_links(RecordKind kind, const std::string& after, std::size_t limit) {
    return instance_->database().read([&](Connection& connection) {
        std::vector<sync::Link> links;
        auto rows = connection.use(sql::kActiveLinks);
        rows.bind(instance_->name(), static_cast<int>(kind), after, limit);
        while (rows.step()) {
            read_link(rows, links.emplace_back());
            links.back().erp_id = rows.view(5);
        }
        return links;
    });
}

std::optional<std::string> Store::base(RecordKind kind, const std::string& erp_id) {
    return instance_->database().read([&](Connection& connection) -> std::optional<std::string> {
        auto row = connection.use(sql::kGetBase);
        row.bind(instance_->name(), static_cast<int>(kind), erp_id);
        if (!row.step()) return std::nullopt;
        return instance_->vault().open("base", place(kind, erp_id), row.view(0));
    });
}

std::vector<sync::Quarantined> Store::quarantine(RecordKind kind) {
    return instance_->database().read([&](Connection& connection) {
        std::vector<sync::Quarantined> records;
        auto rows = connection.use(sql::kQuarantine);
        rows.bind(instance_->name(), static_cast<int>(kind));
        while (rows.step()) {
            const std::string erp_id = rows.text(0);
            std::string reason = instance_->vault().open("quarantine", place(kind, erp_id), rows.view(3));
            records.push_back(
                {erp_id, std::move(reason), rows.integer(1), static_cast<std::uint32_t>(rows.integer(2))});
        }
        return records;
    });
}

std::optional<std::string> Store::memo(RecordKind kind, const std::string& name) {
    return instance_->database().read([&](Connection& connection) -> std::optional<std::string> {
        auto row = connection.use(sql::kGetMemo);
        row.bind(instance_->name(), static_cast<int>(kind), name);
        if (!row.step()) return std::nullopt;
        return instance_->vault().open("memo", place(kind, name), row.view(0));
    });
}

}  // namespace metakocka::store
