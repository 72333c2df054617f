// Both directions on whole runs in memory: the rules of design.md §5 under generated edits, failures and
// crashes.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>
#include <set>

#include <catch2/catch.hpp>

#include "../unit/model_random.hpp"
#include "memory_world.hpp"
#include "sync/erp_limits.hpp"
#include "sync/field_groups.hpp"

using namespace metakocka;
using namespace metakocka::sync;
using namespace metakocka::sync::testing;

namespace {

constexpr auto kContacts = RecordKind::kContacts;
constexpr auto kProducts = RecordKind::kProducts;

PlanPolicy both_ways(RecordKind kind, ConflictPolicy policy = ConflictPolicy::kNewestWins) {
    auto made = PlanPolicy::uniform(kind, Direction::kBidirectional, policy);
    made.erp = erp_abilities(kind);
    return made;
}

Record contact(const std::string& name, Value email = std::nullopt) {
    Record record(kContacts, "");
    record.at("name") = name;
    record.at("email") = std::move(email);
    return record;
}

}  // namespace

TEST_CASE("a contact that is new in the CRM is added to the ERP once") {
    World world;
    const auto id = world.crm.add(kContacts, contact("Ana Žagar", "ana@example.si"));
    const Run first = world.sync_two_way(kContacts, both_ways(kContacts));
    CHECK(first.state == RunState::kSucceeded);
    CHECK(first.counts[Bucket::kCreated] == 1);
    CHECK(first.counts.written == 1);
    REQUIRE(world.erp.partner_rows.size() == 1);
    CHECK(world.erp.partner_rows[0].record.at("email") == Value{"ana@example.si"});
    CHECK(world.crm.records.at("contacts/" + id).external_id == world.erp.partner_rows[0].record.erp_id);
    const Run second = world.sync_two_way(kContacts, both_ways(kContacts));
    CHECK(second.counts.written == 0);
    CHECK(second.counts.records() == 1);
    CHECK(second.counts[Bucket::kUnchanged] == 1);
    CHECK(world.store.announced[kContacts].empty());
    REQUIRE(world.store.erp_writes.size() == 1);
    CHECK(world.store.erp_writes[0].allowed_by == "a test");
}

TEST_CASE("rule 2: an add whose answer is lost makes exactly one partner") {
    World world;
    for (int i = 0; i < 20; ++i) world.crm.add(kContacts, contact("Stranka " + std::to_string(i)));
    int lost = 0;
    world.erp.after = [&](const std::string& call) {
        if (call == "add" && ++lost % 2 == 1)
            throw ErpError(ErpErrorClass::kUnknownOutcome, "the answer was lost");
    };
    for (int i = 0; i < 40; ++i) world.sync_two_way(kContacts, both_ways(kContacts));
    CHECK(lost >= 20);
    CHECK(world.erp.partner_rows.size() == 20);
    CHECK(world.store.links[kContacts].size() == 20);
    CHECK(world.crm.count(kContacts) == 20);
}

TEST_CASE("first match before creating: the ERP already has the CRM's new contact") {
    World world;
    world.erp.sweeps_find = false;
    world.erp.partner_rows.push_back(partner_row("77", "Novak Ana s.p.", "SI12345678"));
    Record mine = contact("Ana Novak");
    mine.at("taxNumber") = "12345678";
    mine.at("phone") = "01 234 56 78";
    world.crm.add(kContacts, mine);
    world.sync_two_way(kContacts, both_ways(kContacts));
    REQUIRE(world.erp.partner_rows.size() == 1);
    CHECK(world.crm.count(kContacts) == 1);
    CHECK(world.erp.partner_rows[0].record.at("phone") == Value{"01 234 56 78"});
    CHECK(world.crm.by_external(kContacts, "77") != nullptr);
    CHECK(world.crm.by_external(kContacts, "77")->record.at("name") == Value{"Novak Ana s.p."});
}

