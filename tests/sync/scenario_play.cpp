// Plays a scenario in memory and judges how it ends: rules 1 to 5, 7, 9 and 13.
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <sstream>

#include "memory_world.hpp"
#include "scenario.hpp"

namespace metakocka::sync::testing {

namespace {

constexpr auto kContacts = RecordKind::kContacts;
constexpr auto kProducts = RecordKind::kProducts;

struct Broken {
    std::string how;
};

template <class... Parts>
[[noreturn]] void broken(const Parts&... parts) {
    std::ostringstream text;
    (text << ... << parts);
    throw Broken{text.str()};
}

class Play {
  public:
    explicit Play(const Scenario& scenario) : scenario_(scenario), kind_(scenario.kind) {
        for (std::size_t i = 0; i < scenario.in_erp; ++i) add_in_erp();
        for (std::size_t i = 0; i < scenario.in_crm; ++i) add_in_crm();
    }

    void play() {
        for (const Step& step : scenario_.steps) {
            world_.advance(static_cast<Duration>(step.field % 100) * kSecond);
            take(step);
        }
        // Quiet, and the user agrees to all deletions: unfinished business is finished, then nothing moves
        // any more.
        world_.guard = {.max_percent = 100, .max_records = 1000};
        for (int i = 0; i < 4; ++i) run({.what = Step::What::kRun});
        run({.what = Step::What::kRun, .verify = true});
        const auto erp_before = world_.erp.writes;
        const auto crm_before = world_.crm.writes;
        const auto outcomes_before = world_.store.outcomes.size();
        const Run last = run({.what = Step::What::kRun});
        if (world_.erp.writes != erp_before || world_.crm.writes != crm_before)
            broken("it does not come to rest");
        if (last.state != RunState::kSucceeded) broken("the last run did not succeed: ", last.error);
        if (!world_.store.announced[kind_].empty()) broken("a write is announced for ever");
        check_buckets(last, outcomes_before);
        check_sides();
        for (const auto& [where, value] : typed_in_erp_) {
            const auto* row = find_in_erp(where.first);
            if (row != nullptr && row->record.at(where.second) == Value{value}) continue;
            check_history(where.second, value, "the ERP's " + where.first);
        }
        for (const auto& [where, value] : typed_in_crm_) {
            const auto* stored = find_in_crm(where.first);
            if (stored != nullptr && stored->record.at(where.second) == Value{value}) continue;
            check_history(where.second, value, "the CRM's " + where.first);
        }
    }

    const std::vector<std::string>& story() const { return world_.log.lines; }

  private:
    using What = Step::What;

    std::string unique(const std::string& prefix) { return prefix + std::to_string(++typed_); }
    void told(const std::string& line) { world_.log.lines.push_back(line); }
    bool pulls() const { return scenario_.policy.direction == Direction::kMetakockaToCrm; }
    // What nobody edits here, so that a double is seen.
    std::string_view identity() const { return kind_ == kContacts ? "name" : "code"; }

    std::vector<ErpRow>& erp_rows() {
        return kind_ == kContacts ? world_.erp.partner_rows : world_.erp.product_rows;
    }
    const ErpRow* find_in_erp(const std::string& id) {
        for (const auto& row : erp_rows()) {
            if (row.record.erp_id == id) return &row;
        }
        return nullptr;
    }
    const MemoryCrm::Stored* find_in_crm(const std::string& id) const {
        const auto it = world_.crm.records.find(std::string(to_text(kind_)) + '/' + id);
        return it == world_.crm.records.end() ? nullptr : &it->second;
    }

    void add_in_erp() {
        const std::string id = std::to_string(100 + ++in_erp_);
        erp_rows().push_back(kind_ == kContacts ? partner_row(id, unique("ime"))
                                                : product_row(id, unique("ime")));
        told("the ERP gets " + id);
    }

    void add_in_crm() {
        Record record(kind_, "");
        record.at("name") = unique("novo");
        if (kind_ == kContacts) record.at("postNumber") = "1000";
        if (kind_ == kProducts) {
            record.at("code") = unique("K");
            record.at("unit") = "kos";
        }
        told("the CRM gets " + world_.crm.add(kind_, std::move(record)));
    }

    // Free text only, so that every value typed is the only one of its kind.
    std::string field_of(const Step& step) const {
        static constexpr std::array<std::string_view, 3> kOfContacts{"email", "phone", "registrationNumber"};
        static constexpr std::array<std::string_view, 3> kOfProducts{"name", "description", "unit"};
        return std::string(kind_ == kContacts ? kOfContacts[step.field % 3] : kOfProducts[step.field % 3]);
    }

