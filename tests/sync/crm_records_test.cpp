// What a run may rely on at the CRM, held against both that there are: the one in memory, on which the engine
// is tested, and the module's adapter over the sample host's own records service.
#include <algorithm>
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <iterator>

#include "boundary/memory_host.hpp"
#include "instance/host_records.hpp"
#include "memory_world.hpp"
#include "sample_records.hpp"

namespace {

using namespace metakocka;
using namespace metakocka::sync;

constexpr RecordKind kContacts = RecordKind::kContacts;

Record contact(const std::string& name, const std::string& city = "") {
    Record record(kContacts, "");
    record.at("name") = name;
    if (!city.empty()) record.at("city") = city;
    for (const char* flag : {"isCompany", "isCustomer", "isSupplier"}) record.at(flag) = "false";
    return record;
}

class InMemory {
  public:
    CrmRecords& crm() { return crm_; }
    std::string user_creates(const Record& record) { return crm_.add(record.kind, record); }
    void user_sets(RecordKind kind, const std::string& id, const std::string& field,
                   const std::string& value) {
        crm_.edit(kind, id, [&](Record& record) { record.at(field) = value; });
    }
    void user_deletes(RecordKind kind, const std::string& id) { crm_.erase(kind, id); }
    void restore_another_backup() { crm_.history = "another"; }

  private:
    sync::testing::MemoryCrm crm_;
};

class SampleHost {
  public:
    CrmRecords& crm() { return crm_; }
    std::string user_creates(const Record& record) {
        return sample_.user_creates(to_text(record.kind), to_fields(record));
    }
    void user_sets(RecordKind kind, const std::string& id, const std::string& field,
                   const std::string& value) {
        sample_.user_sets(to_text(kind), id, {{field, value}});
    }
    void user_deletes(RecordKind kind, const std::string& id) { sample_.user_deletes(to_text(kind), id); }
    void restore_another_backup() { sample_.forget_history(); }

  private:
    SampleRecords sample_;
    HostRecords crm_{sample_.host()};
};

CrmWritten write(CrmRecords& crm, CrmWrite item) {
    return crm.upsert(kContacts, {std::move(item)}).at(0);
}

CrmWritten write(CrmRecords& crm, const std::string& external_id, const Record& record) {
    return write(crm, {.external_id = external_id, .link_to = {}, .record = record});
}

// Everything after the cursor, which is moved.
std::vector<CrmChange> take_changes(CrmRecords& crm, std::optional<std::string>& cursor,
                                    std::size_t limit = 1000) {
    std::vector<CrmChange> items;
    while (true) {
        auto page = crm.changes(kContacts, cursor, limit);
        REQUIRE(page.has_value());
        CHECK(page->items.size() <= limit);
        std::move(page->items.begin(), page->items.end(), std::back_inserter(items));
        cursor = page->next;
        if (!page->more) return items;
    }
}

}  // namespace

TEMPLATE_TEST_CASE("CRM: own writes never come back, and hide nothing", "[crm]", InMemory, SampleHost) {
    TestType world;
    std::optional<std::string> cursor;
    CHECK(take_changes(world.crm(), cursor).empty());
    const auto made = write(world.crm(), "1", contact("Ana"));
    CHECK(made.outcome == WriteOutcome::kCreated);
    CHECK(take_changes(world.crm(), cursor).empty());

    world.user_sets(kContacts, made.id, "city", "Celje");
    const auto read = world.crm().rows(kContacts, {"1"}).at(0);
    const auto again = write(world.crm(), "1", contact("Ana B.", "Celje"));
    CHECK(again.outcome == WriteOutcome::kUpdated);
    const auto changes = take_changes(world.crm(), cursor);
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].id == made.id);
    CHECK(changes[0].external_id == "1");
    CHECK_FALSE(changes[0].deleted);
    CHECK(changes[0].record.at("name") == "Ana B.");
    CHECK(changes[0].record.at("city") == "Celje");
    CHECK(changes[0].updated_at == again.updated_at);
    CHECK(changes[0].updated_at != read->updated_at);
    CHECK(changes[0].changed_at > 0);
    CHECK(changes[0].problem.empty());
    CHECK(take_changes(world.crm(), cursor).empty());
}