TEST_CASE("edits of different fields on both sides are merged") {
    World world;
    world.erp.partner_rows.push_back(partner_row("1", "Čebela"));
    world.sync_two_way(kContacts, both_ways(kContacts));
    const std::string id = world.crm.by_external(kContacts, "1")->id;
    world.erp.partner_rows[0].record.at("phone") = "01 1";
    world.crm.edit(kContacts, id, [](Record& record) { record.at("email") = "info@example.si"; });
    const Run run = world.sync_two_way(kContacts, both_ways(kContacts));
    CHECK(run.counts[Bucket::kUpdated] == 1);
    CHECK(run.counts.records() == 1);
    const Record& erp = world.erp.partner_rows[0].record;
    const Record& crm = world.crm.records.at("contacts/" + id).record;
    CHECK(erp.values == crm.values);
    CHECK(erp.at("phone") == Value{"01 1"});
    CHECK(erp.at("email") == Value{"info@example.si"});
}

TEST_CASE("manual: a conflict is listed, blocks nothing, and a person's decision is carried out") {
    World world;
    world.erp.partner_rows.push_back(partner_row("1", "Čebela"));
    world.erp.partner_rows.push_back(partner_row("2", "Mravlja"));
    const auto policy = both_ways(kContacts, ConflictPolicy::kManual);
    world.sync_two_way(kContacts, policy);
    const std::string id = world.crm.by_external(kContacts, "1")->id;
    world.erp.partner_rows[0].record.at("name") = "Čebela d.o.o.";
    world.erp.partner_rows[1].record.at("name") = "Mravlja d.o.o.";
    world.crm.edit(kContacts, id, [](Record& record) { record.at("name") = "Čebela s.p."; });
    const Run run = world.sync_two_way(kContacts, policy);
    CHECK(run.counts[Bucket::kConflict] == 1);
    CHECK(run.counts[Bucket::kUpdated] == 1);
    CHECK(world.sync_two_way(kContacts, policy).counts[Bucket::kConflict] == 1);
    REQUIRE(world.store.in_conflict[kContacts].size() == 1);
    Conflict& conflict = world.store.in_conflict[kContacts].begin()->second;
    CHECK(conflict.reason == "Both sides changed name.");
    CHECK(conflict.erp->record.at("name") == Value{"Čebela d.o.o."});
    CHECK(conflict.crm->record.at("name") == Value{"Čebela s.p."});
    CHECK(conflict.base->at("name") == Value{"Čebela"});
    const Side side = GENERATE(Side::kErp, Side::kCrm);
    conflict.resolution = Resolution{.whole = side, .by_group = {}};
    world.sync_two_way(kContacts, policy);
    const Value name = side == Side::kErp ? "Čebela d.o.o." : "Čebela s.p.";
    CHECK(world.erp.partner_rows[0].record.at("name") == name);
    CHECK(world.crm.records.at("contacts/" + id).record.at("name") == name);
    CHECK(world.store.in_conflict[kContacts].empty());
    CHECK(world.sync_two_way(kContacts, policy).counts[Bucket::kUnchanged] == 2);
}

TEST_CASE("a change that the ERP does not take is given up when a person says so, and only that one") {
    const Direction direction = GENERATE(Direction::kBidirectional, Direction::kCrmToMetakocka);
    World world;
    world.erp.product_rows.push_back(product_row("1", "Svinčnik"));
    auto policy = both_ways(kProducts);
    policy.direction = direction;
    world.sync_two_way(kProducts, both_ways(kProducts));
    const std::string id = world.crm.by_external(kProducts, "1")->id;
    const Value price = world.erp.product_rows[0].record.at("price");
    world.crm.edit(kProducts, id, [](Record& record) {
        record.at("price") = "123.45";
        record.at("name") = "Svinčnik 2B";
    });
    CHECK(world.sync_two_way(kProducts, policy).counts[Bucket::kConflict] == 1);
    REQUIRE(world.store.in_conflict[kProducts].size() == 1);
    world.store.in_conflict[kProducts].begin()->second.resolution =
        Resolution{.whole = Side::kErp, .by_group = {}};
    world.sync_two_way(kProducts, policy);
    CHECK(world.store.in_conflict[kProducts].empty());
    const Record& crm = world.crm.records.at("products/" + id).record;
    CHECK(crm.at("price") == price);
    CHECK(crm.at("name") == Value{"Svinčnik 2B"});  // was in no conflict
    CHECK(world.sync_two_way(kProducts, policy).counts[Bucket::kUnchanged] == 1);
}