    void take(const Step& step) {
        switch (step.what) {
            case What::kAddInErp:
                return add_in_erp();
            case What::kAddInCrm:
                return add_in_crm();
            case What::kEditInErp:
            case What::kDeleteInErp:
            case What::kSwitchInErp:
                if (!erp_rows().empty()) change_erp(step, step.pick % erp_rows().size());
                return;
            case What::kEditInCrm:
            case What::kDeleteInCrm:
            case What::kSwitchInCrm: {
                auto& records = world_.crm.records;
                if (records.empty()) return;
                auto it = records.begin();
                std::advance(it, static_cast<std::ptrdiff_t>(step.pick % records.size()));
                return change_crm(step, std::string(it->second.id));
            }
            case What::kReorderErp:
                if (erp_rows().empty()) return;
                std::rotate(erp_rows().begin(),
                            erp_rows().begin() + static_cast<std::ptrdiff_t>(step.pick % erp_rows().size()),
                            erp_rows().end());
                if (step.field % 2 == 0) std::reverse(erp_rows().begin(), erp_rows().end());
                return told("the ERP lists in another order");
            case What::kShiftOurClock:
                world_.clock.shift(step.pick % 2 == 1 ? kHour : -kHour);
                return told("our clock jumps");
            case What::kShiftCrmClock:
                world_.crm.now += step.pick % 2 == 1 ? kHour : -kHour;
                return told("the CRM's clock jumps");
            case What::kDecide:
                return decide(step);
            case What::kRun:
                run(step);
                return;
        }
    }

    // What a run that was killed or got no answer made, and does not know of yet. Known weaknesses: deleted
    // in the ERP before the next run, its copy in the CRM stays; edited before that, a product that was
    // deleted and is added again on a person's word is not recognised (it is set aside for a person).
    bool unknown_yet(const Record& record) {
        if (world_.store.find_links(kind_, {record.erp_id}).at(0)) return false;
        return world_.crm.by_external(kind_, record.erp_id) != nullptr ||
               !world_.store.announced[kind_].empty();
    }

    void change_erp(const Step& step, std::size_t index) {
        Record& record = erp_rows()[index].record;
        const std::string id = record.erp_id;
        if (unknown_yet(record) && (kind_ == kProducts || step.what == What::kDeleteInErp)) return;
        if (step.what == What::kDeleteInErp) {
            if (erp_rows().size() == 1) return;  // an empty list is not believed, on purpose
            erp_rows().erase(erp_rows().begin() + static_cast<std::ptrdiff_t>(index));
            std::erase_if(typed_in_erp_, [&](const auto& entry) { return entry.first.first == id; });
            return told("the ERP loses " + id);
        }
        if (step.what == What::kSwitchInErp) {
            if (kind_ != kProducts) return;
            record.active = !record.active;
            return told("the ERP's " + id + " is switched " + (record.active ? "on" : "off"));
        }
        const std::string field = field_of(step);
        record.at(field) = typed_in_erp_[{id, field}] = unique("erp");
        told("the ERP's " + id + ": " + field + " = " + *record.at(field));
    }

    void change_crm(const Step& step, const std::string& id) {
        if (step.what == What::kDeleteInCrm) {
            world_.crm.erase(kind_, id);
            std::erase_if(typed_in_crm_, [&](const auto& entry) { return entry.first.first == id; });
            return told("the CRM loses " + id);
        }
        if (step.what == What::kSwitchInCrm) {
            // Metakocka can't switch partners off, and to the CRM only its own changes flow.
            if (kind_ != kProducts || pulls()) return;
            world_.crm.edit(kind_, id, [](Record& record) { record.active = !record.active; });
            return told("the CRM's " + id + " is switched on or off");
        }
        // The same: what is replaced by the next run from Metakocka is not in the history if that is killed
        // as well.
        const auto* const stored = find_in_crm(id);
        if (pulls() && stored->external_id && !world_.store.find_links(kind_, {*stored->external_id}).at(0))
            return;
        const std::string field = field_of(step);
        const std::string value = typed_in_crm_[{id, field}] = unique("crm");
        world_.crm.edit(kind_, id, [&](Record& record) { record.at(field) = value; });
        told("the CRM's " + id + ": " + field + " = " + value);
    }

    void decide(const Step& step) {
        auto& open = world_.store.in_conflict[kind_];
        if (open.empty()) return;
        auto it = open.begin();
        std::advance(it, static_cast<std::ptrdiff_t>(step.pick % open.size()));
        const Side side = step.field % 2 == 0 ? Side::kErp : Side::kCrm;
        it->second.resolution = Resolution{.whole = side, .by_group = {}};
        told("a person decides for the " + std::string(side == Side::kErp ? "ERP" : "CRM") + " about " +
             it->first);
    }