TEMPLATE_TEST_CASE("CRM: each change by another is told once, the oldest first, page by page", "[crm]",
                   InMemory, SampleHost) {
    TestType world;
    std::optional<std::string> cursor;
    take_changes(world.crm(), cursor);
    std::vector<std::string> ids;
    for (int i = 0; i < 7; ++i) ids.push_back(world.user_creates(contact("C" + std::to_string(i))));
    world.user_sets(kContacts, ids[0], "city", "Kranj");
    world.user_deletes(kContacts, ids[3]);
    const auto linked = write(world.crm(), "5", contact("Linked"));
    world.user_deletes(kContacts, linked.id);
    const auto changes = take_changes(world.crm(), cursor, 2);
    std::vector<std::string> told;
    for (const auto& change : changes) told.push_back(change.id);
    CHECK(told == std::vector{ids[1], ids[2], ids[4], ids[5], ids[6], ids[0], ids[3], linked.id});
    CHECK(std::is_sorted(changes.begin(), changes.end(),
                         [](const auto& a, const auto& b) { return a.changed_at < b.changed_at; }));
    CHECK(changes[5].record.at("city") == "Kranj");
    CHECK(changes[6].deleted);
    CHECK_FALSE(changes[6].external_id);
    CHECK(changes[7].deleted);
    CHECK(changes[7].external_id == "5");
    CHECK_FALSE(changes[7].record.active);
    CHECK(changes[7].problem.empty());
}

TEMPLATE_TEST_CASE("CRM: without a cursor every record is listed", "[crm]", InMemory, SampleHost) {
    TestType world;
    const auto own = write(world.crm(), "1", contact("Own"));
    std::vector<std::string> ids{own.id};
    for (int i = 0; i < 4; ++i) ids.push_back(world.user_creates(contact("C" + std::to_string(i))));
    world.user_deletes(kContacts, ids.back());
    ids.pop_back();
    std::optional<std::string> cursor;
    const auto all = take_changes(world.crm(), cursor, 3);
    REQUIRE(all.size() == ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) {
        CHECK(all[i].id == ids[i]);
        CHECK((all[i].changed_at == 0) == (i == 0));
    }
    CHECK(take_changes(world.crm(), cursor).empty());
}

TEMPLATE_TEST_CASE("CRM: a cursor of another history is said to be unknown", "[crm]", InMemory, SampleHost) {
    TestType world;
    std::optional<std::string> cursor;
    take_changes(world.crm(), cursor);
    CHECK_THROWS_AS(world.crm().changes(kContacts, "nonsense", 10), CursorUnknown);
    world.restore_another_backup();
    CHECK_THROWS_AS(world.crm().changes(kContacts, cursor, 10), CursorUnknown);
    cursor.reset();
    CHECK(take_changes(world.crm(), cursor).empty());
}

TEMPLATE_TEST_CASE("CRM: a guarded write spares what somebody changed", "[crm]", InMemory, SampleHost) {
    TestType world;
    const auto made = write(world.crm(), "1", contact("Ana"));
    world.user_sets(kContacts, made.id, "city", "Celje");
    const auto before = world.crm().rows(kContacts, {"1"}).at(0);
    CrmWrite guarded{.external_id = "1", .link_to = {}, .record = contact("Anja")};
    guarded.if_updated_at = made.updated_at;
    const auto refused = write(world.crm(), guarded);
    CHECK(refused.outcome == WriteOutcome::kConflict);
    CHECK(refused.id == made.id);
    CHECK(refused.updated_at == before->updated_at);
    CHECK(world.crm().rows(kContacts, {"1"}).at(0)->record == before->record);

    guarded.if_updated_at = before->updated_at;
    CHECK(write(world.crm(), guarded).outcome == WriteOutcome::kUpdated);

    const std::string his = world.user_creates(contact("His"));
    const auto listed = world.crm().unlinked(kContacts, "", 10).rows.at(0);
    world.user_sets(kContacts, his, "city", "Ptuj");
    CrmWrite link{.external_id = "2", .link_to = his, .record = contact("His")};
    link.if_updated_at = listed.updated_at;
    CHECK(write(world.crm(), link).outcome == WriteOutcome::kConflict);
    CHECK_FALSE(world.crm().rows(kContacts, {"2"}).at(0));

    world.user_deletes(kContacts, made.id);
    guarded.if_updated_at = before->updated_at;
    const auto gone = write(world.crm(), guarded);
    CHECK(gone.outcome == WriteOutcome::kConflict);
    CHECK(gone.id.empty());
    CHECK_FALSE(world.crm().rows(kContacts, {"1"}).at(0));
}