TEST_CASE("a product deleted in the CRM is deactivated in the ERP, many are held by the guard") {
    World world;
    for (int i = 0; i < 40; ++i)
        world.erp.product_rows.push_back(product_row(std::to_string(100 + i), "Izdelek"));
    world.sync_two_way(kProducts, both_ways(kProducts));
    const auto remove = [&](int i) {
        world.crm.erase(kProducts, world.crm.by_external(kProducts, std::to_string(100 + i))->id);
    };
    SECTION("one") {
        remove(3);
        const Run run = world.sync_two_way(kProducts, both_ways(kProducts));
        CHECK(run.counts[Bucket::kDeactivated] == 1);
        CHECK_FALSE(world.erp.product_rows[3].record.active);
        CHECK(run.counts.records() == 40);
        CHECK(world.sync_two_way(kProducts, both_ways(kProducts)).counts.written == 0);
    }
    SECTION("many") {
        for (int i = 0; i < 20; ++i) remove(i);
        const Run run = world.sync_two_way(kProducts, both_ways(kProducts));
        CHECK(run.counts.written == 0);
        CHECK(run.counts[Bucket::kQuarantined] == 20);
        for (const auto& row : world.erp.product_rows) CHECK(row.record.active);
    }
}

TEST_CASE("rule 5: removed in the ERP and edited in the CRM waits for a person") {
    World world;
    for (int i = 0; i < 20; ++i) {
        world.erp.product_rows.push_back(product_row(std::to_string(100 + i), "Izdelek"));
        world.erp.product_rows.back().record.at("price").reset();  // the ERP would not take it back
    }
    world.sync_two_way(kProducts, both_ways(kProducts));
    const std::string id = world.crm.by_external(kProducts, "105")->id;
    world.crm.edit(kProducts, id, [](Record& record) { record.at("name") = "Izdelek, nov"; });
    world.erp.product_rows.erase(world.erp.product_rows.begin() + 5);
    const Run run = world.sync_two_way(kProducts, both_ways(kProducts));
    CHECK(run.counts[Bucket::kConflict] == 1);
    CHECK(world.crm.records.at("products/" + id).record.active);
    auto& conflict = world.store.in_conflict[kProducts].at(id);
    CHECK(conflict.reason == "It was removed in Metakocka and changed in the CRM.");
    SECTION("Metakocka's deletion counts") {
        conflict.resolution = Resolution{.whole = Side::kErp, .by_group = {}};
        world.sync_two_way(kProducts, both_ways(kProducts));
        CHECK_FALSE(world.crm.records.at("products/" + id).record.active);
        CHECK(world.erp.product_rows.size() == 19);
    }
    SECTION("the CRM's record counts") {
        conflict.resolution = Resolution{.whole = Side::kCrm, .by_group = {}};
        world.sync_two_way(kProducts, both_ways(kProducts));
        REQUIRE(world.erp.product_rows.size() == 20);
        CHECK(world.erp.product_rows.back().record.at("name") == Value{"Izdelek, nov"});
        CHECK(world.crm.records.at("products/" + id).external_id ==
              world.erp.product_rows.back().record.erp_id);
    }
    CHECK(world.store.in_conflict[kProducts].empty());
    CHECK(world.sync_two_way(kProducts, both_ways(kProducts)).counts.written == 0);
}

