// Creating and changing records inside one transaction.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "records/kind.hpp"
#include "records/value.hpp"
#include "store/connection.hpp"

namespace crm::sample {

// What is to be set; what is absent keeps its value.
struct RecordInput {
    std::vector<std::optional<Value>> fields;  // in the order of the kind's fields
    std::optional<bool> active;
    const boost::json::object* custom = nullptr;    // merged: null removes a member
    std::optional<std::string_view> external_id{};  // of the writer's system
};

// Who makes a connector's changes, as the change log has it.
inline std::string connector_origin(std::string_view connector) {
    return "connector:" + std::string(connector);
}

struct WriteResult {
    std::int64_t id = 0;
    std::int64_t updated_at = 0;
    bool changed = false;
    std::string previous;  // JSON object: the old values of the fields that changed
};

// The statements of one kind in one transaction. `origin` is who makes the change ("user:admin",
// "connector:metakocka"); `system` is whose external ids are meant.
class RecordWriter final : public IReferences {
  public:
    RecordWriter(Connection& connection, const Kind& kind, std::string origin, std::string system,
                 std::int64_t now);

    bool exists(std::string_view kind, std::int64_t id) override;
    // When the record last changed, or nothing when it does not exist.
    std::optional<std::int64_t> updated_at(std::int64_t id);
    // The record `external_id` means in this system, or 0.
    std::int64_t find_linked(std::string_view external_id);
    // The record's external id in this system, if it has one.
    std::optional<std::string> external_id_of(std::int64_t id);

    WriteResult create(const RecordInput& input);
    // The record must exist. Nothing is written when nothing differs.
    WriteResult update(std::int64_t id, const RecordInput& input);
    void erase(std::int64_t id);

  private:
    struct Difference;
    void collect_field_changes(const Statement& row, const RecordInput& input, Difference& difference) const;
    void collect_shared_changes(const Statement& row, const RecordInput& input, Difference& difference) const;
    // The log keeps the last change of each origin. `external` is what a record that is gone was linked to.
    void note_change(std::int64_t id, std::int64_t at, const std::string* external = nullptr);
    void link(std::int64_t id, std::string_view external_id);
    Statement& keep(Statement*& kept, const std::string& sql);

    Connection& connection_;
    const Kind& kind_;
    std::string origin_;
    std::string system_;
    std::int64_t now_;
    std::string select_sql_;
    std::string insert_sql_;
    // Found once per transaction: looking a statement up by its text costs as much as running some of them.
    Statement* select_ = nullptr;
    Statement* insert_ = nullptr;
    Statement* find_link_ = nullptr;
    Statement* add_link_ = nullptr;
    Statement* add_change_ = nullptr;
    std::map<std::string_view, Statement*> exists_;
};

}  // namespace crm::sample