TEMPLATE_TEST_CASE("CRM: rows are found by any number of external ids, in their order", "[crm]", InMemory,
                   SampleHost) {
    TestType world;
    std::vector<std::string> asked;
    std::vector<CrmWrite> batch;
    for (int i = 0; i < 1500; ++i) {
        asked.push_back("x" + std::to_string(1500 - i));
        if (i % 3 != 0 && batch.size() < 1000) {
            batch.push_back({.external_id = asked.back(), .link_to = {}, .record = contact(asked.back())});
        }
    }
    const auto made = world.crm().upsert(kContacts, batch);
    const auto rows = world.crm().rows(kContacts, asked);
    REQUIRE(rows.size() == asked.size());
    std::size_t next = 0;
    for (std::size_t i = 0; i < asked.size(); ++i) {
        REQUIRE(rows[i].has_value() == (next < batch.size() && batch[next].external_id == asked[i]));
        if (!rows[i]) continue;
        CHECK(rows[i]->id == made[next].id);
        CHECK(rows[i]->external_id == asked[i]);
        CHECK(rows[i]->updated_at == made[next].updated_at);
        CHECK(rows[i]->record.at("name") == asked[i]);
        ++next;
    }
    CHECK(next == batch.size());
    CHECK(world.crm().rows(kContacts, {}).empty());
}

TEST_CASE("CRM: a host without a feed is told from an empty one", "[crm]") {
    class NoFeed final : public MemoryHost {
      public:
        std::string changed_records(std::string_view request) override {
            return IHost::changed_records(request);
        }
    };
    NoFeed host;
    CHECK_FALSE(HostRecords(host).changes(kContacts, std::nullopt, 10));
    sync::testing::MemoryCrm memory;
    memory.offers_feed = false;
    CHECK_FALSE(memory.changes(kContacts, std::nullopt, 10));
}

TEST_CASE("CRM: inactive records are read as such, and one that can't be read stops no other", "[crm]") {
    class Odd final : public MemoryHost {
      public:
        std::string query_records(std::string_view) override { return answer_; }
        std::string changed_records(std::string_view) override { return answer_; }

      private:
        std::string answer_ = R"({"next":"c","more":true,"items":[
            {"id":"1","externalId":"a","active":true,"deleted":false,"updatedAt":"u","changedAt":null,
             "fields":{"name":7}},
            {"id":"2","externalId":null,"active":false,"deleted":false,"updatedAt":"v",
             "changedAt":"2026-05-01T10:00:00.000001Z","fields":{"name":"Good","newField":{}}}]})";
    };
    Odd host;
    HostRecords crm(host);
    const auto changes = crm.changes(kContacts, std::nullopt, 10);
    REQUIRE(changes->items.size() == 2);
    CHECK(changes->more);
    CHECK(changes->next == "c");
    CHECK(changes->items[0].problem == "name is not a text");
    CHECK(changes->items[0].changed_at == 0);
    CHECK(changes->items[1].problem.empty());
    CHECK(changes->items[1].record.at("name") == "Good");
    CHECK_FALSE(changes->items[1].record.active);
    CHECK(changes->items[1].changed_at == 1'777'629'600'000'001);
    CHECK_FALSE(crm.unlinked(kContacts, "", 10).rows.at(1).record.active);
}