namespace {

// One world that random people and failures work on, with what they typed.
class Scenario {
  public:
    explicit Scenario(std::uint64_t seed) : engine_(seed) {
        kind_ = chance(50) ? kContacts : kProducts;
        policy_ = both_ways(kind_);
        for (auto& policy : policy_.by_field) policy = static_cast<ConflictPolicy>(below(4));
        const std::size_t start = 1 + below(12);
        for (std::size_t i = 0; i < start; ++i) {
            auto& rows = erp_rows();
            ++made_;
            rows.push_back(kind_ == kContacts ? partner_row(std::to_string(100 + i), unique("ime"))
                                              : product_row(std::to_string(100 + i), unique("ime")));
        }
        for (std::size_t i = below(6); i > 0; --i) world_.crm.add(kind_, fresh());
    }

    // What happened so far.
    const std::vector<std::string>& story() const { return world_.log.lines; }

    void play() {
        for (std::size_t round = 1 + below(5); round > 0; --round) {
            for (std::size_t i = below(8); i > 0; --i) edit();
            arm_failures();
            run();
            disarm();
        }
        // Quiet: unfinished business is finished, then nothing moves any more.
        for (int i = 0; i < 4; ++i) run();
        const auto erp_before = world_.erp.writes;
        const auto crm_before = world_.crm.writes;
        const Run last = run();
        if (world_.erp.writes != erp_before || world_.crm.writes != crm_before)
            FAIL("it does not come to rest");
        if (last.state != RunState::kSucceeded) FAIL("the last run did not succeed: " << last.error);
        check(last);
    }

  private:
    std::size_t below(std::size_t bound) {
        return std::uniform_int_distribution<std::size_t>(0, bound - 1)(engine_);
    }
    bool chance(unsigned percent) { return below(100) < percent; }
    std::string unique(const std::string& prefix) { return prefix + std::to_string(++typed_); }
    // What happened, in order, for whoever replays a failure.
    void told(const std::string& line) { world_.log.lines.push_back(line); }
    std::vector<ErpRow>& erp_rows() {
        return kind_ == kContacts ? world_.erp.partner_rows : world_.erp.product_rows;
    }
    Run run() {
        const Run ended = world_.sync_two_way(kind_, policy_, chance(10));
        told("run " + std::string(to_text(ended.state)) + ' ' + ended.error);
        return ended;
    }

    Record fresh() {
        Record record(kind_, "");
        record.at("name") = unique("novo");
        ++made_;
        if (kind_ == kContacts) record.at("postNumber") = "1000";
        if (kind_ == kProducts) {
            record.at("code") = unique("K");
            record.at("unit") = "kos";
        }
        return record;
    }

    // Free text only, so that every value typed is the only one of its kind.
    std::string_view some_field() {
        static constexpr std::array<std::string_view, 3> kOfContacts{"email", "phone", "registrationNumber"};
        static constexpr std::array<std::string_view, 3> kOfProducts{"name", "description", "unit"};
        return kind_ == kContacts ? kOfContacts[below(3)] : kOfProducts[below(3)];
    }

    void edit() {
        world_.advance(static_cast<Duration>(below(100)) * kSecond);
        if (chance(10)) {
            world_.crm.add(kind_, fresh());
        } else if (chance(50)) {
            auto& rows = erp_rows();
            if (rows.empty()) return;
            auto& row = rows[below(rows.size())];
            const auto field = some_field();
            row.record.at(field) = unique("erp");
            told("the ERP's " + row.record.erp_id + ": " + std::string(field) + " = " +
                 *row.record.at(field));
            typed_in_erp_[{row.record.erp_id, std::string(field)}] = *row.record.at(field);
        } else {
            auto it = world_.crm.records.begin();
            if (world_.crm.records.empty()) return;
            std::advance(it, static_cast<std::ptrdiff_t>(below(world_.crm.records.size())));
            const std::string id = it->second.id;
            const auto field = some_field();
            const std::string value = unique("crm");
            world_.crm.edit(kind_, id, [&](Record& record) { record.at(field) = value; });
            told("the CRM's " + id + ": " + std::string(field) + " = " + value);
            typed_in_crm_[{id, std::string(field)}] = value;
        }
    }