    Run run(const Step& step) {
        world_.erp.before = [left = step.erp_fails_at](const std::string&) mutable {
            if (left > 0 && --left == 0) throw ErpError(ErpErrorClass::kTransient, "down");
        };
        world_.store.before_commit = [left = step.killed_at]() mutable {
            if (left > 0 && --left == 0) throw Killed{};
        };
        world_.erp.after = [lost = step.lost](const std::string&) mutable {
            const bool this_one = (lost & 1U) != 0;
            lost >>= 1U;
            if (this_one) throw ErpError(ErpErrorClass::kUnknownOutcome, "the answer was lost");
        };
        world_.crm.after_upsert = [this, &step, next = std::size_t{0}]() mutable {
            if (next < step.meanwhile.size()) take(step.meanwhile[next++]);
        };
        Run ended;
        try {
            ended = pulls() ? world_.sync(kind_, "", step.verify)
                            : world_.sync_two_way(kind_, scenario_.policy, step.verify);
            told("run " + std::string(to_text(ended.state)) + ' ' + ended.error);
        } catch (const Killed&) {
            told("run killed");
        }
        return ended;
    }

    // Rule 9: what is not unchanged is listed once, and the rest of the ERP's records are unchanged.
    void check_buckets(const Run& last, std::size_t outcomes_before) {
        std::set<std::pair<std::string, std::string>> listed;
        std::size_t of_erp = 0;
        for (std::size_t i = outcomes_before; i < world_.store.outcomes.size(); ++i) {
            const auto& outcome = world_.store.outcomes[i];
            if (!listed.emplace(outcome.erp_id, outcome.crm_id).second)
                broken("listed twice: ", outcome.erp_id, "/", outcome.crm_id);
            if (find_in_erp(outcome.erp_id) != nullptr) ++of_erp;
        }
        // A conflict about which nothing new is known is counted and not listed again.
        const auto quiet = last.counts[Bucket::kUnchanged] + last.counts[Bucket::kConflict];
        if (last.counts.records() < erp_rows().size() || quiet + of_erp < erp_rows().size())
            broken("not every record is in a bucket");
        if (last.counts.records() > erp_rows().size() + world_.crm.records.size())
            broken("a record is in two buckets");
    }

    void check_sides() {
        const auto& open = world_.store.in_conflict[kind_];
        std::set<Value> identities;
        for (const auto& row : erp_rows()) {
            if (!identities.insert(row.record.at(identity())).second)
                broken("twice in the ERP: ", *row.record.at(identity()));
            const auto* const stored = world_.crm.by_external(kind_, row.record.erp_id);
            if (stored == nullptr) {
                check_alone_in_erp(row);
            } else if (!open.contains(stored->id)) {
                if (stored->record.values != row.record.values) broken("the sides differ: ", stored->id);
                if (kind_ == kProducts && stored->record.active != row.record.active)
                    broken("active differs: ", stored->id);
            }
        }
        identities.clear();
        std::set<std::string> linked;
        for (const auto& [key, stored] : world_.crm.records) {
            if (!identities.insert(stored.record.at(identity())).second)
                broken("twice in the CRM: ", *stored.record.at(identity()));
            if (!stored.external_id) {
                if (!pulls() && stored.record.active && !open.contains(stored.id))
                    broken("never reached the ERP: ", key);
                continue;
            }
            if (!linked.insert(*stored.external_id).second) broken("two records share ", *stored.external_id);
            if (find_in_erp(*stored.external_id) == nullptr && stored.record.active &&
                !open.contains(stored.id))
                broken("gone in the ERP, active in the CRM, and nobody is asked: ", key);
        }
    }

    void check_alone_in_erp(const ErpRow& row) {
        const std::string& id = row.record.erp_id;
        const auto link = world_.store.find_links(kind_, {id}).at(0);
        if (pulls()) broken("missing in the CRM: ", id);
        if (!link) {
            if (scenario_.policy.direction == Direction::kBidirectional)
                broken("never reached the CRM: ", id);
            return;
        }
        const bool told_off = kind_ == kContacts || !row.record.active;
        if (!told_off && !world_.store.in_conflict[kind_].contains(link->crm_id))
            broken("deleted in the CRM, active in the ERP, and nobody is asked: ", id);
    }

    // Rule 4: what somebody typed last on a side is there, or in the history.
    void check_history(const std::string& field, const std::string& value, const std::string& of) const {
        const auto& history = world_.store.history;
        const bool known = std::any_of(history.begin(), history.end(), [&](const HistoryEntry& entry) {
            return entry.field == field && entry.before == Value{value};
        });
        if (!known) broken("lost: ", field, " of ", of, ", ", value);
    }

    const Scenario& scenario_;
    World world_;
    RecordKind kind_;
    std::uint64_t typed_ = 0;
    std::size_t in_erp_ = 0;
    std::map<std::pair<std::string, std::string>, std::string> typed_in_erp_;
    std::map<std::pair<std::string, std::string>, std::string> typed_in_crm_;
};

}  // namespace

std::string play(const Scenario& scenario, std::vector<std::string>* told) {
    Play play(scenario);
    std::string how;
    try {
        play.play();
    } catch (const Broken& broken) {
        how = broken.how;
    } catch (const std::exception& error) {
        how = error.what();
    }
    if (told != nullptr) *told = play.story();
    return how;
}

}  // namespace metakocka::sync::testing