    void arm_failures() {
        if (chance(40)) {
            int left = static_cast<int>(below(8));
            world_.erp.before = [left](const std::string&) mutable {
                if (left-- == 0) throw ErpError(ErpErrorClass::kTransient, "down");
            };
        }
        if (chance(40)) {
            int left = static_cast<int>(below(6));
            world_.store.before_commit = [left]() mutable {
                if (left-- == 0) throw std::runtime_error("killed");
            };
        }
        if (chance(40)) {
            world_.erp.after = [this](const std::string&) {
                if (chance(50)) throw ErpError(ErpErrorClass::kUnknownOutcome, "the answer was lost");
            };
        }
        if (chance(30)) {  // somebody edits in the middle of the run
            world_.crm.after_upsert = [this] {
                if (chance(30)) edit();
            };
        }
    }

    void disarm() {
        world_.erp.before = [](const std::string&) {};
        world_.store.before_commit = [] {};
        world_.erp.after = [](const std::string&) {};
        world_.crm.after_upsert = [] {};
    }

    void check(const Run& last) {
        std::set<std::string> linked;
        for (const auto& [key, stored] : world_.crm.records) {
            if (!stored.external_id) FAIL("a record of the CRM was not linked: " << key);
            if (!linked.insert(*stored.external_id).second) FAIL("two records share " << *stored.external_id);
        }
        if (erp_rows().size() != made_) FAIL(erp_rows().size() << " in the ERP, " << made_ << " were made");
        if (linked.size() != erp_rows().size()) {
            FAIL(linked.size() << " records in the CRM, " << erp_rows().size() << " in the ERP");
        }
        if (last.counts.records() != erp_rows().size()) FAIL("not every record is in one bucket");
        for (const auto& row : erp_rows()) {
            const auto* const stored = world_.crm.by_external(kind_, row.record.erp_id);
            if (stored == nullptr) FAIL("missing in the CRM: " << row.record.erp_id);
            const bool open = world_.store.in_conflict[kind_].contains(stored->id);
            if (!open && stored->record.values != row.record.values) FAIL("the sides differ: " << stored->id);
        }
        for (const auto& [where, value] : typed_in_erp_) kept(where.first, where.second, value);
        for (const auto& [where, value] : typed_in_crm_) {
            kept(*world_.crm.records.at(std::string(to_text(kind_)) + '/' + where.first).external_id,
                 where.second, value);
        }
    }

    // Rule 4: what somebody typed last on a side is there, or in the history.
    void kept(const std::string& erp_id, const std::string& field, const std::string& value) {
        for (const auto& row : erp_rows()) {
            if (row.record.erp_id == erp_id && row.record.at(field) == Value{value}) return;
        }
        if (world_.crm.by_external(kind_, erp_id)->record.at(field) == Value{value}) return;
        const auto& history = world_.store.history;
        const bool known = std::any_of(history.begin(), history.end(), [&](const HistoryEntry& entry) {
            return entry.field == field && entry.before == Value{value};
        });
        if (!known) FAIL("lost: " << field << " of " << erp_id << ", " << value);
    }

    std::mt19937_64 engine_;
    World world_;
    RecordKind kind_{};
    PlanPolicy policy_;
    std::uint64_t typed_ = 0;
    std::size_t made_ = 0;  // by people, on either side
    std::map<std::pair<std::string, std::string>, std::string> typed_in_erp_;
    std::map<std::pair<std::string, std::string>, std::string> typed_in_crm_;
};

}  // namespace

TEST_CASE("rules 1 to 4, 7 and 9 under random edits, failures, lost answers and crashes") {
    if (const char* const one = std::getenv("AUTOSYNC_SCENARIO")) {
        Scenario scenario(std::strtoull(one, nullptr, 10));
        try {
            scenario.play();
        } catch (...) {
            for (const auto& line : scenario.story()) std::cerr << line << '\n';
            throw;
        }
        return;
    }
    test::Random random;
    for (int i = 0; i < 20'000; ++i) {
        const std::uint64_t seed = random.below(1'000'000'000);
        INFO("replay with AUTOSYNC_SCENARIO=" << seed);
        Scenario(seed).play();
    }
}
